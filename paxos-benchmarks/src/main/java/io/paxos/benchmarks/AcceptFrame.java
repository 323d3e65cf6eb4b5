// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

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
import io.paxos.wire.WireCodec;
import java.util.List;

/** What the wire floor sends for each command. */
final class AcceptFrame {

    private AcceptFrame() {}

    /** How many bytes the frame of an Accept with one command has, behind its length. */
    static int bytes(int commandBytes) {
        Endpoint leader = new Endpoint(NodeId.of("n1"), new Incarnation(0x5eed5eed5eed5eedL));
        Endpoint follower = new Endpoint(NodeId.of("n2"), new Incarnation(0x5eed5eed5eed5eedL));
        Value command = new Value.Command(
                new CommandId(1 << 20, 1 << 20), 1 << 20, new LogTime(1L << 40), Payload.wrap(new byte[commandBytes]));
        Envelope envelope = new Envelope(
                new ClusterName("memory"),
                leader,
                follower,
                StartId.of(1, 0x5eed5eedL),
                new Fingerprint(0x5eed5eed5eed5eedL),
                new GroupMessage(
                        GroupId.of("log"),
                        new LogMessage.Accept(
                                Ballot.ZERO.next(NodeId.of("n1"), -1), 1 << 20, List.of(command), 1 << 20)));
        return 1 + WireCodec.encode(envelope).length;
    }
}
