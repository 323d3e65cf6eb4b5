// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.RegisterState;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The samples of every kind of write. */
final class Writes {

    private static final GroupId GROUP = new GroupId("orders", 3);
    private static final Ballot BALLOT = new Ballot(7, NodeId.of("n2"), 0x1122334455667788L);
    private static final Membership MEMBERS = Membership.of(
            Map.of(NodeId.of("n1"), new Incarnation(-1), NodeId.of("n2"), new Incarnation(Long.MIN_VALUE)));
    private static final Value COMMAND =
            new Value.Command(new CommandId(5, 9), 4, new LogTime(-3), Payload.utf8("größer"));

    private Writes() {}

    static Map<String, Write> byName() {
        Map<String, Write> writes = new LinkedHashMap<>();
        DecreeName name = new DecreeName("wer führt?");
        writes.put("promise", new Write.PromiseWrite(GROUP, BALLOT));
        writes.put("promise-zero", new Write.PromiseWrite(GroupId.of("a"), Ballot.ZERO));
        writes.put("accept", new Write.AcceptWrite(GROUP, BALLOT, 1L << 40, List.of(COMMAND, Value.NO_OP)));
        writes.put("accept-none", new Write.AcceptWrite(GROUP, BALLOT, 1, List.of()));
        Value change = new Value.Reconfigure(new Configuration(3, MEMBERS, new TreeSet<>(Set.of(NodeId.of("n3")))));
        writes.put("accept-reconfigure", new Write.AcceptWrite(GROUP, BALLOT, 7, List.of(change)));
        writes.put(
                "learn",
                new Write.LearnWrite(
                        GROUP, 1, List.of(new Value.OpenSession(NodeId.of("n3"), -9, new LogTime(12)), COMMAND)));
        writes.put("decided", new Write.DecidedWrite(GROUP, Long.MAX_VALUE));
        writes.put("trim", new Write.TrimWrite(GROUP, 77));
        writes.put("formation-empty", new Write.FormationWrite(null, null, List.of()));
        writes.put("formation", new Write.FormationWrite(MEMBERS, MEMBERS, List.of(MEMBERS, MEMBERS)));
        writes.put("formation-epoch", new Write.FormationWrite(MEMBERS, MEMBERS, List.of(), new EpochMark(3, 2)));
        writes.put(
                "peer-start",
                new Write.PeerStartWrite(new Endpoint(NodeId.of("n4"), new Incarnation(17)), Long.MAX_VALUE));
        writes.put("decree-promised", new Write.DecreeWrite(name, BALLOT, null));
        writes.put("decree", new Write.DecreeWrite(name, BALLOT, new Proposal<>(BALLOT, Payload.EMPTY)));
        writes.put("decree-decided", new Write.DecreeDecidedWrite(name, Payload.utf8("n1")));
        RegisterName register = new RegisterName("wer führt?");
        writes.put("register-promised", new Write.RegisterWrite(register, BALLOT, null));
        writes.put(
                "register",
                new Write.RegisterWrite(
                        register,
                        BALLOT,
                        new Proposal<>(
                                BALLOT,
                                RegisterState.EMPTY
                                        .changed(BALLOT, Payload.utf8("n1"))
                                        .encode())));
        return writes;
    }

    static Stream<Named<Write>> named() {
        return byName().entrySet().stream().map(e -> Named.of(e.getKey(), e.getValue()));
    }
}
