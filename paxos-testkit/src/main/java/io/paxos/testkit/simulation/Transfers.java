// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/**
 * Somebody wants another node to lead. Mostly they ask the leader and name a voter; sometimes they ask somebody else, or
 * name nobody, an observer, or a node that there is not.
 */
record Transfers() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = Draw.chance(random, 0.9) ? cluster.likelyLeader() : random.nextInt(cluster.size());
        int target = random.nextInt(cluster.size());
        boolean resign = Draw.chance(random, 0.1);
        int ticks = Draw.chance(random, 0.1) ? Draw.between(random, 1, 3) : Draw.between(random, 20, 150);
        double draw = random.nextDouble();
        if (!cluster.isUp(node)) {
            return;
        }
        cluster.struck(Mark.TRANSFER, cluster.name(node) + " is to let another node lead");
        if (draw < 0.15) {
            cluster.handOver(node);
        } else if (draw < 0.35) {
            cluster.transfer(node, Cluster.THE_BEST, resign, ticks);
        } else {
            cluster.transfer(node, draw < 0.38 ? Cluster.NOBODY : target, resign, ticks);
        }
    }
}
