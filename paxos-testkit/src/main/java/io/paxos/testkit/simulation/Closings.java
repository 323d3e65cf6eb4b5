// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** A node is closed in order, mostly one that leads, so that its office changes hands at once; later it is started again. */
record Closings() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = Draw.chance(random, 0.8) ? cluster.likelyLeader() : random.nextInt(cluster.size());
        long down = Draw.exponential(random, 200_000);
        if (cluster.isUp(node)) {
            cluster.struck(Mark.CLOSE, cluster.name(node) + " is closed");
            cluster.close(node);
            cluster.after(down, () -> cluster.restart(node));
        }
    }
}
