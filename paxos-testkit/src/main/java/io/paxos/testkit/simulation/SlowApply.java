// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** A node executes commands slowly for a while. */
record SlowApply() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextInt(cluster.size());
        cluster.struck(Mark.SLOW_APPLY, cluster.name(node) + " executes slowly");
        cluster.slowApply(node, Draw.between(random, 5, 100));
        cluster.after(50_000 + Draw.exponential(random, 400_000), () -> cluster.slowApply(node, 1));
    }
}
