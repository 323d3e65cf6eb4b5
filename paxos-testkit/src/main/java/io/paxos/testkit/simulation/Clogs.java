// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** A link holds its messages back for a while and then delivers them all: old news, all at once. */
record Clogs() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int from = random.nextInt(cluster.size());
        int to = random.nextInt(cluster.size());
        long duration = 20_000 + Draw.exponential(random, 500_000);
        cluster.struck(Mark.CLOG, "clogged: " + cluster.name(from) + " to " + cluster.name(to));
        cluster.clog(from, to, duration);
    }
}
