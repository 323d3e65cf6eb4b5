// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Probe;
import io.paxos.model.DecreeName;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.Tally;
import io.paxos.single.Learner;
import io.paxos.single.SafetyRules;
import org.jspecify.annotations.Nullable;

/**
 * One round of asking the acceptors what they have accepted (rule 15). Whatever had been chosen when it began shows in
 * the answers of every phase-1 quorum, for that shares an acceptor with the phase-2 quorum that chose.
 */
final class Inquiry {

    private final Probe probe;
    private final Tally answers;
    private final boolean areVotes;
    private final Learner learner;
    private final Questions.Question asking;
    private @Nullable Proposal<Payload> found;

    /**
     * Begins to ask.
     *
     * @param name the decree
     * @param probe marks this round; drawn for it
     * @param questions how to ask the members
     */
    Inquiry(DecreeName name, Probe probe, Questions questions) {
        Electorate asked = questions.electorate();
        this.probe = probe;
        this.answers = Tally.phase1(asked.quorums());
        this.areVotes = asked.holdsOnlyVotes();
        this.learner = new Learner(asked.quorums());
        this.asking = questions.put(new DecreeMessage.Query(name, probe), answers::has);
    }

    /** Counts an answer of a member; one of another round, or a repeated one, changes nothing. */
    void onAnswer(NodeId from, DecreeMessage.Answer answer) {
        if (!answer.probe().equals(probe) || !answers.add(from)) {
            return;
        }
        Proposal<Payload> accepted = answer.accepted();
        if (accepted != null) {
            found = SafetyRules.higher(found, accepted);
            if (areVotes) {
                learner.onAccepted(from, accepted);
            }
        }
        if (isComplete()) {
            asking.withdraw();
        }
    }

    /**
     * The value that a phase-2 quorum has accepted at one ballot, or null if the answers do not show one. Those of a later
     * epoch never do: what is held there need not have been accepted there, so it is finished at a ballot of its own.
     */
    @Nullable
    Payload chosen() {
        return learner.chosen();
    }

    /** Whether a phase-1 quorum has answered. */
    boolean isComplete() {
        return answers.isReached();
    }

    /** The highest-ballot proposal that the answers report, or null if they report none. */
    @Nullable
    Proposal<Payload> found() {
        return found;
    }

    /** Asks no more. */
    void withdraw() {
        asking.withdraw();
    }
}
