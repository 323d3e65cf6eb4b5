// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** A store becomes slow for a while, or a write fails, after which the node is of no use until it is started again. */
record StoreTroubles() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextBoolean() ? cluster.likelyLeader() : random.nextInt(cluster.size());
        long duration = 50_000 + Draw.exponential(random, 400_000);
        if (Draw.chance(random, 0.7)) {
            cluster.struck(Mark.SLOW_STORE, "the store of " + cluster.name(node) + " is slow");
            cluster.slowStore(node, Draw.between(random, 5, 40));
            cluster.after(duration, () -> cluster.slowStore(node, 1));
        } else if (cluster.isUp(node)) {
            cluster.struck(Mark.WRITE_FAILURE, "the next write of " + cluster.name(node) + " fails");
            cluster.failNextWrite(node);
            cluster.after(duration, () -> {
                if (cluster.isUp(node)) {
                    cluster.crash(node);
                    cluster.restart(node);
                }
            });
        }
    }
}
