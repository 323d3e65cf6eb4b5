// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Self;
import io.paxos.log.Regime;
import io.paxos.message.LogMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.StateDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the replicas of a log have made of the same stretches of it. Paxos agrees on commands; that the state
 * machines make the same of them is the user's promise, and hardware's, which nothing else in the library looks after.
 * Where more than half of the voters have come to one result and a replica to another, that replica is the odd one. It is
 * named, and stops: what it would answer is not what the cluster has agreed on. Soft state: digests that are lost are
 * made up for by those of the next stretch, and no vote depends on any.
 */
final class Comparison {

    /** A replica that lags further behind than so many stretches is not compared, until it has come nearer. */
    static final int KEPT = 64;

    private final Self self;
    private final GroupId group;
    private final Outbox outbox;

    /** By the last slots of the stretches, what each node has said of them, this one included. */
    private final TreeMap<Long, Map<NodeId, StateDigest>> said = new TreeMap<>();

    private final Set<NodeId> odd = new TreeSet<>();
    private boolean isDisputed;
    private @Nullable String verdict;

    Comparison(Self self, GroupId group, Outbox outbox) {
        this.self = self;
        this.group = group;
        this.outbox = outbox;
    }

    /**
     * This node has executed a stretch. The others hear of it, and hold it against theirs; but for what they have
     * forgotten, which a node that is started again executes anew.
     *
     * @param decided up to where the log is known to be decided
     */
    void executed(StateDigest digest, long decided, Peers peers) {
        if (decided - digest.slot() > (long) KEPT * digest.length()) {
            return;
        }
        for (Endpoint voter : peers.otherVoters()) {
            outbox.send(voter, new LogMessage.Compare(digest));
        }
        for (Endpoint observer : peers.observers()) {
            outbox.send(observer, new LogMessage.Compare(digest));
        }
        note(self.node(), digest, peers);
    }

    /**
     * Another node has executed a stretch.
     *
     * @return whether it belongs to the log; nobody else is listened to
     */
    boolean heard(Endpoint from, StateDigest digest, Peers peers) {
        boolean belongs = peers.counts(from)
                || peers.regimes().latest().configuration().observers().contains(from.node());
        if (belongs) {
            note(from.node(), digest, peers);
        }
        return belongs;
    }

    private void note(NodeId node, StateDigest digest, Peers peers) {
        said.computeIfAbsent(digest.slot(), slot -> new HashMap<>()).put(node, digest);
        judge(digest.slot(), peers);
        if (said.size() > KEPT) {
            said.pollFirstEntry();
        }
    }

    private void judge(long slot, Peers peers) {
        Map<NodeId, StateDigest> all = said.get(slot);
        if (all == null) {
            return;
        }
        Regime regime = peers.current();
        StateDigest right = majority(all, regime);
        if (right == null) {
            dispute(all, regime);
            return;
        }
        isDisputed = false;
        Set<NodeId> found = new TreeSet<>();
        all.forEach((node, digest) -> {
            if (digest.equals(right)) {
                odd.remove(node);
            } else if (digest.length() == right.length() && odd.add(node)) {
                found.add(node);
            }
        });
        if (found.isEmpty()) {
            return;
        }
        String what = "state of group " + group + " differs at " + found + ", by " + all
                + ": more than half of the voters" + " have come to " + right;
        outbox.add(new Effect.Diverged(group, found, what));
        if (found.contains(self.node())) {
            verdict = "the " + what + ". This replica answers nothing more, for its state is not what was agreed on;"
                    + " find out why its state machine or its machine went another way, then empty its directory and"
                    + " have it taken in again, so that it gets its state from another node";
        }
    }

    /** All have said what they have come to, of stretches of one length, and no result is that of more than half of them. */
    private void dispute(Map<NodeId, StateDigest> all, Regime regime) {
        boolean allSaid = regime.voters().stream().allMatch(voter -> all.containsKey(voter.node()));
        boolean areComparable =
                all.values().stream().map(StateDigest::length).distinct().count() == 1;
        if (allSaid && areComparable && !isDisputed) {
            isDisputed = true;
            outbox.add(new Effect.Diverged(
                    group,
                    Set.of(),
                    "states of group " + group + " differ, by " + all
                            + ", and no more than half of the voters agree; nobody can tell which of them are right"));
        }
    }

    /** What more than half of the voters have come to, or null if so many have not, or have not said so. */
    private static @Nullable StateDigest majority(Map<NodeId, StateDigest> all, Regime regime) {
        Map<StateDigest, Integer> votes = new HashMap<>();
        for (Endpoint voter : regime.voters()) {
            StateDigest digest = all.get(voter.node());
            if (digest != null
                    && 2 * votes.merge(digest, 1, Integer::sum)
                            > regime.voters().size()) {
                return digest;
            }
        }
        return null;
    }

    /** The nodes that have been found to differ, and have not been found to agree since. */
    Set<NodeId> odd() {
        return Set.copyOf(odd);
    }

    /** Why this replica must stop, or null if nothing is known against it. */
    @Nullable
    String verdict() {
        return verdict;
    }
}
