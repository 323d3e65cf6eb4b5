// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.QuorumSystem;
import io.paxos.quorum.Tally;
import org.jspecify.annotations.Nullable;

/**
 * What a phase-1 quorum of acceptors says that it has accepted. Whatever was chosen before the first of them was asked
 * shows in it, as the highest-ballot proposal or as one that this was made of, for every phase-2 quorum shares an
 * acceptor with them. Not safe for use by several threads.
 */
public final class Survey {

    private final QuorumSystem quorums;
    private final boolean areVotes;
    private final Tally answers;
    private Tally holders;
    private @Nullable Proposal<Payload> found;

    /**
     * Nobody has answered.
     *
     * @param quorums which acceptors count and how many suffice
     */
    public Survey(QuorumSystem quorums) {
        this(quorums, true);
    }

    /**
     * The same where acceptors may hold what others have accepted and they themselves have not (rule 16).
     *
     * @param quorums which acceptors count and how many suffice
     * @param areVotes whether what an acceptor reports is a vote of its own; if not, nothing found is known to be chosen
     */
    public Survey(QuorumSystem quorums, boolean areVotes) {
        this.quorums = quorums;
        this.areVotes = areVotes;
        this.answers = Tally.phase1(quorums);
        this.holders = Tally.phase2(quorums);
    }

    /**
     * Takes in an answer. One of a stranger, or a repeated one, changes nothing.
     *
     * @param from the acceptor, as the host has authenticated it
     * @param accepted the highest-ballot proposal that it has accepted, or null
     * @return whether it counts
     * @throws IllegalStateException if two values of one ballot are reported, see {@link SafetyRules#higher}
     */
    public boolean add(NodeId from, @Nullable Proposal<Payload> accepted) {
        if (!answers.add(from)) {
            return false;
        }
        if (accepted != null) {
            Proposal<Payload> before = found;
            found = SafetyRules.higher(before, accepted);
            if (before == null || !before.ballot().equals(found.ballot())) {
                holders = Tally.phase2(quorums);
            }
            if (accepted.ballot().equals(found.ballot())) {
                holders.add(from);
            }
        }
        return true;
    }

    /**
     * Whether this acceptor has answered.
     *
     * @param acceptor the acceptor asked about
     * @return true if its answer was counted
     */
    public boolean has(NodeId acceptor) {
        return answers.has(acceptor);
    }

    /**
     * Whether a phase-1 quorum has answered. Before, nothing can be concluded.
     *
     * @return true once enough have
     */
    public boolean isComplete() {
        return answers.isReached();
    }

    /**
     * The highest-ballot proposal reported.
     *
     * @return the proposal that binds whoever proposes next (P2c), or null if none was reported
     */
    public @Nullable Proposal<Payload> found() {
        return found;
    }

    /**
     * Whether what was found is known to be chosen: a phase-2 quorum reports it at this very ballot, and what is reported
     * are votes; or a phase-1 quorum reports nothing at all, and then nothing had been chosen when the first was asked.
     *
     * @return false if that is not known
     */
    public boolean isSettled() {
        return isComplete() && (found == null || (areVotes && holders.isReached()));
    }
}
