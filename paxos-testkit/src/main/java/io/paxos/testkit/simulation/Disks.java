// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

/**
 * How stores behave.
 *
 * @param inline whether a write is durable at once, as in memory
 * @param meanDelay microseconds that a write takes on average, exponentially distributed
 * @param group whether all writes that wait become durable together
 */
record Disks(boolean inline, long meanDelay, boolean group) {

    /** When all is well. */
    static final Disks CALM = new Disks(false, 500, true);
}
