// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** The nodes fall into two halves of any size, sometimes of one node; neither hears the other, or only one of them does. */
record Partitions() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int nodes = cluster.size();
        boolean oneWay = Draw.chance(random, 0.4);
        boolean alone = Draw.chance(random, 0.3);
        int half = alone
                ? 1 << (random.nextBoolean() ? cluster.likelyLeader() : random.nextInt(nodes))
                : random.nextInt(1 << nodes);
        Network.Cut cut = cluster.newCut();
        for (int a = 0; a < nodes; a++) {
            for (int b = 0; b < nodes; b++) {
                if ((half & (1 << a)) != 0 && (half & (1 << b)) == 0) {
                    if (oneWay) {
                        cut.oneWay(a, b);
                    } else {
                        cut.bothWays(a, b);
                    }
                }
            }
        }
        cluster.cut(cut);
        Mark bothWays = alone ? Mark.ISOLATION : Mark.PARTITION;
        cluster.struck(
                oneWay ? Mark.ONE_WAY_PARTITION : bothWays,
                "nodes " + Integer.toBinaryString(half) + (oneWay ? " are not heard by" : " are cut off from")
                        + " the rest");
        long life = 60_000 + Draw.exponential(random, 400_000);
        cluster.after(life, () -> cluster.heal(cut));
    }
}
