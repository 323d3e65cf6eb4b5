package io.paxos.testkit.simulation;

import io.paxos.event.Effect.RoleName;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StartId;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.check.Check;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.Facts;
import io.paxos.testkit.check.FormationFacts;
import io.paxos.testkit.check.Judge;
import io.paxos.testkit.check.StoredSnapshot;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.coverage.Coverage;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run: takes what is going to happen in its order, lets it happen, and has everything judged. One thread, no clock;
 * everything that is drawn comes from the seed.
 */
public final class World implements Cluster {

    /** What a node takes for one unit of time, in microseconds of a clock that goes right. */
    static final long TICK = 10_000;

    /** More stores than this the observer cannot tell apart. */
    private static final int MOST_STORES = 48;

    private static final ClusterName NAME = new ClusterName("simulated");
    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private final Setup setup;
    private final Scenario scenario;
    private final SplittableRandom seeds;
    private final RandomGenerator faultRandom;
    private final RandomGenerator nodeRandom;
    private final EventQueue queue = new EventQueue();
    private final Coverage coverage = new Coverage();
    private final Tallyman tallyman = new Tallyman(coverage);
    private final Trace trace;
    private final Network network;
    private final Judge judge;
    private final Callers callers;
    private final List<Station> stations = new ArrayList<>();
    private final Map<NodeId, Integer> stationOf = new HashMap<>();
    private final Set<NodeId> members = new TreeSet<>();
    private final List<GroupId> groups = new ArrayList<>();
    private Disks disks;
    private long meanApply;
    private boolean calm;
    private long now;
    private long executed;

    /** The place of a node, which outlives its starts and its stores. */
    private static final class Station {
        private final NodeId id;
        private final double drift;
        private DurableState store;
        private @Nullable Host host;
        private int epoch;
        private long pausedUntil;
        private long clockMillis;
        private boolean full;
        private int applyFactor = 1;
        private @Nullable DurableState copy;

        private Station(NodeId id, double drift, DurableState store) {
            this.id = id;
            this.drift = drift;
            this.store = store;
        }
    }

    /**
     * A world in which nothing has happened yet.
     *
     * @param setup the seed and what else is not drawn from it
     */
    public World(Setup setup) {
        this.setup = setup;
        this.seeds = new SplittableRandom(setup.seed());
        this.scenario = Scenario.draw(seeds.split(), setup.mostMembers());
        this.faultRandom = seeds.split();
        this.nodeRandom = seeds.split();
        this.trace = new Trace(setup.kept(), setup.sink());
        this.disks = scenario.disks();
        this.meanApply = scenario.load().meanApply();
        int size = scenario.members() + scenario.observers();
        this.network = new Network(size, scenario.links(), seeds.split(), coverage);
        this.judge = new Judge(
                scenario.quorums(),
                Check.all(4
                        * (scenario.config().electionTicks() + scenario.config().electionJitterTicks())));
        this.callers = new Callers(this, scenario.load(), setup.commands(), seeds.split());
        for (int i = 0; i < size; i++) {
            boolean member = i < scenario.members();
            NodeId id = NodeId.of(member ? "n" + (i + 1) : "o" + (i + 1 - scenario.members()));
            if (member) {
                members.add(id);
            }
            stationOf.put(id, i);
            stations.add(new Station(id, 0.93 + nodeRandom.nextDouble() * 0.14, newStore()));
        }
        for (int i = 0; i < scenario.groups(); i++) {
            groups.add(GroupId.of("g" + i));
        }
    }

    private DurableState newStore() {
        long bits = nodeRandom.nextLong();
        DurableState store = new DurableState(judge.facts().stores().size(), new Incarnation(bits == 0 ? 1 : bits));
        judge.created(store);
        return store;
    }

    /**
     * Runs to the end.
     *
     * @return what it came to
     * @throws Violation if a property does not hold
     * @throws RuntimeException if a machine threw
     */
    public Result run() {
        for (int i = 0; i < stations.size(); i++) {
            int node = i;
            after(faultRandom.nextInt(50_000), () -> restart(node));
        }
        for (FaultPlan.Recurring recurring : scenario.faults().faults()) {
            scheduleStrike(recurring);
        }
        after(Draw.exponential(faultRandom, 200_000), callers::callAndGoOn);
        while (executed < setup.events()) {
            happen();
        }
        long calmFrom = now;
        calm = true;
        CalmPhase phase = new CalmPhase(this, callers, seeds.split());
        phase.run();
        tallyman.finished(judge.facts());
        return new Result(scenario.toString(), executed, now, now - calmFrom, trace.hash(), coverage);
    }

