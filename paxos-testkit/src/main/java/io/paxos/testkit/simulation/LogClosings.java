// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.GroupId;
import io.paxos.testkit.coverage.Mark;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Lets nodes close logs while they go on, mostly where one leads, and open them again: at once, or after a while. In a part
 * of the runs, and with draws of its own, so that the others stay what they were.
 */
final class LogClosings {

    private final World world;
    private final RandomGenerator random;
    private final boolean takePart;
    private final long meanInterval;

    /** @param may whether this run may have it at all */
    LogClosings(World world, RandomGenerator random, boolean may) {
        this.world = world;
        this.random = random;
        this.takePart = may && Draw.chance(random, 0.3);
        this.meanInterval = Draw.of(random, 60_000L, 300_000L, 1_500_000L);
    }

    void begin() {
        if (takePart) {
            later();
        }
    }

    private void later() {
        world.cluster().after(Draw.exponential(random, meanInterval), () -> {
            strike();
            later();
        });
    }

    private void strike() {
        List<Host> up = world.hostsUp();
        if (up.isEmpty()) {
            return;
        }
        Host leading = world.host(world.cluster().likelyLeader());
        Host host = leading != null && random.nextBoolean() ? leading : Draw.of(random, up);
        if (host.openGroups().isEmpty()) {
            return;
        }
        GroupId group = Draw.of(random, host.openGroups());
        world.cluster().struck(Mark.LOG_CLOSED, host.name() + " closes " + group);
        host.close(group);
        long closedFor = random.nextBoolean() ? 0 : Draw.exponential(random, 300_000);
        world.timeline().after(closedFor, host, () -> host.open(group));
    }
}
