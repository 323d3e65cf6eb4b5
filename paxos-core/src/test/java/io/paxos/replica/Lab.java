// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.log.Regimes;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.model.StartId;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.spi.StateMachine;
import io.paxos.spi.StoreContents;
import io.paxos.spi.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whole nodes as pure machines, with stores that may be copied and put back. Every message is delivered at once and in
 * order, unless a test says otherwise; one that is addressed to a name reaches all processes that run under it.
 */
final class Lab {

    static final GroupId GROUP = GroupId.of("g");

    private static final ClusterName CLUSTER = new ClusterName("lab");

    static final long TICK_NANOS = 10_000_000;

    private final Set<NodeId> members = new TreeSet<>();
    private final List<Node> running = new ArrayList<>();
    private final Queue<Envelope> network = new ArrayDeque<>();
    private final List<Envelope> sent = new ArrayList<>();
    private Predicate<Envelope> lost = envelope -> false;
    private long drawn;
    private MachineConfig config = MachineConfig.DEFAULTS.with(LevelPolicy.SETTLED);

    Lab(String... names) {
        for (String name : names) {
            members.add(NodeId.of(name));
        }
    }

    /** A store as a directory: it can be copied. */
    record Disk(Incarnation incarnation, List<Write> writes, long[] starts) {

        Disk copy() {
            return new Disk(incarnation, new ArrayList<>(writes), starts.clone());
        }

        List<Write.PeerStartWrite> peerStarts() {
            return writes.stream()
                    .filter(Write.PeerStartWrite.class::isInstance)
                    .map(Write.PeerStartWrite.class::cast)
                    .toList();
        }
    }

    Disk newDisk() {
        return new Disk(new Incarnation(++drawn), new ArrayList<>(), new long[1]);
    }

    /** Drops what is sent from now on, as long as it is asked to. */
    void lose(Predicate<Envelope> newLost) {
        lost = newLost;
    }

    List<Envelope> sent() {
        return sent;
    }

    Node start(String name, Disk disk) {
        return start(name, disk, MajorityQuorums::of);
    }

    Node start(String name, Disk disk, Function<Set<NodeId>, QuorumSystem> quorums) {
        return start(name, disk, quorums, members);
    }

    Node start(String name, Disk disk, Function<Set<NodeId>, QuorumSystem> quorums, Set<NodeId> configured) {
        Node node = new Node(NodeId.of(name), disk, quorums, configured);
        running.add(node);
        node.carryOut(node.machine.start());
        node.step(new Event.OpenGroup(GROUP));
        settle();
        return node;
    }

    /** A node that has not opened its log yet. */
    Node startWithout(String name, Disk disk) {
        Node node = new Node(NodeId.of(name), disk, MajorityQuorums::of, members);
        running.add(node);
        node.carryOut(node.machine.start());
        settle();
        return node;
    }

    /** A node that is no member, and learns from the members named to it. */
    Node join(String name) {
        return start(name, newDisk(), MajorityQuorums::of, members);
    }

    void stop(Node node) {
        running.remove(node);
    }

    void resume(Node node) {
        running.add(node);
    }

    /** Nodes that start from now on grant leases. */
    void lease(LeasePolicy leases) {
        config = config.with(leases);
    }

    /** Nodes that start from now on keep logs that rise, and support so much. */
    void support(FeatureLevel highest) {
        config = config.with(new LevelPolicy(FeatureLevel.BASE, highest));
    }

    /** Nodes that start from now on spread offices. */
    void spread() {
        config = config.withSpread(true);
    }

    /** Nodes that start from now on take more logs than these for a crowd. */
    void crowd(int logs) {
        config = config.withCrowd(logs);
    }

    /** Nodes that start from now on put so much into one message. */
    void messages(int bytes) {
        config = new MachineConfig(
                config.heartbeatTicks(),
                config.electionTicks(),
                config.electionJitterTicks(),
                config.resendTicks(),
                config.windowSlots(),
                config.windowBytes(),
                bytes,
                config.queueCommands(),
                config.queueBytes(),
                config.maxValueBytes(),
                config.decreesInFlight(),
                config.priority(),
                config.snapshots());
        config = config.with(LevelPolicy.SETTLED);
    }

