// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/**
 * The clocks of a node go too fast or too slowly for a while.
 *
 * @param most how many times as fast as they should at most, and how many times slower
 */
record ClockDrifts(double most) implements Fault {

    /** Up to twice as fast as they should, or half. */
    ClockDrifts() {
        this(2);
    }

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextBoolean() ? cluster.likelyLeader() : random.nextInt(cluster.size());
        double times = random.nextBoolean()
                ? 1 + (most - 1) * random.nextDouble()
                : 1 / (1 + (most - 1) * random.nextDouble());
        long duration = 100_000 + Draw.exponential(random, 1_000_000);
        cluster.struck(
                Mark.CLOCK_DRIFT,
                "the clocks of " + cluster.name(node) + " go " + Math.round(times * 100) + " % as fast");
        cluster.setPace(node, times);
        cluster.after(duration, () -> cluster.setPace(node, 1));
    }
}
