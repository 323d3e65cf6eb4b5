// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.single.RegisterProposer;
import io.paxos.single.SingleMessage;
import org.jspecify.annotations.Nullable;

/**
 * One {@link RegisterProposer} under way: its Prepare, and then its Accept, put to the members until they answer. It ends
 * by being chosen, by being withdrawn, or by meeting a higher ballot; even then it goes on counting acceptances.
 */
final class RegisterAttempt {

    private final RegisterName name;
    private final Questions questions;
    private final RegisterProposer proposer;
    private Questions.Question asking;

    /**
     * Begins with phase 1.
     *
     * @param name the register
     * @param questions how to ask the members
     * @param proposer the proposer, which has sent nothing yet
     */
    RegisterAttempt(RegisterName name, Questions questions, RegisterProposer proposer) {
        this.name = name;
        this.questions = questions;
        this.proposer = proposer;
        this.asking = questions.put(new RegisterMessage.Step(name, proposer.prepare()), proposer::hasAnswered);
    }

    /** Counts a promise; true if it completes phase 1. */
    boolean onPromise(NodeId from, SingleMessage.Promise promise) {
        if (!proposer.onPromise(from, promise)) {
            return false;
        }
        asking.withdraw();
        return true;
    }

    /** Begins phase 2 with what was made of {@link #found()}. */
    void propose(Payload value) {
        asking = questions.put(new RegisterMessage.Step(name, proposer.propose(value)), proposer::hasAnswered);
    }

    /** Counts an acceptance; true if what was proposed is chosen by it. */
    boolean onAccepted(NodeId from, SingleMessage.Accepted accepted) {
        return proposer.onAccepted(from, accepted);
    }

    /**
     * Stops asking if a higher ballot stands in the way.
     *
     * @return whether this very Nack superseded the attempt
     */
    boolean onNack(SingleMessage.Nack nack) {
        boolean before = isSuperseded();
        proposer.onNack(nack);
        if (before || !isSuperseded()) {
            return false;
        }
        asking.withdraw();
        return true;
    }

    boolean isSuperseded() {
        return proposer.phase() == RegisterProposer.Phase.SUPERSEDED;
    }

    /** Asks no more. */
    void withdraw() {
        asking.withdraw();
    }

    /** What phase 1 has found, or null if nobody reported anything. */
    @Nullable
    Proposal<Payload> found() {
        return proposer.found();
    }

    /** Whether what phase 1 has found is known to be chosen. */
    boolean isSettled() {
        return proposer.isSettled();
    }

    Ballot ballot() {
        return proposer.ballot();
    }

    /** The highest ballot it has met. */
    Ballot highestSeen() {
        return proposer.highestSeen();
    }
}
