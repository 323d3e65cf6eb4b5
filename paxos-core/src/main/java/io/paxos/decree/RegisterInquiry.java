// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.message.Probe;
import io.paxos.message.RegisterMessage;
import io.paxos.model.NodeId;
import io.paxos.model.RegisterName;
import io.paxos.single.Survey;

/** One round of asking the acceptors what they have accepted, which promises nothing and so disturbs nobody's change. */
final class RegisterInquiry {

    private final Probe probe;
    private final Survey survey;
    private final Questions.Question asking;

    /**
     * Begins to ask.
     *
     * @param name the register
     * @param probe marks this round; drawn for it
     * @param questions how to ask the members
     */
    RegisterInquiry(RegisterName name, Probe probe, Questions questions) {
        Electorate asked = questions.electorate();
        this.probe = probe;
        this.survey = new Survey(asked.quorums(), asked.holdsOnlyVotes());
        this.asking = questions.put(new RegisterMessage.Query(name, probe), survey::has);
    }

    /**
     * Counts an answer of a member; one of another round, or a repeated one, changes nothing.
     *
     * @return whether it completes a quorum
     */
    boolean onAnswer(NodeId from, RegisterMessage.Answer answer) {
        if (survey.isComplete() || !answer.probe().equals(probe) || !survey.add(from, answer.accepted())) {
            return false;
        }
        if (survey.isComplete()) {
            asking.withdraw();
        }
        return survey.isComplete();
    }

    /** What has been found so far. */
    Survey survey() {
        return survey;
    }

    /** Asks no more. */
    void withdraw() {
        asking.withdraw();
    }
}
