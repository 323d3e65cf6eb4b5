// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.FeatureLevel;

/**
 * At which feature levels the logs of a node may work.
 *
 * @param first the level that is in force from a log's first slot on; it must be the same on every node, for as long as the
 *     log exists
 * @param highest the highest that this node says it supports; no level above is ever decided as long as it belongs
 */
public record LevelPolicy(FeatureLevel first, FeatureLevel highest) {

    /** For nodes of which nothing is known: they begin with what everybody supports, and rise together. */
    public static final LevelPolicy RISING = new LevelPolicy(FeatureLevel.BASE, FeatureLevel.LATEST);

    /** For hosts all of whose nodes run this very version, for as long as their logs exist, such as simulations. */
    public static final LevelPolicy SETTLED = new LevelPolicy(FeatureLevel.LATEST, FeatureLevel.LATEST);

    /**
     * Checks that there is something between them.
     *
     * @throws IllegalArgumentException if the first is above the highest, or the highest is above what this version of the
     *     library supports
     */
    public LevelPolicy {
        if (first.compareTo(highest) > 0 || highest.compareTo(FeatureLevel.LATEST) > 0) {
            throw new IllegalArgumentException("logs cannot begin at " + first + " and rise to " + highest
                    + ": this library supports up to " + FeatureLevel.LATEST
                    + ", and no log begins above what its nodes support");
        }
    }
}
