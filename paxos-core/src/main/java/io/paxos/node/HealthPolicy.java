// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.time.Duration;

/**
 * From when on a node counts as not ready.
 *
 * @param leaderless how long a log may have heard no leader; longer than any election that ends, so that elections are not
 *     seen, and as long as a caller may wait before it is sent elsewhere
 * @param mostBehind how many slots that are known to be decided may not be executed here yet; more than are decided
 *     between two heartbeats under the highest load, so that load is not seen
 */
public record HealthPolicy(Duration leaderless, long mostBehind) {

    /** Ten seconds without a leader, 10,000 slots behind. */
    public static final HealthPolicy DEFAULTS = new HealthPolicy(Duration.ofSeconds(10), 10_000);

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public HealthPolicy {
        if (leaderless.isNegative()) {
            throw new IllegalArgumentException("leaderless is " + leaderless
                    + ", but a node cannot have heard its leader in the future; say zero or more");
        }
        if (mostBehind < 0) {
            throw new IllegalArgumentException(
                    "mostBehind is " + mostBehind + ", but nobody can be less than nothing behind; say 0 or more");
        }
    }
}
