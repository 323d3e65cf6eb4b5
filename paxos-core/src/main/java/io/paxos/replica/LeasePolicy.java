// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

/**
 * Whether acceptors grant leases, and for how long (rule 14). It must be the same on every node, and stay so: a node that
 * is started without leases does not know that it may have granted one before.
 *
 * @param nanos how long a grant lasts on the clock of whoever grants it, in nanoseconds; 0 for no leases
 * @param driftBound by how much the monotonic clocks of two machines may differ over the time of a lease: while one
 *     counts 1 second the other counts at most 1 + {@code driftBound}
 */
public record LeasePolicy(long nanos, double driftBound) {

    /** No leases. */
    public static final LeasePolicy NONE = new LeasePolicy(0, 0);

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if the time is negative, or the drift of leases is not a positive number
     */
    public LeasePolicy {
        if (nanos < 0) {
            throw new IllegalArgumentException("a lease cannot last " + nanos + " ns; say 0 for no leases");
        }
        // The negation lets what is not a number fail as well.
        if (nanos > 0 && !(driftBound > 0 && driftBound <= 1)) {
            throw new IllegalArgumentException("the drift bound of leases must be above 0 and at most 1, but is "
                    + driftBound + ": 0.01 says that no clock gains more than a hundredth on another");
        }
    }

    /** Whether there are leases at all. */
    boolean isOn() {
        return nanos > 0;
    }

    /** How long whoever holds a lease may trust it by its own clock, counted from before it asked. */
    long trustedNanos() {
        return (long) (nanos / (1 + driftBound));
    }
}