    /** Leaders that start from now on see to voters that have lost their stores. */
    void readmit(int patience) {
        config = config.withReadmission(patience);
    }

    /** Time passes, for each node by its own clock. */
    void ticks(int count) {
        for (int i = 0; i < count; i++) {
            for (Node node : List.copyOf(running)) {
                node.nanos += (long) (TICK_NANOS * node.pace);
                node.step(new Event.Tick(new LogTime(1), node.nanos));
            }
            settle();
        }
    }

    void deliver(Envelope envelope) {
        network.add(envelope);
        settle();
    }

    private void send(Envelope envelope) {
        sent.add(envelope);
        if (!lost.test(envelope)) {
            network.add(envelope);
        }
    }

    private void settle() {
        while (!network.isEmpty()) {
            Envelope envelope = network.remove();
            for (Node node : List.copyOf(running)) {
                boolean isOwn = envelope.from().node().equals(node.id);
                if (node.id.equals(envelope.to().node()) && !isOwn) {
                    node.step(new Event.Received(envelope));
                }
            }
        }
    }

    /** One process. */
    final class Node {
        final NodeId id;
        final Disk disk;
        final NodeMachine machine;
        final Self self;
        final List<Effect> said = new ArrayList<>();
        private final Map<RequestId, Outcome> outcomes = new HashMap<>();
        private final Queue<Envelope> own = new ArrayDeque<>();
        private AppliedState state;
        final List<String> executed = new ArrayList<>();
        /** What its monotonic clock shows, and how fast that goes. */
        long nanos = 1_000_000_000;

        double pace = 1;

        private Node(NodeId id, Disk disk, Function<Set<NodeId>, QuorumSystem> quorums, Set<NodeId> configured) {
            this.id = id;
            this.disk = disk;
            StoreContents contents = new StoreContents();
            disk.writes.forEach(contents::apply);
            long start = ++disk.starts[0];
            this.self = new Self(
                    CLUSTER,
                    new Endpoint(id, disk.incarnation),
                    StartId.of(start, ++drawn).bits());
            this.state = newState();
            this.machine = new NodeMachine(
                    self,
                    configured,
                    quorums,
                    config,
                    contents.recovered(disk.incarnation, start, group -> null),
                    new Random(drawn));
        }

        private AppliedState newState() {
            StateMachine<Payload, Payload> user = (context, command) -> {
                executed.add(command.toUtf8());
                return command;
            };
            return new AppliedState(self, GROUP, user, SnapshotPolicy.NEVER);
        }

        void close() {
            step(new Event.CloseGroup(GROUP));
            settle();
        }

        /** Opens the log again, with a state in which nothing has been executed. */
        void reopen() {
            executed.clear();
            state = newState();
            step(new Event.OpenGroup(GROUP));
            settle();
        }

        NodeStatus status() {
            return machine.status();
        }

        NodeStatus.Group group() {
            return status().groups().get(GROUP);
        }

        boolean leads() {
            return group().role() == Effect.RoleName.LEADER;
        }

        RequestId submit(String command) {
            return submit(command, 2000);
        }

        RequestId resolve(CommandId command) {
            RequestId request = new RequestId(++drawn);
            step(new Event.Resolve(request, GROUP, command, 200));
            settle();
            return request;
        }

        RequestId submit(String command, int ticks) {
            RequestId request = new RequestId(++drawn);
            step(new Event.Submit(request, GROUP, Payload.utf8(command), ticks));
            settle();
            return request;
        }

        /** Takes part in a log; only {@link #GROUP} is executed. */
        void open(GroupId group) {
            step(new Event.OpenGroup(group));
            settle();
        }

        /** What this node would say to another, about no log. */
        Envelope sayAsNode(Node to, Message message) {
            return say(to, new LogMessage.CatchUpRequest(1, 1)).with(message);
        }

