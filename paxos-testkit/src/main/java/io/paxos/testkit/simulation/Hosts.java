// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import java.util.random.RandomGenerator;

/**
 * How the hosts of the nodes run their machines: as simply as can be, or as the runtime of a real node does.
 *
 * @param gathering microseconds in which events gather, on average, to be taken in as one batch; 0 if each is taken in
 *     alone, as it comes
 * @param answering whether callers are answered from where their commands are executed, rather than by the machine
 */
record Hosts(long gathering, boolean answering) {

    /** One event at a time, and all answers from the machine. */
    static final Hosts PLAIN = new Hosts(0, false);

    static Hosts draw(RandomGenerator random) {
        return new Hosts(Draw.of(random, 0L, 0L, 100L, 1_000L, 5_000L), random.nextBoolean());
    }
}
