// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import io.paxos.testkit.simulation.Less;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds how little of a run that fails is enough to fail: fewer events, members and logs, fewer kinds of faults and of
 * trouble, as long as the same property does not hold. Whatever is left out moves all that is drawn besides, so each
 * smaller run is tried with a few other draws. Deterministic; it tries so many runs at most.
 */
final class SeedMinimiser {

    /** Tries one smaller run of the seed. */
    interface Run {

        /** How it fails, or null if it does not. */
        @Nullable
        SimulationFailure of(long events, Less less);
    }

    /**
     * The smallest run found.
     *
     * @param events how many events happen before its calm
     * @param less what is left out of what the seed draws
     * @param failure how it fails
     */
    record Shortest(long events, Less less, SimulationFailure failure) {}

    private static final int MOST_RUNS = 400;
    private static final int OTHER_DRAWS = 4;
    private static final int MOST_MEMBERS = 7;

    /** Fewer events than these are hardly shorter to read. */
    private static final long FEW_EVENTS = 20;

    private final long seed;
    private final String property;
    private final Run run;
    private Shortest shortest;
    private int runs;

    SeedMinimiser(SimulationFailure failure, Run run) {
        this.seed = failure.seed();
        this.property = failure.property();
        this.shortest = new Shortest(Long.MAX_VALUE, Less.NOTHING, failure);
        this.run = run;
    }

    /** How many runs were tried. */
    int runs() {
        return runs;
    }

    /** The smallest run found that is no larger than the given one, which fails. */
    Shortest minimise(long events, Less less) {
        shortest = new Shortest(events, less, shortest.failure());
        Shortest before;
        do {
            before = shortest;
            fewerEvents();
            fewerKinds();
            smaller();
        } while (!shortest.equals(before) && runs < MOST_RUNS);
        fewerEvents();
        return shortest;
    }

    private void fewerEvents() {
        for (long step = shortest.events() / 2; step >= FEW_EVENTS; step /= 2) {
            boolean unused = fails(shortest.events() - step, shortest.less());
        }
    }

    private void smaller() {
        boolean found = true;
        while (found) {
            found = false;
            for (Less candidate : shortest.less().smaller(seed, MOST_MEMBERS)) {
                if (failsSomehow(candidate)) {
                    found = true;
                    break;
                }
            }
        }
    }

    /** All kinds at once, then halves, down to one by one. */
    private void fewerKinds() {
        List<String> kinds = shortest.less().removable(seed, MOST_MEMBERS);
        for (int size = kinds.size(); size > 0; size /= 2) {
            for (int from = 0; from < kinds.size(); from += size) {
                List<String> part = kinds.subList(from, Math.min(kinds.size(), from + size));
                if (!shortest.less().without().containsAll(part)) {
                    boolean unused = failsSomehow(shortest.less().without(part));
                }
            }
        }
    }

    private boolean failsSomehow(Less candidate) {
        for (int i = 0; i <= OTHER_DRAWS; i++) {
            if (fails(shortest.events(), candidate.drawing(candidate.run() + i))) {
                return true;
            }
        }
        return false;
    }

    private boolean fails(long events, Less less) {
        if (runs == MOST_RUNS) {
            return false;
        }
        runs++;
        SimulationFailure failure = run.of(events, less);
        if (failure == null || !failure.property().equals(property)) {
            return false;
        }
        shortest = new Shortest(events, less, failure);
        return true;
    }
}