    private void scheduleStrike(FaultPlan.Recurring recurring) {
        after(Draw.exponential(faultRandom, recurring.meanInterval()), () -> {
            recurring.fault().strike(this, faultRandom);
            scheduleStrike(recurring);
        });
    }

    /** Goes on until something is so; false if it is not so after that much virtual time. */
    boolean runUntil(BooleanSupplier condition, long mostMicros) {
        long end = now + mostMicros;
        while (!condition.getAsBoolean()) {
            if (now > end) {
                return false;
            }
            happen();
        }
        return true;
    }

    private void happen() {
        EventQueue.Entry entry = queue.next();
        now = entry.time();
        if (entry.node() != EventQueue.ANY) {
            Station station = stations.get(entry.node());
            if (entry.epoch() != EventQueue.ANY && entry.epoch() != station.epoch) {
                return; // it was meant for a start that is over
            }
            if (station.pausedUntil > now) {
                queue.add(station.pausedUntil, entry.node(), entry.epoch(), entry.action());
                return;
            }
        }
        executed++;
        entry.action().run();
    }

    private void tick(int node, int epoch) {
        Station station = stations.get(node);
        Host host = station.host;
        if (host == null) {
            return;
        }
        trace.add(now, Trace.Kind.TICK, host.name(), "");
        host.tick(new LogTime(EPOCH_MILLIS + (long) (now * station.drift / 1000) + station.clockMillis));
        judge.ticked(host);
        queue.add(now + (long) (TICK * station.drift), node, epoch, () -> tick(node, epoch));
    }

    void send(Host from, Envelope envelope) {
        tallyman.sending(judge.facts(), envelope);
        judge.sent(from, envelope);
        Integer to = stationOf.get(envelope.to().node());
        if (to == null) {
            throw new Violation("messages go to nodes that exist", from.name() + " " + envelope);
        }
        if (to == from.index()) {
            trace.add(now, Trace.Kind.SEND, from.name(), envelope);
            queue.add(now, to, from.epoch(), () -> deliver(to, envelope));
            return;
        }
        boolean sent = network.send(
                now, from.index(), to, time -> queue.add(time, to, EventQueue.ANY, () -> deliver(to, envelope)));
        trace.add(now, sent ? Trace.Kind.SEND : Trace.Kind.LOSE, from.name(), envelope);
    }

    private void deliver(int to, Envelope envelope) {
        Host host = stations.get(to).host;
        if (host != null) {
            judge.received(host, envelope);
            trace.add(now, Trace.Kind.RECEIVE, host.name(), envelope);
            host.step(new Event.Received(envelope));
        }
    }

    void call(Host host, Call call) {
        judge.called(call);
        trace.add(now, Trace.Kind.CALL, host.name(), call.event());
        host.call(call);
    }

    void answered(Call call) {
        tallyman.answered(call.outcome());
    }

    /** Ends all that is wrong with the network and the stores, and every pause. */
    void calmDown() {
        network.calm();
        disks = Disks.CALM;
        meanApply = 0;
        for (Station station : stations) {
            station.pausedUntil = 0;
            station.full = false;
            if (station.host != null) {
                station.host.mend();
            }
        }
    }

    // What faults do.

    @Override
    public int size() {
        return stations.size();
    }

    @Override
    public NodeId name(int node) {
        return stations.get(node).id;
    }

    @Override
    public boolean isUp(int node) {
        return stations.get(node).host != null;
    }

    @Override
    public int likelyLeader() {
        int likely = 0;
        int most = -1;
        for (int i = 0; i < stations.size(); i++) {
            Host host = stations.get(i).host;
            int leads = 0;
            for (GroupId group : groups) {
                leads += host != null && host.role(group) == RoleName.LEADER ? 1 : 0;
            }
            if (leads > most) {
                most = leads;
                likely = i;
            }
        }
        return likely;
    }

