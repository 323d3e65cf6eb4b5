// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/**
 * A node is gone for so long that the others may have forgotten what it lacks. Sometimes the leader crashes just when it
 * comes back, so that it may stand for the office.
 */
record Absences() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextInt(cluster.size());
        long away = 300_000 + Draw.exponential(random, 1_500_000);
        boolean leaderless = random.nextBoolean();
        long down = Draw.exponential(random, 500_000);
        if (!cluster.isUp(node)) {
            return;
        }
        cluster.struck(Mark.ABSENCE, cluster.name(node) + " is gone for " + away / 1000 + " ms");
        cluster.crash(node);
        cluster.after(away, () -> {
            cluster.restart(node);
            int leader = cluster.likelyLeader();
            if (leaderless && leader != node && cluster.isUp(leader)) {
                cluster.struck(Mark.CRASH, cluster.name(leader) + " crashes");
                cluster.crash(leader);
                cluster.after(down, () -> cluster.restart(leader));
            }
        });
    }
}
