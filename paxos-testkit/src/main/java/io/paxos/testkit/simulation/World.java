// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.check.Check;
import io.paxos.testkit.check.Facts;
import io.paxos.testkit.check.Judge;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.coverage.Coverage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run: puts together what takes part in it, lets the faults and the callers loose on the nodes until the events are
 * used up, and then calms down. One thread, no clock; everything that is drawn comes from the seed.
 */
public final class World {

    private static final int TINY_QUEUE = 10;
    /** Whoever changes memberships draws nothing from the others, so that a run without them stays what it was. */
    private static final long AMENDING = 0x5DEE_CE66_D001L;

    /** Nor do those who use registers. */
    private static final long REGISTERING = 0x2545_F491_4F6CL;

    /** Nor does whoever closes logs and opens them again. */
    private static final long CLOSING = 0x1F83_D9AB_FB41L;

    private static final int PLENTY_OF_SESSIONS = 4_096;

    private static final int COMPARING_RUNS = 4;
    private static final int COMPARED_SLOTS = 16;

    private final Setup setup;
    private final Scenario scenario;
    private final SplittableRandom seeds;
    private final RandomGenerator faultRandom;
    private final Coverage coverage = new Coverage();
    private final Tallyman tallyman;
    private final Stations stations = new Stations();
    private final Timeline timeline = new Timeline(stations);
    private final Trace trace;
    private final Network network;
    private final Judge judge;
    private final Post post;
    private final Callers callers;
    private final RegisterCallers registers;
    private final FaultyCluster cluster;
    private final Amendments amendments;
    private final LogClosings closings;
    private final @Nullable Hosting hosting;
    private final List<GroupId> groups = new ArrayList<>();
    private Disks disks;
    private long meanApply;
    private boolean calm;

    /**
     * A world in which nothing has happened yet.
     *
     * @param setup the seed and what else is not drawn from it
     */
    public World(Setup setup) {
        this(setup, null);
    }

    /** A world of a settled scenario, if one is given: only delays, and who is asked, still come from the seed. */
    World(Setup setup, @Nullable Scenario settled) {
        this.setup = setup;
        this.seeds = setup.less().draws(setup.seed());
        Tenancy tenancy = setup.tenancy();
        SplittableRandom shape = new SplittableRandom(setup.seed()).split();
        Scenario drawn = tenancy == null ? Scenario.draw(shape, setup.mostMembers()) : Scenario.hosting(shape, tenancy);
        this.scenario = settled == null ? setup.less().of(drawn) : settled;
        this.tallyman = new Tallyman(coverage, scenario.config().spread());
        this.faultRandom = seeds.split();
        RandomGenerator nodeRandom = seeds.split();
        this.trace = new Trace(setup.kept(), setup.sink());
        this.disks = scenario.disks();
        this.meanApply = scenario.load().meanApply();
        int size = scenario.members() + scenario.observers();
        this.network = new Network(size, scenario.links(), seeds.split(), coverage);
        this.judge = new Judge(scenario.quorums(), scenario.config().alpha(), checks(tenancy));
        if (scenario.config().readmitTicks() > 0) {
            judge.facts().leadersReadmit();
        }
        this.post = new Post(this, stations, network);
        this.callers = new Callers(
                this, scenario.load(), setup.commands(), seeds.split(), new SplittableRandom(~setup.seed()));
        this.registers = new RegisterCallers(
                this,
                callers,
                scenario.load(),
                setup.less().draws(setup.seed() ^ REGISTERING),
                settled == null && tenancy == null && RegisterCallers.takePart(setup.seed()));
        Stores stores = new Stores(judge, stations, nodeRandom, coverage);
        Starts starts = new Starts(this, stores, nodeRandom);
        // What a plan does draws nothing from the faults, and must meet the same world as the faults did.
        RandomGenerator consequences = tenancy == null ? faultRandom : seeds.split();
        this.cluster = new FaultyCluster(this, stations, stores, starts, network, consequences);
        this.amendments = new Amendments(this, callers, setup.seed() ^ AMENDING, scenario.meanChange());
        this.closings =
                new LogClosings(this, setup.less().draws(setup.seed() ^ CLOSING), settled == null && tenancy == null);
        this.hosting = tenancy == null ? null : new Hosting(this, tenancy, callers, seeds.split());
        for (int i = 0; i < size; i++) {
            boolean member = i < scenario.members();
            NodeId id = NodeId.of(member ? "n" + (i + 1) : "o" + (i + 1 - scenario.members()));
            if (member) {
                starts.addMember(id);
            }
            stations.add(new Station(i, id, 0.93 + nodeRandom.nextDouble() * 0.14, stores.create()));
        }
        for (int i = 0; i < scenario.groups(); i++) {
            groups.add(GroupId.of("g" + i));
        }
    }

