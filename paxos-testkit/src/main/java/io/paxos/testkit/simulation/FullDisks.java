// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/**
 * A disk is full for a while. The first write that fails makes its node useless until it is started again, which it can
 * only be when there is room; until then it may go on answering what needs no write.
 */
record FullDisks() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextBoolean() ? cluster.likelyLeader() : random.nextInt(cluster.size());
        long duration = 20_000 + Draw.exponential(random, 400_000);
        cluster.struck(Mark.DISK_FULL, "the disk of " + cluster.name(node) + " is full");
        cluster.fillDisk(node, true);
        cluster.after(duration, () -> {
            cluster.fillDisk(node, false);
            if (cluster.isUp(node)) {
                cluster.crash(node);
            }
            cluster.restart(node);
        });
    }
}
