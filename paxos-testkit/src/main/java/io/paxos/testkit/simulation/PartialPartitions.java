// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Links are cut so that nodes disagree on who can be reached: all talk to a hub only (quorum loss), in a chain, or one
 * link between two of them is cut. Leadership must neither stick where it is of no use nor fly to and fro.
 */
record PartialPartitions() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        Network.Cut cut = draw(cluster, random);
        if (cut != null) {
            cluster.cut(cut);
            long life = 100_000 + Draw.exponential(random, 500_000);
            cluster.after(life, () -> cluster.heal(cut));
        }
    }

    /** Draws which links to cut, and says so in the trace; null if there are too few nodes. */
    static Network.@Nullable Cut draw(Cluster cluster, RandomGenerator random) {
        int nodes = cluster.size();
        if (nodes < 3) {
            return null;
        }
        Network.Cut cut = cluster.newCut();
        int shape = random.nextInt(3);
        int one = random.nextInt(nodes);
        int other = (one + 1 + random.nextInt(nodes - 1)) % nodes;
        for (int a = 0; a < nodes; a++) {
            for (int b = a + 1; b < nodes; b++) {
                boolean severed =
                        switch (shape) {
                            case 0 -> a != one && b != one;
                            case 1 -> b - a > 1;
                            default -> Math.min(one, other) == a && Math.max(one, other) == b;
                        };
                if (severed) {
                    cut.bothWays(a, b);
                }
            }
        }
        String what =
                switch (shape) {
                    case 0 -> "only " + cluster.name(one) + " is reached by all";
                    case 1 -> "the nodes form a chain";
                    default -> cluster.name(one) + " and " + cluster.name(other) + " are cut off from each other";
                };
        cluster.struck(Mark.PARTIAL_PARTITION, what);
        return cut;
    }
}
