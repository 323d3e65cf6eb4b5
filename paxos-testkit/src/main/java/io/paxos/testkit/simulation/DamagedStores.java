// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/**
 * A node crashes, and its store is found damaged when it is to be started: it does not start until its disk has been
 * replaced by an empty one. Only if the cluster can spare the votes of the old one.
 */
record DamagedStores() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextInt(cluster.size());
        long down = 200_000 + Draw.exponential(random, 1_000_000);
        if (!cluster.isUp(node) || !cluster.maySpareStore(node)) {
            return;
        }
        cluster.struck(Mark.STORE_DAMAGED, cluster.name(node) + " crashes and finds its store damaged");
        cluster.crash(node);
        cluster.loseStore(node);
        cluster.after(down, () -> cluster.restart(node));
    }
}
