// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a leader knows of those who follow it: when each was heard last, and how far it is. */
final class Followers {

    private final Peers peers;
    private final Map<Endpoint, Long> heardAt = new HashMap<>();
    private final Map<Endpoint, Long> reached = new HashMap<>();
    private final Map<Endpoint, Long> decided = new HashMap<>();
    private final Map<Endpoint, Long> reported = new HashMap<>();

    /** Everyone counts as heard when the office begins. */
    Followers(Peers peers, long now) {
        this.peers = peers;
        follow(now);
    }

    /** Who votes may have changed; whoever is new counts as heard. */
    void follow(long now) {
        peers.voters().forEach(voter -> heardAt.putIfAbsent(voter, now));
        heardAt.keySet().retainAll(peers.voters());
        reached.keySet().retainAll(peers.voters());
        decided.keySet().retainAll(peers.voters());
        reported.keySet().retainAll(peers.voters());
    }

    void heard(Endpoint voter, long now) {
        heardAt.computeIfPresent(voter, (key, before) -> Math.max(before, now));
    }

    /** When a voter was heard last; of anyone else, that it is heard now. */
    long heardAt(Endpoint voter, long now) {
        return heardAt.getOrDefault(voter, now);
    }

    /** A voter holds what this leader has proposed up to a slot. */
    void reached(Endpoint voter, long slot, long now) {
        if (heardAt.replace(voter, now) != null) {
            reached.merge(voter, slot, Math::max);
        }
    }

    /** A voter knows what is decided up to a slot. */
    void decided(Endpoint voter, long slot, long now) {
        if (heardAt.replace(voter, now) != null) {
            reached.merge(voter, slot, Math::max);
            decided.merge(voter, slot, Math::max);
            reported.merge(voter, slot, Math::max);
        }
    }

    /** A voter has been started again: it knows what it has written, but may not take part in this log. */
    void restarted(Endpoint voter) {
        decided.remove(voter);
    }

    /** How far the others know all to be decided is to be told anew. */
    void forgetDecided() {
        decided.clear();
    }

    /** The transport says that a voter is gone: it is no one to hand an office to. */
    void lost(NodeId voter) {
        reached.keySet().removeIf(each -> each.node().equals(voter));
    }

    /** Who was heard within so many ticks. */
    Set<Endpoint> heardWithin(long ticks, long now) {
        Set<Endpoint> heard = new HashSet<>();
        heardAt.forEach((node, at) -> {
            if (now - at < ticks) {
                heard.add(node);
            }
        });
        return heard;
    }

    /** When the one of them was heard that has been silent for the longest time. */
    long firstHeardOf(Set<Endpoint> voters) {
        long first = Long.MAX_VALUE;
        for (Endpoint voter : voters) {
            first = Math.min(first, heardAt.getOrDefault(voter, Long.MIN_VALUE / 2));
        }
        return first;
    }

    /** Who knows all to be decided up to a slot. */
    Set<Endpoint> decidedUpTo(long slot) {
        Set<Endpoint> informed = new HashSet<>();
        decided.forEach((node, upTo) -> {
            if (upTo >= slot) {
                informed.add(node);
            }
        });
        return informed;
    }

    /** How many of the slots up to one each other voter has not reported as decided; who has reported nothing is left out. */
    SortedMap<NodeId, Long> lags(long slot) {
        SortedMap<NodeId, Long> lags = new TreeMap<>();
        for (Endpoint voter : peers.otherVoters()) {
            Long has = reported.get(voter);
            if (has != null) {
                lags.put(voter.node(), Math.max(0, slot - has));
            }
        }
        return lags;
    }

    /** Whether a voter has answered this leader lately, and is no more than so many slots behind one. */
    boolean isNear(Endpoint voter, long slot, long mostBehind, long withinTicks, long now) {
        Long at = heardAt.get(voter);
        Long has = reached.get(voter);
        return at != null && has != null && now - at < withinTicks && slot - has <= mostBehind;
    }

    /** The other voter that is farthest of those that have answered lately and are to stay, or null if none is. */
    @Nullable
    Endpoint best(long withinTicks, long now) {
        Endpoint best = null;
        long farthest = -1;
        for (Endpoint voter : peers.otherVoters()) {
            if (!peers.mayLeadOn(voter)) {
                continue;
            }
            Long has = reached.get(voter);
            boolean heard = now - heardAt.getOrDefault(voter, Long.MIN_VALUE / 2) < withinTicks;
            if (has != null && heard && has > farthest) {
                best = voter;
                farthest = has;
            }
        }
        return best;
    }
}
