// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.StartId;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.replica.AppliedState;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.NodeMachine;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One node of a formed cluster of three, with part of a log behind it, whose disk is at once durable. Whatever the others
 * say to it, it may refuse them, resign, or stop because a rule was broken; it must not fall over.
 */
final class FuzzedNode {

    static final GroupId GROUP = new GroupId("transaction-ids", 1);

    private static final ClusterName CLUSTER = new ClusterName("orders");
    private static final Endpoint ME = new Endpoint(NodeId.of("n2"), new Incarnation(-2));
    private static final Membership FORMED = Membership.of(Map.of(
            NodeId.of("n1"), new Incarnation(0x7fffffffffffffffL),
            ME.node(), ME.incarnation(),
            NodeId.of("n3"), new Incarnation(3)));
    private static final List<Endpoint> SENDERS = List.of(
            new Endpoint(NodeId.of("n1"), new Incarnation(0x7fffffffffffffffL)),
            new Endpoint(NodeId.of("n3"), new Incarnation(3)),
            new Endpoint(NodeId.of("n1"), new Incarnation(4)),
            new Endpoint(NodeId.of("n9"), new Incarnation(9)));
    private static final SnapshotInfo SNAPSHOT = new SnapshotInfo(3, 40, 7);
    private static final MachineConfig CONFIG = new MachineConfig(
            2, 6, 4, 3, 32, 64 << 10, 4096, 32, 64 << 10, 4096, 16, 0, SnapshotPolicy.NEVER.withBytesPerTick(4096));
    private static final Fingerprint TERMS = Fingerprint.of(
            FORMED, CONFIG.rule(MajorityQuorums.of(FORMED.voters().keySet())));

    private final Self self = new Self(CLUSTER, ME, StartId.of(2, 77).bits());
    private final NodeMachine machine =
            new NodeMachine(self, FORMED.voters().keySet(), MajorityQuorums::of, CONFIG, recovered(), new Random(1));
    private final AppliedState state =
            new AppliedState(self, GROUP, (context, command) -> command, SnapshotPolicy.NEVER);
    private final Queue<Event> own = new ArrayDeque<>();
    private final List<Message> said = new ArrayList<>();
    private boolean installed;
    private long requests;

    FuzzedNode() {
        carryOut(machine.start());
        step(new Event.OpenGroup(GROUP));
    }

    private static RecoveredState recovered() {
        Ballot ballot = new Ballot(3, NodeId.of("n1"), 5);
        SortedMap<Long, Proposal<Value>> slots = new TreeMap<>();
        slots.put(1L, new Proposal<>(ballot, new Value.OpenSession(ME.node(), 5, new LogTime(1))));
        for (long slot = 2; slot < 6; slot++) {
            slots.put(
                    slot,
                    new Proposal<>(
                            ballot, new Value.Command(new CommandId(1, slot), 1, new LogTime(slot), Payload.EMPTY)));
        }
        slots.put(9L, new Proposal<>(ballot, Value.NO_OP));
        return new RecoveredState(
                ME.incarnation(),
                2,
                new Write.FormationWrite(FORMED, FORMED, List.of()),
                Map.of(SENDERS.get(1), StartId.of(1, 3).bits()),
                Map.of(GROUP, new RecoveredState.Log(ballot, slots, 4, 0, null)),
                Map.of(),
                Map.of(new DecreeName("decided"), Payload.utf8("n1")),
                Map.of());
    }

    /** Something arrives as it is, whoever it says it is from. */
    void receive(Envelope envelope) {
        // A peer cannot speak in the name of this node: the transport sees to that.
        if (!envelope.from().node().equals(ME.node())) {
            step(new Event.Received(envelope));
        }
    }

    /** Something arrives from a member, from an earlier life of one, or from an observer. */
    void receive(int sender, Message message) {
        Endpoint from = SENDERS.get(sender % SENDERS.size());
        step(new Event.Received(new Envelope(CLUSTER, from, ME, StartId.of(1, 3), TERMS, message)));
    }

