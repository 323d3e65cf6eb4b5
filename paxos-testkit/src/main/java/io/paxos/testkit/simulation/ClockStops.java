// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** The clocks of a node stand still for a while: it hears and answers, but no time goes by for it. */
record ClockStops() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextBoolean() ? cluster.likelyLeader() : random.nextInt(cluster.size());
        long duration = 50_000 + Draw.exponential(random, 500_000);
        cluster.struck(
                Mark.CLOCK_STOP, "the clocks of " + cluster.name(node) + " stand still for " + duration / 1000 + " ms");
        cluster.setPace(node, 0);
        cluster.after(duration, () -> cluster.setPace(node, 1));
    }
}
