// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.faults.FaultKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    /** Of what somebody chose, and so seldom that their service gets something done in between. */
    static FaultPlan draw(RandomGenerator random, Set<FaultKind> kinds) {
        List<Recurring> drawn = new ArrayList<>();
        for (Fault fault : Arsenal.of(kinds)) {
            if (Draw.chance(random, 0.35)) {
                drawn.add(new Recurring(fault, Draw.of(random, 600_000L, 1_500_000L, 4_000_000L)));
            }
        }
        return new FaultPlan(drawn);
    }

    /** Every kind is left out of some runs; the others strike at very different rates, in some runs all of them rarely. */
    static FaultPlan draw(RandomGenerator random) {
        List<Recurring> drawn = new ArrayList<>();
        long mildness = Draw.of(random, 1L, 1L, 3L, 10L);
        for (Fault fault : List.of(
                new Crashes(false),
                new Crashes(true),
                new Partitions(),
                new PartialPartitions(),
                new Clogs(),
                new Pauses(),
                new ClockSteps(),
                new ClockDrifts(),
                new ClockStops(),
                new Closings(),
                new StoreTroubles(),
                new Absences(),
                new DamagedStores(),
                new OldCopies(),
                new FullDisks(),
                new SnapshotTroubles(),
                new SlowApply(),
                new PeerHints())) {
            if (random.nextBoolean()) {
                long meanInterval = Draw.of(random, 150_000L, 500_000L, 1_500_000L, 4_000_000L);
                drawn.add(new Recurring(fault, mildness * meanInterval));
            }
        }
        return new FaultPlan(drawn);
    }

    /** The same, but no clock stands still, nor goes more than so many times too fast or too slowly. */
    FaultPlan withClocksWithin(double most) {
        List<Recurring> others = new ArrayList<>();
        for (Recurring each : faults) {
            if (each.fault() instanceof ClockDrifts) {
                others.add(new Recurring(new ClockDrifts(most), each.meanInterval()));
            } else if (!(each.fault() instanceof ClockStops)) {
                others.add(each);
            }
        }
        return new FaultPlan(others);
    }

    /** The same, and in some runs somebody who wants others to lead; drawn after everything else of a scenario. */
    FaultPlan withTransfers(RandomGenerator random) {
        if (faults.isEmpty() || Draw.chance(random, 0.6)) {
            return this;
        }
        List<Recurring> more = new ArrayList<>(faults);
        more.add(new Recurring(new Transfers(), Draw.of(random, 100_000L, 400_000L, 1_500_000L)));
        return new FaultPlan(more);
    }
}
