// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** Someone sets the clock of a node. */
record ClockSteps() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextInt(cluster.size());
        long millis = Draw.between(random, -100_000, 100_000);
        cluster.struck(Mark.CLOCK_STEP, "the clock of " + cluster.name(node) + " is set by " + millis + " ms");
        cluster.stepClock(node, millis);
    }
}
