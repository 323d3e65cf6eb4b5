// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.message.DecreeMessage;
import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.single.Proposer;
import io.paxos.single.SingleMessage;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Proposer} under way: its Prepare, and then its Accept, put to the members until they answer. It ends by
 * being chosen, by being withdrawn, or by meeting a higher ballot; even then it goes on counting acceptances.
 */
final class Attempt {

    private final DecreeName name;
    private final Questions questions;
    private final Proposer proposer;
    private final Payload wanted;
    private Questions.Question asking;

    /**
     * Begins with phase 1.
     *
     * @param name the decree
     * @param questions how to ask the members
     * @param proposer the proposer, which has sent nothing yet
     * @param wanted the value it proposes if the choice is free
     */
    Attempt(DecreeName name, Questions questions, Proposer proposer, Payload wanted) {
        this.name = name;
        this.questions = questions;
        this.proposer = proposer;
        this.wanted = wanted;
        this.asking = questions.put(new DecreeMessage.Step(name, proposer.prepare()), proposer::hasAnswered);
    }

    /**
     * Counts a promise, and begins phase 2 with the one that completes the quorum.
     *
     * @return the value that has just been proposed, or null
     */
    @Nullable
    Payload onPromise(NodeId from, SingleMessage.Promise promise) {
        SingleMessage.Accept accept = proposer.onPromise(from, promise);
        if (accept == null) {
            return null;
        }
        asking.withdraw();
        asking = questions.put(new DecreeMessage.Step(name, accept), proposer::hasAnswered);
        return accept.value();
    }

    /**
     * Counts an acceptance.
     *
     * @return the chosen value, with the acceptance that completes the quorum; else null
     */
    @Nullable
    Payload onAccepted(NodeId from, SingleMessage.Accepted accepted) {
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

    private boolean isSuperseded() {
        return proposer.phase() == Proposer.Phase.SUPERSEDED;
    }

    /** Asks no more. */
    void withdraw() {
        asking.withdraw();
    }

    /** The value it wants to propose. */
    Payload wanted() {
        return wanted;
    }

    /** The value it has put in an Accept, or null if it has sent none. */
    @Nullable
    Payload proposed() {
        return proposer.proposed();
    }

    /** The highest ballot it has met. */
    Ballot highestSeen() {
        return proposer.highestSeen();
    }
}
