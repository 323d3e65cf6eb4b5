// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Endpoint;
import io.paxos.model.StartId;
import io.paxos.spi.Write;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest start heard of each counted store (rule 7), which tells a store that was restored from a backup, or copied
 * and started twice, from the one whose votes count. Of two starts of the same number the one heard first is counted.
 * What is learned here is written down in the same step.
 *
 * <p>Of this node's own store it knows whether another start of it is counted elsewhere. Such a store stays a stranger
 * for good, however often it is started again: what the other start voted is not in it.
 */
final class PeerStarts {

    private final Endpoint self;
    private final StartId own;
    private final Map<Endpoint, StartId> latest = new HashMap<>();
    private @Nullable StartId counted;

    /**
     * With the memory of the store.
     *
     * @param own this start of this node's own store
     * @param recovered what was written
     */
    PeerStarts(Endpoint self, StartId own, Map<Endpoint, Long> recovered) {
        this.self = self;
        this.own = own;
        recovered.forEach((peer, bits) -> latest.put(peer, new StartId(bits)));
        this.counted = latest.remove(self);
    }

    /** The latest start heard of this store, or null. */
    @Nullable
    StartId latest(Endpoint peer) {
        return latest.get(peer);
    }

    /** Whether the store is known by another start than this one that is not an earlier one. */
    boolean isOutdated(Endpoint peer, StartId start) {
        StartId known = latest.get(peer);
        return known != null && !known.equals(start) && !start.isAfter(known);
    }

    /** Takes note of a start of a counted store; returns what to write, or null if nothing is new about it. */
    @Nullable
    Write hear(Endpoint peer, StartId start) {
        StartId known = latest.get(peer);
        if (known != null && !start.isAfter(known)) {
            return null;
        }
        latest.put(peer, start);
        return new Write.PeerStartWrite(peer, start.bits());
    }

    /**
     * Takes note of what a peer says of this node's own store. That it knows an earlier start, or this one, is as it
     * should be; the same holds for what was said to an earlier life of this store and comes late.
     *
     * @param told the latest start the peer has heard of
     * @return what to write if by this the node turns out to be a stranger, else null
     */
    @Nullable
    Write hearOfOwn(StartId told) {
        boolean isAnother = told.isAfter(own) || (told.number() == own.number() && !told.equals(own));
        if (!isAnother || counted != null) {
            return null;
        }
        counted = told;
        return new Write.PeerStartWrite(self, told.bits());
    }

    /** The start of this node's own store that is counted instead of this one, or null if none is known. */
    @Nullable
    StartId countedInstead() {
        return counted;
    }
}
