// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** A node stands still, as in a long garbage collection, and then goes on as if no time had passed. */
record Pauses() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextBoolean() ? cluster.likelyLeader() : random.nextInt(cluster.size());
        long duration = 20_000 + Draw.exponential(random, 300_000);
        cluster.struck(Mark.PAUSE, cluster.name(node) + " stands still for " + duration / 1000 + " ms");
        cluster.pause(node, duration);
    }
}
