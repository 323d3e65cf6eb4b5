// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/**
 * The next snapshot of a node cannot be written, so that its log stays longer; or a part of one that is durable becomes
 * unreadable, if the cluster can spare the store: whoever fetches that snapshot must go on with another peer, and if the
 * node itself needs it, its disk has to be replaced.
 */
record SnapshotTroubles() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextInt(cluster.size());
        if (random.nextBoolean()) {
            cluster.failNextSnapshot(node);
        } else if (cluster.maySpareStore(node) && cluster.damageSnapshot(node)) {
            cluster.struck(Mark.SNAPSHOT_DAMAGED, "a snapshot of " + cluster.name(node) + " is damaged");
        }
    }
}