    void tick(int count) {
        for (int i = 0; i < count; i++) {
            step(new Event.Tick(new LogTime(i)));
        }
    }

    void submit(Payload command) {
        step(new Event.Submit(new RequestId(++requests), GROUP, command, 50));
        step(new Event.Read(new RequestId(++requests), GROUP, 50));
    }

    void agree(Payload value) {
        step(new Event.Agree(new RequestId(++requests), new DecreeName("shard"), value, 50));
        step(new Event.Learn(new RequestId(++requests), new DecreeName("decree"), 50));
        RegisterChange change = new RegisterChange.Assign(value);
        step(new Event.ChangeRegister(new RequestId(++requests), new RegisterName("register"), change, 50));
        step(new Event.ReadRegister(new RequestId(++requests), new RegisterName("read"), 50));
    }

    /** All that this node has said, to others and to itself. */
    List<Message> said() {
        return said;
    }

    private void step(Event event) {
        own.add(event);
        for (Event next = own.poll(); next != null; next = own.poll()) {
            carryOut(machine.step(next));
        }
    }

    private void carryOut(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                persist.writes().forEach(FuzzedNode::readBack);
                persist.afterDurable().forEach(this::say);
            } else if (effect instanceof Effect.Send send) {
                say(send.envelope());
            } else if (effect instanceof Effect.Apply apply) {
                own.add(apply(apply));
            } else if (effect instanceof Effect.Install install) {
                installed = true;
                own.add(new Event.Applied(GROUP, install.snapshot().slot(), List.of(), false, List.of()));
            } else if (effect instanceof Effect.ReadChunk read) {
                own.add(new Event.ChunkRead(
                        read.group(), read.to(), new LogMessage.SnapshotChunk(SNAPSHOT, 0, 0, Payload.utf8("state"))));
            } else if (effect instanceof Effect.StoreChunk store) {
                own.addAll(stored(store));
            } else if (effect instanceof Effect.Halted halted) {
                requireBrokenRule(halted.reason());
            }
        }
    }

    /** The user's machine is one that never fails; behind an installed snapshot there is none. */
    private Event apply(Effect.Apply apply) {
        if (installed) {
            return new Event.Applied(
                    apply.group(), apply.first() + apply.values().size() - 1, List.of());
        }
        var completions = state.apply(apply.first(), apply.values());
        return new Event.Applied(apply.group(), state.applied(), completions);
    }

    private static List<Event> stored(Effect.StoreChunk store) {
        LogMessage.SnapshotChunk chunk = store.chunk();
        long upTo = chunk.offset() + chunk.bytes().size();
        List<Event> events = new ArrayList<>();
        events.add(new Event.ChunkStored(store.group(), chunk.snapshot(), upTo));
        if (upTo >= chunk.snapshot().bytes()) {
            events.add(new Event.SnapshotStored(store.group(), chunk.snapshot()));
        }
        return events;
    }

    /** What a node writes must be readable at its next start. */
    private static void readBack(Write write) {
        Write read = WriteCodec.decode(ByteBuffer.wrap(WriteCodec.encode(write)));
        if (!read.equals(write)) {
            throw new AssertionError("written as " + write + ", read as " + read);
        }
    }

    private void say(Envelope envelope) {
        Envelope read = WireCodec.decode(ByteBuffer.wrap(WireCodec.encode(envelope)));
        if (!read.equals(envelope)) {
            throw new AssertionError("said as " + envelope + ", heard as " + read);
        }
        said.add(envelope.message());
        if (envelope.to().equals(ME)) {
            own.add(new Event.Received(envelope));
        }
    }

    /** Peers that break the rules may bring a node to stop; a node that trips over its own feet has a defect. */
    private static void requireBrokenRule(String reason) {
        if (reason.matches("(?s).*\\w(Exception|Error)\\b.*") && !reason.contains("IllegalStateException")) {
            throw new AssertionError(reason);
        }
    }
}
