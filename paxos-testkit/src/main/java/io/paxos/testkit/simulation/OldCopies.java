// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/**
 * A store is copied while its node runs; the node is started again with the store itself; and then it is started with the
 * copy, as if a backup had been put back or a copied directory been started. From then on the node must be counted
 * nowhere, whatever it does before it is told. Only where the others have heard of a start that the copy does not know:
 * more is not promised (rule 7).
 */
record OldCopies() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextBoolean() ? cluster.likelyLeader() : random.nextInt(cluster.size());
        cluster.copyStore(node);
        restartLater(cluster, node, random);
        if (random.nextBoolean()) {
            // Otherwise the next start of the copy has the number of the one that is counted.
            restartLater(cluster, node, random);
        }
        cluster.after(1_000_000 + Draw.exponential(random, 2_000_000), () -> {
            if (cluster.mayPutCopyBack(node)) {
                if (cluster.isUp(node)) {
                    cluster.crash(node);
                }
                cluster.struck(Mark.OLD_COPY, cluster.name(node) + " is started with an old copy of its store");
                cluster.putCopyBack(node);
                cluster.after(Draw.exponential(random, 100_000), () -> cluster.restart(node));
            }
        });
    }

    private static void restartLater(Cluster cluster, int node, RandomGenerator random) {
        cluster.after(Draw.exponential(random, 500_000), () -> {
            if (cluster.isUp(node)) {
                cluster.crash(node);
                cluster.restart(node);
            }
        });
    }
}