        /** What this node would say to another, with its formed vector and its start. */
        Envelope say(Node to, LogMessage message) {
            Membership formed = Objects.requireNonNull(status().formed());
            Regimes regimes =
                    new Regimes(Configuration.initial(formed), MachineConfig.DEFAULT_ALPHA, MajorityQuorums::of);
            String rule = config.rule(MajorityQuorums.of(members));
            return new Peers(self, Fingerprint.of(formed, rule), regimes, List::of, () -> true)
                    .envelope(to.self.endpoint(), new GroupMessage(GROUP, message));
        }

        RequestId transfer(@Nullable String target, boolean resign) {
            RequestId request = new RequestId(++drawn);
            step(new Event.Transfer(request, GROUP, target == null ? null : NodeId.of(target), resign, 200));
            settle();
            return request;
        }

        RequestId change(MembershipChange change) {
            return change(GROUP, change);
        }

        RequestId change(GroupId group, MembershipChange change) {
            RequestId request = new RequestId(++drawn);
            step(new Event.Reconfigure(request, group, change, 2000));
            settle();
            return request;
        }

        NodeStatus.Membership membership() {
            return Objects.requireNonNull(group().membership());
        }

        RequestId read() {
            RequestId request = new RequestId(++drawn);
            step(new Event.Read(request, GROUP, 2000));
            settle();
            return request;
        }

        RequestId read(Freshness freshness) {
            RequestId request = new RequestId(++drawn);
            step(new Event.Read(request, GROUP, freshness, 200));
            settle();
            return request;
        }

        RequestId readUnderLease() {
            return read(new Freshness.UnderLease(nanos));
        }

        RequestId agree(String name, String value) {
            RequestId request = new RequestId(++drawn);
            step(new Event.Agree(request, new DecreeName(name), Payload.utf8(value), 2000));
            settle();
            return request;
        }

        RequestId setRegister(String name, String value) {
            RequestId request = new RequestId(++drawn);
            RegisterChange change = new RegisterChange.Assign(Payload.utf8(value));
            step(new Event.ChangeRegister(request, new RegisterName(name), change, 2000));
            settle();
            return request;
        }

        RequestId readRegister(String name) {
            RequestId request = new RequestId(++drawn);
            step(new Event.ReadRegister(request, new RegisterName(name), 2000));
            settle();
            return request;
        }

        RequestId learn(String name) {
            RequestId request = new RequestId(++drawn);
            step(new Event.Learn(request, new DecreeName(name), 2000));
            settle();
            return request;
        }

        @Nullable
        Outcome outcome(RequestId request) {
            return outcomes.get(request);
        }

        void step(Event event) {
            carryOut(machine.step(event));
        }

        private void carryOut(List<Effect> effects) {
            for (Effect effect : effects) {
                said.add(effect);
                if (effect instanceof Effect.Persist persist) {
                    disk.writes.addAll(persist.writes());
                    persist.afterDurable().forEach(this::say);
                } else if (effect instanceof Effect.Send send) {
                    say(send.envelope());
                } else if (effect instanceof Effect.Respond respond) {
                    outcomes.put(respond.request(), respond.outcome());
                } else if (effect instanceof Effect.Apply apply) {
                    List<Completion> completions = state.apply(apply.first(), apply.values());
                    step(new Event.Applied(GROUP, state.applied(), completions));
                } else if (effect instanceof Effect.Halted halted) {
                    throw new AssertionError(halted.reason());
                }
            }
            for (Envelope next = own.poll(); next != null; next = own.poll()) {
                step(new Event.Received(next));
            }
        }

        private void say(Envelope envelope) {
            if (envelope.to().node().equals(id)) {
                own.add(envelope);
            } else {
                send(envelope);
            }
        }

        List<String> turned() {
            return said.stream()
                    .filter(Effect.TurnedStranger.class::isInstance)
                    .map(effect -> ((Effect.TurnedStranger) effect).reason())
                    .toList();
        }
    }

    /** All of these are in the same cluster and count by the same rule. */
    static void assertNothingToReport(Node... nodes) {
        for (Node node : nodes) {
            assertThat(node.status().stranger()).as("%s", node.id).isNull();
            assertThat(node.status().notice()).as("%s", node.id).isNull();
        }
    }
}