    @Override
    public void crash(int node) {
        Station station = stations.get(node);
        Host host = station.host;
        if (host == null) {
            throw new IllegalStateException(station.id + " is down already");
        }
        station.epoch++;
        station.host = null;
        station.pausedUntil = 0;
        host.crash();
        trace.add(now, Trace.Kind.STOP, host.name(), "with store " + station.store.incarnation());
    }

    @Override
    public void restart(int node) {
        Station station = stations.get(node);
        if (station.host != null || station.full) {
            return; // a start is counted durably before it is one
        }
        if (isUntoldCopy(station) && !isKnownToAllOthers(station, station.store.starts() + 1)) {
            // Started so often it would pass for the original, which is more than can be found out.
            loseStore(node);
        }
        int epoch = station.epoch;
        RecoveredState recovered = station.store.recover();
        StartId start = StartId.of(recovered.start(), nodeRandom.nextLong());
        Self self = new Self(NAME, new Endpoint(station.id, station.store.incarnation()), start.bits());
        SplittableRandom own = new SplittableRandom(nodeRandom.nextLong());
        Program.Machine machine =
                setup.program().machine(self, members, scenario.quorums(), scenario.config(), recovered, own.split());
        Host host = new Host(this, node, epoch, self, station.store, machine, own);
        station.host = host;
        trace.add(now, Trace.Kind.START, host.name(), self);
        judge.started(host);
        host.start();
        for (GroupId group : groups) {
            if (calm || own.nextInt(4) > 0) {
                host.open(group);
            } else {
                queue.add(now + own.nextInt(100_000), node, epoch, () -> host.open(group));
            }
        }
        queue.add(now + own.nextInt((int) TICK), node, epoch, () -> tick(node, epoch));
    }

    @Override
    public boolean maySpareStore(int node) {
        if (judge.facts().stores().size() >= MOST_STORES || stations.stream().anyMatch(this::isUntoldCopy)) {
            return false;
        }
        long lost = 1L << stations.get(node).store.index();
        for (DurableState store : judge.facts().stores()) {
            if (judge.facts().isLost(store.index()) || store.isDamaged()) {
                lost |= 1L << store.index();
            }
        }
        return judge.facts().formation().survivesLossOf(lost);
    }

    @Override
    public void loseStore(int node) {
        Station station = stations.get(node);
        judge.lost(station.store);
        if (judge.facts().formation().formed() == null) {
            coverage.count(Mark.LOST_BEFORE_FORMATION);
        }
        station.store = newStore();
    }

    private Endpoint endpoint(Station station) {
        return new Endpoint(station.id, station.store.incarnation());
    }

    /** A store that is made now knows nothing of starts, so while such a copy may vote none must be made. */
    private boolean isUntoldCopy(Station station) {
        return station.store.isOldCopy()
                && station.store.startOf(endpoint(station)).equals(StartId.NONE);
    }

    @Override
    public void copyStore(int node) {
        Station station = stations.get(node);
        station.copy = station.store.isOldCopy() ? null : station.store.copy(0);
    }

    @Override
    public boolean mayPutCopyBack(int node) {
        Station station = stations.get(node);
        DurableState copy = station.copy;
        if (copy == null || !copy.incarnation().equals(station.store.incarnation()) || !maySpareStore(node)) {
            return false;
        }
        long alone = 1L << station.store.index();
        FormationFacts formation = judge.facts().formation();
        if (!formation.isVoter(station.store.index()) || formation.isPhase1(alone) || formation.isPhase2(alone)) {
            return false;
        }
        return stations.stream().noneMatch(other -> other.store.isDamaged())
                && isKnownToAllOthers(station, copy.starts() + 1);
    }

    /** Whether everyone else durably knows of a start of this store that is at least the one of this number. */
    private boolean isKnownToAllOthers(Station station, long number) {
        Endpoint endpoint = endpoint(station);
        return stations.stream()
                .allMatch(other ->
                        other == station || other.store.startOf(endpoint).number() >= number);
    }

    @Override
    public void putCopyBack(int node) {
        Station station = stations.get(node);
        DurableState copy = station.copy;
        if (copy == null) {
            throw new IllegalStateException(station.id + " has no copy of its store");
        }
        judge.lost(station.store);
        station.store = copy.copy(judge.facts().stores().size());
        station.copy = null;
        judge.copied(station.store);
    }

