// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import java.util.random.RandomGenerator;

/** Lets drawn faults strike, each kind again and again, until the calm. */
final class Storm {

    private final Cluster cluster;
    private final RandomGenerator random;
    private final Runnable beforeStrike;

    /** A storm over a cluster; something is told before each strike. */
    Storm(Cluster cluster, RandomGenerator random, Runnable beforeStrike) {
        this.cluster = cluster;
        this.random = random;
        this.beforeStrike = beforeStrike;
    }

    void begin(FaultPlan faults) {
        faults.faults().forEach(this::strikeLater);
    }

    private void strikeLater(FaultPlan.Recurring recurring) {
        cluster.after(Draw.exponential(random, recurring.meanInterval()), () -> {
            beforeStrike.run();
            recurring.fault().strike(cluster, random);
            strikeLater(recurring);
        });
    }
}