    /**
     * Runs to the end.
     *
     * @return what it came to
     * @throws Violation if a property does not hold
     * @throws RuntimeException if a machine threw
     */
    public Result run() {
        begin();
        while (hosting == null ? timeline.happened() < setup.events() : !hosting.isOver()) {
            timeline.next();
        }
        long calmFrom = now();
        calm = true;
        CalmPhase phase = new CalmPhase(this, callers, registers, ending(), seeds.split());
        phase.run();
        judge.finished();
        tallyman.finished(judge.facts());
        amendments.finished();
        return new Result(scenario.toString(), timeline.happened(), now(), now() - calmFrom, trace.hash(), coverage);
    }

    /** Lets nodes start, and nothing else happen of itself. */
    void beginQuietly() {
        setup.program().observers().forEach(judge::admit);
        for (int i = 0; i < stations.size(); i++) {
            int node = i;
            cluster.after(faultRandom.nextInt(50_000), () -> cluster.restart(node));
        }
    }

    /** Lets nodes start, faults strike and callers call, all in their time. */
    void begin() {
        beginQuietly();
        amendments.begin();
        if (hosting == null) {
            new Storm(cluster, faultRandom, () -> {}).begin(scenario.faults());
            cluster.after(Draw.exponential(faultRandom, 200_000), callers::callAndGoOn);
            registers.begin();
            closings.begin();
        } else {
            hosting.begin(scenario.faults(), faultRandom);
        }
    }

    private Ending ending() {
        Ending drawn = Draw.chance(faultRandom, 0.35) ? Ending.CORE : Ending.CALM;
        return setup.ending() == null ? drawn : setup.ending();
    }

    private List<Check> checks(@Nullable Tenancy tenancy) {
        List<Check> checks = new ArrayList<>();
        if (tenancy != null) {
            checks.addAll(tenancy.tenant().checks());
        }
        boolean isLedger = tenancy == null && setup.stateMachine() == null;
        checks.addAll(Check.all(
                4 * (scenario.config().electionTicks() + scenario.config().electionJitterTicks()),
                isLedger ? Ledger::line : null));
        return checks;
    }

    /** A node has answered a call. */
    void answered(Call call) {
        tallyman.answered(call.outcome());
        callers.answered(call);
        amendments.answered(call);
        registers.answered(call);
        if (hosting != null) {
            hosting.answered(call);
        }
    }

    /** A start of a node is over. */
    void stopped(Host host) {
        amendments.stopped(host);
        if (hosting != null) {
            hosting.stopped(host);
        }
    }

    /** Ends all that is wrong with the network and the stores, and every pause. */
    void calmDown() {
        network.calm();
        disks = Disks.CALM;
        meanApply = 0;
        stations.forEach(station -> station.mend(now()));
    }

    // What the parts of a world ask each other.

    Timeline timeline() {
        return timeline;
    }

    /** The current time in microseconds. */
    long now() {
        return timeline.now();
    }

    Stations stations() {
        return stations;
    }

    /** The nodes as faults see them. */
    FaultyCluster cluster() {
        return cluster;
    }

    Network network() {
        return network;
    }

    Post post() {
        return post;
    }

    Callers callers() {
        return callers;
    }

    Amendments amendments() {
        return amendments;
    }

    Judge judge() {
        return judge;
    }

    Facts facts() {
        return judge.facts();
    }

    Tallyman tallyman() {
        return tallyman;
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

    /** Where queues are tiny, hardly more sessions are remembered than nodes can use at a time. */
    int mostSessions() {
        return hasFewSessions() ? stations.size() + 1 : PLENTY_OF_SESSIONS;
    }

    /** In a quarter of the runs states are compared, so often that a crash seldom comes before the first comparison. */
    int compareEvery() {
        return Math.floorMod(setup.seed(), COMPARING_RUNS) == 0 ? COMPARED_SLOTS : 0;
    }

    boolean hasFewSessions() {
        return scenario.config().queueCommands() < TINY_QUEUE;
    }

    /** How many microseconds executing an Apply takes at a node on average. */
    long meanApply(int node) {
        return meanApply * stations.get(node).applyFactor();
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

    boolean hasTenant() {
        return hosting != null;
    }

    StateMachine<Payload, Payload> newStateMachine(Host host) {
        if (hosting != null) {
            return hosting.tenant().machine(host);
        }
        return setup.stateMachine() == null
                ? new Ledger()
                : setup.stateMachine().get();
    }

    @Nullable
    Host host(int node) {
        return stations.get(node).host();
    }

    List<Host> hostsUp() {
        return stations.hostsUp();
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
     * What faults and clients have done so far.
     *
     * @return a plan that does the same again, or null if there is no tenant
     */
    public @Nullable Plan plan() {
        return hosting == null ? null : hosting.plan(setup.seed());
    }

    /**
     * How late it is.
     *
     * @return the virtual time in microseconds
     */
    public long nowMicros() {
        return now();
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
