// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the logs of this node say of those who vote in them: a level is in force only where every voter has said that it
 * supports it (rule 9). Every leader whose log may rise asks, in every step, of every voter that is silent; so all logs are
 * looked at once after something has changed in one of them, and not once for each question. Not safe for use by several threads.
 */
final class VouchedLevels {

    private final Consumer<BiConsumer<FeatureLevel, Collection<Endpoint>>> logs;
    private @Nullable Map<Endpoint, FeatureLevel> highest;

    /** @param logs tells of each log the level that is in force and the stores that vote there */
    VouchedLevels(Consumer<BiConsumer<FeatureLevel, Collection<Endpoint>>> logs) {
        this.logs = logs;
    }

    /** The level or the voters of a log may be others than before, or there is one log more or less. */
    void changed() {
        highest = null;
    }

    /** The highest level in force in any log in which a store votes, or null if that is the lowest there is. */
    @Nullable
    FeatureLevel of(Endpoint voter) {
        Map<Endpoint, FeatureLevel> known = highest;
        if (known == null) {
            known = look();
            highest = known;
        }
        return known.get(voter);
    }

    private Map<Endpoint, FeatureLevel> look() {
        Map<Endpoint, FeatureLevel> found = new HashMap<>();
        logs.accept((inForce, voters) -> {
            if (!inForce.equals(FeatureLevel.BASE)) {
                voters.forEach(voter -> found.merge(voter, inForce, FeatureLevel::max));
            }
        });
        return found;
    }
}
