// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.model.Configuration;
import io.paxos.model.DecidedChange;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import io.paxos.quorum.QuorumSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The changes of membership that a log has decided, as far as they matter for slots to come. Everyone who knows the same
 * slots comes to the same changes: one that does not name the latest version changes nothing, nor does one over which
 * the configured rule has no quorums (rule 10). Not safe for use by several threads.
 */
public final class Changes {

    /** So many acceptors can be counted. */
    private static final int MOST_VOTERS = Long.SIZE;

    private final int alpha;
    private final Function<Set<NodeId>, QuorumSystem> quorums;
    private final List<DecidedChange> kept = new ArrayList<>();
    private long version;

    /**
     * No change yet.
     *
     * @param alpha how many slots behind the one that decides it a change begins to govern, at least 1
     * @param quorums makes the quorum system of given voters, or throws {@link IllegalArgumentException} where there is
     *     none
     */
    public Changes(int alpha, Function<Set<NodeId>, QuorumSystem> quorums) {
        this.alpha = alpha;
        this.quorums = quorums;
    }

    /**
     * A change is decided. To be called for one slot after another.
     *
     * @param slot where
     * @param change the change
     * @return whether it takes effect
     */
    public boolean decide(long slot, Value.Reconfigure change) {
        if (change.amends() != version || !isTenable(change.next())) {
            return false;
        }
        version = change.next().version();
        kept.add(new DecidedChange(slot, change.next()));
        return true;
    }

    /**
     * Whether there are quorums of these voters, so that anything could still be chosen.
     *
     * @param configuration who is to vote
     * @return true if the configured rule holds over them
     */
    public boolean isTenable(Configuration configuration) {
        Set<NodeId> voters = configuration.voters().voters().keySet();
        if (voters.size() > MOST_VOTERS) {
            return false;
        }
        try {
            return quorums.apply(voters).members().equals(voters);
        } catch (RuntimeException e) {
            // Whatever a rule of somebody else's says with it: it has no quorums over these voters.
            return false;
        }
    }

    /**
     * Forgets what governs no slot behind one any more.
     *
     * @param upTo the last slot that nobody will ask about
     */
    public void forget(long upTo) {
        while (kept.size() > 1 && kept.get(1).slot() + alpha <= upTo + 1) {
            kept.remove(0);
        }
    }

    /**
     * Begins anew with what a snapshot says.
     *
     * @param changes the changes that matter for the slots behind it
     */
    public void replace(List<DecidedChange> changes) {
        kept.clear();
        kept.addAll(changes);
        version = changes.isEmpty()
                ? 0
                : changes.get(changes.size() - 1).configuration().version();
    }

    /**
     * The changes, the earliest first.
     *
     * @return those that are not forgotten; empty if none was ever decided
     */
    public List<DecidedChange> kept() {
        return List.copyOf(kept);
    }

    /**
     * The number of the latest configuration.
     *
     * @return 0 if no change took effect
     */
    public long version() {
        return version;
    }

    /**
     * How far behind the slot that decides it a change begins to govern.
     *
     * @return α, in slots
     */
    public int alpha() {
        return alpha;
    }
}
