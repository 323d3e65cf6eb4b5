// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Self;
import io.paxos.log.AcceptedLog;
import io.paxos.log.LogAcceptor;
import io.paxos.log.Regimes;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parts of the replica of one of three nodes, put together by hand: the test says who is heard, and when. */
final class Parts {

    static final GroupId GROUP = GroupId.of("g");
    static final Endpoint ME = new Endpoint(NodeId.of("a"), new Incarnation(1));
    static final Endpoint B = new Endpoint(NodeId.of("b"), new Incarnation(2));
    static final Endpoint C = new Endpoint(NodeId.of("c"), new Incarnation(3));
    static final Endpoint OBSERVER = new Endpoint(NodeId.of("o"), new Incarnation(4));

    /** Two who vote only when the membership has been changed. */
    static final Endpoint D = new Endpoint(NodeId.of("d"), new Incarnation(5));

    static final Endpoint E = new Endpoint(NodeId.of("e"), new Incarnation(6));

    /** A member's name, but another store. */
    static final Endpoint REBORN = new Endpoint(B.node(), new Incarnation(99));

    /** Five ticks between heartbeats, 30 without one to an election and up to 9 more, 20 until questions are repeated. */
    static final MachineConfig CONFIG =
            new MachineConfig(5, 30, 10, 20, 4, 10_000, 1000, 8, 10_000, 500, 10, 0, SnapshotPolicy.NEVER);

    /** Draws the smallest number possible, or the largest. */
    static final class Draws implements RandomGenerator {

        private boolean largest;

        void largest() {
            largest = true;
        }

        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public int nextInt(int bound) {
            return largest ? bound - 1 : 0;
        }
    }

    final Self self = new Self(new ClusterName("test"), ME, 7);
    final Outbox outbox = new Outbox(GROUP);
    final Draws draws = new Draws();
    final AcceptedLog log = new AcceptedLog();
    final LogAcceptor acceptor = new LogAcceptor(log, Ballot.ZERO);
    final MachineConfig config;
    final Peers peers;
    final Levels levels;
    final Learning learning;
    final SnapshotExchange snapshots;
    final ReadBarrier reads;
    final LeaseGranter leases;
    final Office office;
    final Reconfigurer reconfigurer;
    final Comparison comparison;
    boolean votes = true;
    List<Endpoint> observers = List.of();
    int changes;

    Parts() {
        this(CONFIG);
    }

    Parts(MachineConfig config) {
        this.config = config;
        Membership membership = membership(ME, B, C);
        Regimes regimes = new Regimes(Configuration.initial(membership), config.alpha(), MajorityQuorums::of);
        peers = new Peers(self, Fingerprint.NONE, regimes, () -> observers, () -> votes);
        outbox.form(peers);
        levels = new Levels(GROUP, ME.node(), config, outbox);
        levels.form(peers);
        learning = new Learning(GROUP, config, outbox, levels, log, 0, null);
        snapshots = new SnapshotExchange(GROUP, config, outbox, learning);
        reads = new ReadBarrier(self, config, outbox, learning, new Used());
        reads.form(peers);
        leases = new LeaseGranter(config.leases(), false);
        reconfigurer = new Reconfigurer(self, config, outbox, learning, levels);
        reconfigurer.form(peers);
        comparison = new Comparison(self, GROUP, outbox);
        learning.form(peers.regimes());
        office = new Office(
                self, peers, config, draws, outbox, learning, new Used(), config.priority(), 0, () -> changes++);
    }

    static Membership membership(Endpoint... voters) {
        return Membership.of(Stream.of(voters).collect(Collectors.toMap(Endpoint::node, Endpoint::incarnation)));
    }

    /** The first change of the membership, to these voters. */
    static Value.Reconfigure changeTo(Endpoint... voters) {
        return new Value.Reconfigure(new Configuration(1, membership(voters), new TreeSet<>()));
    }

    /** The ballot of a round. */
    static Ballot ballot(long round, Endpoint proposer) {
        return new Ballot(round, proposer.node(), 7);
    }

    static Value command(int sequence) {
        return command(sequence, 0);
    }

    static Value command(int sequence, int bytes) {
        return new Value.Command(new CommandId(1, sequence), 1, LogTime.ZERO, Payload.utf8("x".repeat(bytes)));
    }

    static List<Value> commands(int from, int to) {
        List<Value> values = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            values.add(command(i));
        }
        return values;
    }

    /** Takes a message in, and says whether it did anything. */
    boolean hear(long now, Endpoint from, LogMessage message) {
        return message.dispatch(new Inbound(
                GROUP,
                config,
                peers,
                acceptor,
                office,
                learning,
                snapshots,
                reads,
                leases,
                reconfigurer,
                comparison,
                levels,
                outbox,
                from,
                now));
    }

    /** What is to be done since this was asked last. */
    List<Effect> effects() {
        return outbox.drain();
    }

    /** Something that was sent, and to whom. */
    record Said(Endpoint to, LogMessage message) {}

    static Said said(Endpoint to, LogMessage message) {
        return new Said(to, message);
    }

    /** What was sent since this was asked last, whether it waits for a write or not. */
    List<Said> said() {
        return said(outbox.drain());
    }

    static List<Said> said(List<Effect> effects) {
        return effects.stream()
                .flatMap(effect -> {
                    if (effect instanceof Effect.Persist persist) {
                        return persist.afterDurable().stream();
                    }
                    return effect instanceof Effect.Send send ? Stream.of(send.envelope()) : Stream.empty();
                })
                .map(Parts::said)
                .toList();
    }

    private static Said said(Envelope envelope) {
        return new Said(envelope.to(), ((GroupMessage) envelope.message()).body());
    }

    /** The messages of one kind among what was said. */
    static <T extends LogMessage> List<Endpoint> whoHeard(List<Said> said, Class<T> kind) {
        return said.stream()
                .filter(one -> kind.isInstance(one.message()))
                .map(Said::to)
                .toList();
    }

    static List<Write> writes(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Persist.class::isInstance)
                .flatMap(effect -> ((Effect.Persist) effect).writes().stream())
                .toList();
    }

    /** Makes this node ask for promises, as soon as an election is due; at round 1 if nobody has led. */
    Candidate candidate(long now) {
        office.tick(now, acceptor.promised());
        hear(now, B, new LogMessage.CanvassReply(new Probe(7, 1), true, null, Ballot.ZERO, 0));
        outbox.drain();
        return (Candidate) office.role();
    }

    /** Makes this node lead, at round 1, with its own promise and that of {@link #B}, who have accepted nothing. */
    Leader leader(long now) {
        Ballot ballot = candidate(now).ballot();
        hear(now, ME, new LogMessage.Prepare(ballot, 1));
        hear(now, ME, emptyPromise(ballot));
        hear(now, B, emptyPromise(ballot));
        outbox.drain();
        return (Leader) office.role();
    }

    static LogMessage.Promise emptyPromise(Ballot ballot) {
        return new LogMessage.Promise(ballot, new SlotRange(1, 1), true, 0, 0, List.of());
    }

    /** Holds and knows as decided the first slots of the log, chosen at round 1 of {@link #B}. */
    void decided(int slots) {
        Ballot ballot = ballot(1, B);
        acceptor.accept(ballot, 1, commands(1, slots), 0);
        learning.decide(ballot, slots);
        outbox.drain();
    }
}
