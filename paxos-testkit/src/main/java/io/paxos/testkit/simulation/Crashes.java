// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/**
 * A node crashes and is started again after a while: with its store, or with an empty one if the cluster can spare the
 * votes of the old one.
 */
record Crashes(boolean loseStore) implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextBoolean() ? cluster.likelyLeader() : random.nextInt(cluster.size());
        long down = Draw.chance(random, 0.2) ? 1_000 : Draw.exponential(random, 300_000);
        if (!cluster.isUp(node)) {
            return;
        }
        cluster.crash(node);
        if (loseStore && cluster.maySpareStore(node)) {
            cluster.struck(Mark.STORE_LOSS, cluster.name(node) + " crashes and loses its store");
            cluster.loseStore(node);
        } else {
            cluster.struck(Mark.CRASH, cluster.name(node) + " crashes");
        }
        cluster.after(down, () -> cluster.restart(node));
    }
}
