// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.FeatureLevel;
import io.paxos.model.NodeId;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.replica.LeasePolicy;
import io.paxos.replica.LevelPolicy;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.testkit.faults.FaultKind;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Everything about a run that is settled before it begins, all of it drawn from the seed: each run has some of the
 * faults and some of the extremes, so that none always hides another.
 *
 * @param members how many nodes vote
 * @param observers how many nodes only learn
 * @param groups how many logs there are
 * @param phase1 the size of phase-1 quorums, or 0 for majorities
 * @param config limits and timeouts of the nodes
 * @param links how the network behaves
 * @param disks how stores behave
 * @param load what callers ask for
 * @param faults what else goes wrong
 * @param hosts how the nodes are run
 * @param meanChange microseconds between two requests to change a membership, on average; 0 if nobody asks
 */
record Scenario(
        int members,
        int observers,
        int groups,
        int phase1,
        MachineConfig config,
        Links links,
        Disks disks,
        Load load,
        FaultPlan faults,
        Hosts hosts,
        long meanChange) {

    /** Less than any value takes; but of a snapshot it is one part, and each costs a round trip. */
    private static final int FEW_BYTES = 16;

    /** With hosts that do one thing after another. */
    Scenario(
            int members,
            int observers,
            int groups,
            int phase1,
            MachineConfig config,
            Links links,
            Disks disks,
            Load load,
            FaultPlan faults) {
        this(members, observers, groups, phase1, config, links, disks, load, faults, Hosts.PLAIN, 0);
    }

    static Scenario draw(RandomGenerator random, int mostMembers) {
        int members = Draw.of(random, 1, 2, 3, 3, 3, 4, 5, 5, 6, 7);
        members = Math.min(members, mostMembers);
        int observers = Draw.chance(random, 0.2) ? 1 : 0;
        int phase1 = members > 1 && Draw.chance(random, 0.25) ? Draw.between(random, 1, members) : 0;
        Scenario fixed = new Scenario(
                members,
                observers,
                Draw.of(random, 1, 1, 1, 1, 2, 2, 3, Draw.between(random, 4, 8)),
                phase1,
                config(random),
                links(random),
                disks(random),
                load(random),
                FaultPlan.draw(random),
                Hosts.draw(random),
                0);
        // Drawn last, each behind the one that came before it, so that the others are what they would be without.
        Scenario transferred = fixed.with(fixed.config, fixed.faults.withTransfers(random));
        Scenario leased = Draw.chance(random, 0.35) ? transferred.withLeases(random) : transferred;
        Scenario changed = Draw.chance(random, 0.25) ? leased.changing(random).readmitting(random) : leased;
        Scenario spread =
                Draw.chance(random, 0.25) ? changed.with(changed.config.withSpread(true), changed.faults) : changed;
        return Draw.chance(random, 0.2) ? spread.with(spread.config.with(LevelPolicy.RISING), spread.faults) : spread;
    }

    /** Half of them count a voter that has lost its store again without being asked. */
    private Scenario readmitting(RandomGenerator random) {
        int patience = config.electionTicks() * Draw.of(random, 1, 2, 10);
        return random.nextBoolean() ? with(config.withReadmission(patience), faults) : this;
    }

    /** Clocks that go wrong by less than is allowed for: by nature 7 % at most, and no more than a quarter besides. */
    private Scenario withLeases(RandomGenerator random) {
        long nanos = config.electionTicks() * Draw.of(random, 4_000_000L, 8_000_000L, 10_000_000L, 20_000_000L);
        return with(config.with(new LeasePolicy(nanos, 0.8)), faults.withClocksWithin(1.25));
    }

    private Scenario with(MachineConfig limits, FaultPlan others) {
        return new Scenario(members, observers, groups, phase1, limits, links, disks, load, others, hosts, meanChange);
    }

    /** The same with memberships that change, and nodes from which new voters can be taken. */
    private Scenario changing(RandomGenerator random) {
        int window = Math.min(config.windowSlots(), Draw.of(random, 4, 16, 64));
        int alpha = Math.max(2, window + Draw.of(random, 0, 0, 1, 10));
        return new Scenario(
                members,
                Math.max(observers, Draw.between(random, 1, 3)),
                Math.min(groups, 3),
                Math.min(phase1, 3),
                new MachineConfig(
                                config.heartbeatTicks(),
                                config.electionTicks(),
                                config.electionJitterTicks(),
                                config.resendTicks(),
                                window,
                                config.windowBytes(),
                                config.messageBytes(),
                                config.queueCommands(),
                                config.queueBytes(),
                                config.maxValueBytes(),
                                config.decreesInFlight(),
                                config.priority(),
                                config.snapshots(),
                                alpha)
                        .with(config.leases())
                        .withCrowd(config.crowd()),
                links,
                disks,
                load,
                faults,
                hosts,
                Draw.of(random, 50_000L, 150_000L, 400_000L, 1_000_000L));
    }

    /** The same for somebody's own service: nothing but what they chose goes wrong, and their values are not too large. */
    static Scenario hosting(RandomGenerator random, Tenancy tenancy) {
        Tenant tenant = tenancy.tenant();
        Set<FaultKind> kinds = tenant.faults();
        MachineConfig limits = config(random);
        Links links = Arsenal.links(kinds, links(random));
        Disks disks = disks(random);
        long meanApply = Draw.of(random, 0L, 100L, 2_000L, 20_000L);
        boolean fast = tenancy.isEased(Plan.Ease.DISKS);
        return new Scenario(
                tenant.nodes(),
                0,
                1,
                0,
                new MachineConfig(
                                limits.heartbeatTicks(),
                                limits.electionTicks(),
                                limits.electionJitterTicks(),
                                limits.resendTicks(),
                                limits.windowSlots(),
                                limits.windowBytes(),
                                limits.messageBytes(),
                                limits.queueCommands(),
                                16 << 20,
                                1 << 20,
                                limits.decreesInFlight(),
                                limits.priority(),
                                tenant.takesSnapshots() ? limits.snapshots() : SnapshotPolicy.NEVER)
                        .withCrowd(limits.crowd()),
                tenancy.isEased(Plan.Ease.NETWORK) ? Links.CALM : links,
                fast ? Disks.CALM : disks,
                new Load(Draw.of(random, 20_000L, 60_000L, 200_000L), 1, 0, 0, 0, 0, 0.05, fast ? 0 : meanApply),
                FaultPlan.draw(random, kinds));
    }

    /** Nothing goes wrong but what somebody does: one log, and callers that ask now and then. */
    static Scenario fair(int members) {
        return new Scenario(
                members,
                0,
                1,
                0,
                new MachineConfig(
                        2, 10, 10, 10, 64, 1 << 20, 64 << 10, 10_000, 16 << 20, 1 << 20, 100, 0, SnapshotPolicy.NEVER),
                Links.CALM,
                Disks.CALM,
                new Load(50_000, 2, 0.5, 0.2, 0.2, 30, 0, 0),
                FaultPlan.NONE);
    }

    /** Whether logs begin at the lowest feature level, and some nodes with an older library. */
    boolean rises() {
        return config.levels().equals(LevelPolicy.RISING);
    }

    /** The configuration of a node with a library that supports so much. */
    MachineConfig configAt(FeatureLevel supported) {
        return rises() ? config.with(new LevelPolicy(FeatureLevel.BASE, supported)) : config;
    }

    /** The quorum system of this scenario. */
    Function<Set<NodeId>, QuorumSystem> quorums() {
        return voters -> phase1 == 0
                ? MajorityQuorums.of(voters)
                : new FlexibleQuorums(voters, phase1, voters.size() + 1 - phase1);
    }

    private static MachineConfig config(RandomGenerator random) {
        int heartbeat = Draw.between(random, 1, 4);
        boolean tight = Draw.chance(random, 0.3);
        MachineConfig drawn = new MachineConfig(
                heartbeat,
                3 * heartbeat + Draw.between(random, 0, 15),
                Draw.between(random, 5, 30),
                Draw.between(random, 3, 20),
                tight ? Draw.between(random, 1, 8) : Draw.of(random, 16, 64, 8192),
                tight ? Draw.of(random, 1, 200, 2_000) : 1 << 20,
                tight || Draw.chance(random, 0.3) ? Draw.of(random, FEW_BYTES, FEW_BYTES, 150, 600) : 64 << 10,
                Draw.chance(random, 0.15) ? Draw.between(random, 2, 8) : 10_000,
                Draw.chance(random, 0.1) ? 600 : 16 << 20,
                Draw.chance(random, 0.1) ? 40 : 1 << 20,
                Draw.chance(random, 0.1) ? 3 : 10_000,
                0,
                snapshots(random));
        return drawn.withCrowd(drawn.resendTicks() % 3 == 0 ? 0 : MachineConfig.DEFAULT_CROWD);
    }

    /** So often that a log is forgotten many times in a run, and mostly with hardly anything left of it. */
    private static SnapshotPolicy snapshots(RandomGenerator random) {
        if (Draw.chance(random, 0.15)) {
            return SnapshotPolicy.NEVER;
        }
        return new SnapshotPolicy(
                Draw.between(random, 1, Draw.of(random, 2, 8, 20, 60)),
                Draw.chance(random, 0.3) ? Draw.of(random, 500, 3_000) : Long.MAX_VALUE,
                Draw.chance(random, 0.2) ? Draw.of(random, 200, 2_000) : 0,
                Draw.of(random, 0, 0, 0, 1, 10, 40),
                Draw.of(random, 0, 300, 1 << 20),
                Draw.of(random, 30, 30, 300, 5_000, 1 << 20));
    }

    private static Links links(RandomGenerator random) {
        return new Links(
                Draw.chance(random, 0.3) ? 0 : random.nextDouble() * 0.3,
                Draw.chance(random, 0.3) ? 0 : random.nextDouble() * 0.5,
                Draw.of(random, 0L, 50L, 1_000L, 10_000L),
                Draw.of(random, 200L, 2_000L, 10_000L, 30_000L),
                Draw.chance(random, 0.5) ? 0 : random.nextDouble() * 0.03,
                Draw.chance(random, 0.2));
    }

    private static Disks disks(RandomGenerator random) {
        return new Disks(
                Draw.chance(random, 0.25), Draw.of(random, 100L, 1_000L, 8_000L, 30_000L), random.nextBoolean());
    }

    private static Load load(RandomGenerator random) {
        return new Load(
                Draw.of(random, 1_000L, 4_000L, 15_000L, 60_000L),
                Draw.between(random, 1, 5),
                random.nextDouble(),
                random.nextDouble() * 0.7,
                random.nextDouble() * 0.4,
                Draw.of(random, 30, 200, 3_000),
                Draw.chance(random, 0.3) ? random.nextDouble() * 0.5 : 0.03,
                Draw.of(random, 0L, 100L, 2_000L, 20_000L));
    }
}