    @Override
    public boolean isDamaged(int node) {
        return stations.get(node).store.isDamaged();
    }

    @Override
    public boolean damageSnapshot(int node) {
        DurableState store = stations.get(node).store;
        for (GroupId group : groups) {
            StoredSnapshot snapshot = store.snapshot(group);
            if (snapshot != null) {
                snapshot.damage(faultRandom.nextInt(snapshot.bytes().size()));
                return true;
            }
        }
        return false;
    }

    /** A node cannot read what it needs to start: someone replaces its disk, and it begins anew as a stranger. */
    void foundDamaged(Host host) {
        after(Draw.exponential(faultRandom, 300_000), () -> {
            if (host(host.index()) == host) {
                crash(host.index());
                loseStore(host.index());
                restart(host.index());
            }
        });
    }

    @Override
    public void fillDisk(int node, boolean full) {
        stations.get(node).full = full;
    }

    boolean isFull(int node) {
        return stations.get(node).full;
    }

    @Override
    public void failNextSnapshot(int node) {
        Host host = stations.get(node).host;
        if (host != null) {
            host.archive().failNextWrite();
        }
    }

    @Override
    public void slowApply(int node, int factor) {
        stations.get(node).applyFactor = factor;
    }

    @Override
    public void pause(int node, long duration) {
        stations.get(node).pausedUntil = now + duration;
    }

    @Override
    public void stepClock(int node, long millis) {
        stations.get(node).clockMillis += millis;
    }

    @Override
    public void slowStore(int node, int factor) {
        Host host = stations.get(node).host;
        if (host != null) {
            host.disk().slow(factor);
        }
    }

    @Override
    public void failNextWrite(int node) {
        Host host = stations.get(node).host;
        if (host != null) {
            host.disk().failNextWrite();
        }
    }

    @Override
    public void hint(int node, int peer, boolean isUp) {
        int epoch = stations.get(node).epoch;
        queue.add(now, node, epoch, () -> {
            Host host = stations.get(node).host;
            if (host != null) {
                host.step(isUp ? new Event.PeerUp(name(peer)) : new Event.PeerDown(name(peer)));
            }
        });
    }

    @Override
    public void after(long delay, Runnable action) {
        queue.add(now + delay, EventQueue.ANY, EventQueue.ANY, () -> {
            if (!calm) {
                action.run();
            }
        });
    }

    @Override
    public void struck(Mark mark, String what) {
        coverage.count(mark);
        trace.add(now, Trace.Kind.FAULT, "", what);
    }

    // What the parts of a world ask each other.

    @Override
    public Network network() {
        return network;
    }

    @Override
    public long now() {
        return now;
    }

    EventQueue queue() {
        return queue;
    }

    Judge judge() {
        return judge;
    }

    Facts facts() {
        return judge.facts();
    }

    Coverage coverage() {
        return coverage;
    }

    Disks disks() {
        return disks;
    }

    SnapshotPolicy snapshots() {
        return scenario.config().snapshots();
    }

    long meanApply(int node) {
        return meanApply * stations.get(node).applyFactor;
    }

    Program program() {
        return setup.program();
    }

    Scenario scenario() {
        return scenario;
    }

    List<GroupId> groups() {
        return groups;
    }

    boolean isCalm() {
        return calm;
    }

    StateMachine<Payload, Payload> newStateMachine() {
        return setup.stateMachine() == null
                ? new Ledger()
                : setup.stateMachine().get();
    }

    @Nullable
    Host host(int node) {
        return stations.get(node).host;
    }

    List<Host> hostsUp() {
        List<Host> up = new ArrayList<>();
        for (Station station : stations) {
            if (station.host != null) {
                up.add(station.host);
            }
        }
        return up;
    }

    /**
     * What happened so far.
     *
     * @return the live trace
     */
    public Trace trace() {
        return trace;
    }

    /**
     * What was met so far.
     *
     * @return the live counts
     */
    public Coverage met() {
        return coverage;
    }

    /**
     * What the seed drew.
     *
     * @return the scenario, in words
     */
    public String describe() {
        return scenario.toString();
    }
}
