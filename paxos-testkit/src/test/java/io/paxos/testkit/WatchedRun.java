// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import io.paxos.testkit.check.Check;
import io.paxos.testkit.simulation.Variant;
import java.util.List;

/**
 * The product in the simulator, with one more observer, for tests outside this package.
 *
 * @param observer is shown all that happens in the run
 */
public record WatchedRun(Check observer) implements Variant {

    /** Thrown by an observer that has seen enough: the rest of the run is not worth its time. */
    public static final class Enough extends RuntimeException {

        private static final long serialVersionUID = 1;

        /** Without a trace of the stack, which nobody reads. */
        public Enough() {
            super("the observer has seen enough", null, false, false);
        }
    }

    /**
     * Runs a seed, to its end or until the observer has seen enough.
     *
     * @param seed the seed
     * @param events how many events happen before the calm at the end
     * @param mostMembers no cluster has more voters than this
     * @param observer is shown all that happens
     * @throws SimulationFailure if a property did not hold
     */
    public static void of(long seed, long events, int mostMembers, Check observer) {
        try {
            Simulation.builder(seed)
                    .events(events)
                    .mostMembers(mostMembers)
                    .traceRecords(1)
                    .program(new WatchedRun(observer))
                    .run();
        } catch (SimulationFailure e) {
            if (!(e.getCause() instanceof Enough)) {
                throw e;
            }
        }
    }

    /**
     * Where the seeds of the commit under test begin.
     *
     * @return the first of them
     */
    public static long firstSeedOfCommit() {
        return SeedRange.firstOfCommit();
    }

    @Override
    public List<Check> observers() {
        return List.of(observer);
    }
}
