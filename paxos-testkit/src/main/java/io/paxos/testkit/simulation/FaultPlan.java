package io.paxos.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which faults a run has, and how often each strikes.
 *
 * @param faults the kinds, each with the mean time between two strikes
 */
record FaultPlan(List<Recurring> faults) {

    /** No faults but those of the links. */
    static final FaultPlan NONE = new FaultPlan(List.of());

    /**
     * A kind of fault.
     *
     * @param fault the kind
     * @param meanInterval microseconds between two strikes, on average
     */
    record Recurring(Fault fault, long meanInterval) {}

    FaultPlan {
        faults = List.copyOf(faults);
    }

    /** Every kind is left out of some runs; the others strike at very different rates. */
    static FaultPlan draw(RandomGenerator random) {
        List<Recurring> drawn = new ArrayList<>();
        for (Fault fault : List.of(
                new Crashes(false),
                new Crashes(true),
                new Partitions(),
                new PartialPartitions(),
                new Clogs(),
                new Pauses(),
                new ClockSteps(),
                new StoreTroubles(),
                new Absences(),
                new DamagedStores(),
                new OldCopies(),
                new FullDisks(),
                new SnapshotTroubles(),
                new SlowApply(),
                new PeerHints())) {
            if (random.nextBoolean()) {
                drawn.add(new Recurring(fault, Draw.of(random, 150_000L, 500_000L, 1_500_000L, 4_000_000L)));
            }
        }
        return new FaultPlan(drawn);
    }
}
