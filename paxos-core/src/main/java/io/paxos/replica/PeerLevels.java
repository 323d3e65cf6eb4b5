// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which feature level each other node has said it supports, in the latest start of it that is known. A node that is started
 * again may run another version of the library than before, so what an earlier start said does not count (rule 9). Kept in
 * memory only: whoever is started anew asks everybody anyway.
 */
final class PeerLevels {

    /** More nodes than vote or observe in any sensible cluster; of those that nobody counts, the first heard go. */
    private static final int MOST = 1024;

    private final PeerStarts starts;
    private final Map<Endpoint, Told> told = new LinkedHashMap<>();
    /** Which of them go by a name, the one heard last at the end. */
    private final Map<NodeId, Deque<Endpoint>> byName = new HashMap<>();

    private record Told(StartId speaker, FeatureLevel level) {}

    /** @param starts the latest start of each counted store, by whatever message it was heard */
    PeerLevels(PeerStarts starts) {
        this.starts = starts;
    }

    /**
     * Takes in what a start of a store says of itself.
     *
     * @return whether it is news
     */
    boolean hear(Endpoint from, StartId speaker, FeatureLevel level) {
        Told before = told.get(from);
        if (before != null && !replaces(from, speaker, before.speaker)) {
            return false;
        }
        told.put(from, new Told(speaker, level));
        if (before == null) {
            byName.computeIfAbsent(from.node(), name -> new ArrayDeque<>(1)).addLast(from);
            forgetTooMuch();
        }
        return true;
    }

    /** A later start replaces an earlier one; of two of the same number, the counted one replaces the other (rule 7). */
    private boolean replaces(Endpoint store, StartId speaker, StartId before) {
        boolean isCountedInstead =
                speaker.equals(starts.latest(store)) && !speaker.equals(before) && !before.isAfter(speaker);
        return speaker.isAfter(before) || isCountedInstead;
    }

    private void forgetTooMuch() {
        Iterator<Endpoint> eldest = told.keySet().iterator();
        while (told.size() > MOST && eldest.hasNext()) {
            Endpoint store = eldest.next();
            if (starts.latest(store) == null) {
                eldest.remove();
                byName.computeIfPresent(store.node(), (name, stores) -> {
                    stores.remove(store);
                    return stores.isEmpty() ? null : stores;
                });
            }
        }
    }

    /** Whether this start of this node has heard nothing of a store, nor of another store under its name. */
    boolean isSilent(Endpoint node) {
        return !byName.containsKey(node.node());
    }

    /**
     * What the latest start of a store supports. Where only another store has been heard under its name, it is that one's
     * word: the one asked about has been lost, or would have spoken.
     *
     * @return the level, or null if that start has not said
     */
    @Nullable
    FeatureLevel of(Endpoint node) {
        Told word = told.get(node);
        if (word != null) {
            StartId latest = starts.latest(node);
            // Of a store that is counted the latest start is known; of one that is not any more, whoever speaks is
            // later.
            boolean isLatest = latest == null || latest.equals(word.speaker) || word.speaker.isAfter(latest);
            return isLatest ? word.level : null;
        }
        Deque<Endpoint> others = byName.get(node.node());
        Told last = others == null ? null : told.get(others.getLast());
        return last == null ? null : last.level;
    }
}
