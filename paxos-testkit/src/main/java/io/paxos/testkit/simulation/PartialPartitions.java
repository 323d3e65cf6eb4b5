package io.paxos.testkit.simulation;

import java.util.random.RandomGenerator;

/**
 * Links are cut so that nodes disagree on who can be reached: all talk to a hub only (quorum loss), in a chain, or one
 * link between two of them is cut. Leadership must neither stick where it is of no use nor fly to and fro.
 */
record PartialPartitions() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int nodes = cluster.size();
        if (nodes < 3) {
            return;
        }
        Network.Cut cut = cluster.network().newCut();
        int hub = random.nextInt(nodes);
        int shape = random.nextInt(3);
        int other = (hub + 1 + random.nextInt(nodes - 1)) % nodes;
        for (int a = 0; a < nodes; a++) {
            for (int b = a + 1; b < nodes; b++) {
                boolean severed =
                        switch (shape) {
                            case 0 -> a != hub && b != hub;
                            case 1 -> b - a > 1;
                            default -> Math.min(hub, other) == a && Math.max(hub, other) == b;
                        };
                if (severed) {
                    cut.bothWays(a, b);
                }
            }
        }
        cluster.network().cut(cut);
        String what =
                switch (shape) {
                    case 0 -> "only " + cluster.name(hub) + " is reached by all";
                    case 1 -> "the nodes form a chain";
                    default -> cluster.name(hub) + " and " + cluster.name(other) + " are cut off from each other";
                };
        cluster.struck(Mark.PARTIAL_PARTITION, what);
        long life = 100_000 + Draw.exponential(random, 500_000);
        cluster.after(life, () -> cluster.network().heal(cut));
    }
}
