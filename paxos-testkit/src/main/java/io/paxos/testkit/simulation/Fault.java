// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import java.util.random.RandomGenerator;

/** Something that goes wrong now and then. A kind of fault is one small class. */
interface Fault {

    /**
     * Strikes once. What it begins it also ends, by {@link Cluster#after}.
     *
     * @param cluster what it strikes
     * @param random where, how hard and how long
     */
    void strike(Cluster cluster, RandomGenerator random);
}
