// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.parts;

import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StartId;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;

/** What a leader sends, and a follower writes, in the middle of a long run. */
final class Accepts {

    private static final GroupId GROUP = GroupId.of("log");
    private static final Ballot BALLOT = Ballot.ZERO.next(NodeId.of("n1"), -1);
    private static final long SLOT = 1 << 20;

    private Accepts() {}

    static Envelope envelope(int commands, int bytes) {
        return new Envelope(
                new ClusterName("memory"),
                new Endpoint(NodeId.of("n1"), new Incarnation(0x5eed5eed5eed5eedL)),
                new Endpoint(NodeId.of("n2"), new Incarnation(0x5eed5eed5eed5eedL)),
                StartId.of(1, 0x5eed5eedL),
                new Fingerprint(0x5eed5eed5eed5eedL),
                new GroupMessage(GROUP, new LogMessage.Accept(BALLOT, SLOT, values(commands, bytes), SLOT)));
    }

    static Write write(long slot, int commands, int bytes) {
        return new Write.AcceptWrite(GROUP, BALLOT, slot, values(commands, bytes));
    }

    /** One write with one command for each of so many groups. */
    static List<Write> writes(long slot, int groups, int bytes) {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            writes.add(new Write.AcceptWrite(GroupId.of("log-" + i), BALLOT, slot, values(1, bytes)));
        }
        return writes;
    }

    private static List<Value> values(int commands, int bytes) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            values.add(new Value.Command(
                    new CommandId(SLOT, SLOT + i), SLOT, new LogTime(1L << 40), Payload.wrap(new byte[bytes])));
        }
        return List.copyOf(values);
    }
}
