// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.MajorityQuorums;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a learner counts, and what it says when the rules are broken. */
class LearnerTest {

    private static final NodeId A = NodeId.of("a");
    private static final NodeId B = NodeId.of("b");
    private static final NodeId C = NodeId.of("c");
    private static final Ballot BALLOT = Ballot.ZERO.next(A, 1);
    private static final Payload V = Payload.utf8("v");
    private static final Payload W = Payload.utf8("w");

    private final Learner learner = new Learner(MajorityQuorums.of(List.of(A, B, C)));

    @Test
    void namesBothValuesOfOneBallot() {
        learner.onAccepted(A, new Proposal<>(BALLOT, V));

        assertThatThrownBy(() -> learner.onAccepted(B, new Proposal<>(BALLOT, W)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("ballot 1.a.1 was accepted with 'v' and with 'w'");
        assertThat(learner.onAccepted(C, new Proposal<>(BALLOT, V))).isEqualTo(V);
    }

    @Test
    void namesBothValuesChosen() {
        learner.onDecide(new SingleMessage.Decide(V));

        assertThatThrownBy(() -> learner.onDecide(new SingleMessage.Decide(W)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("two values were chosen: 'v' and 'w'");
        assertThat(learner.chosen()).isEqualTo(V);
    }

    @Test
    void rule2AcceptancesOfDifferentBallotsAreNeverAddedUp() {
        learner.onAccepted(A, new Proposal<>(BALLOT, V));

        assertThat(learner.onAccepted(B, new Proposal<>(BALLOT.next(B, 1), V))).isNull();
        assertThat(learner.onAccepted(C, new Proposal<>(BALLOT.next(C, 1), V))).isNull();
        assertThat(learner.onAccepted(A, new Proposal<>(BALLOT.next(B, 1), V))).isEqualTo(V);
    }

    @Test
    void rule2AStrangersValueIsNotHeldAgainstAMember() {
        learner.onAccepted(NodeId.of("stranger"), new Proposal<>(BALLOT, W));
        learner.onAccepted(A, new Proposal<>(BALLOT, V));

        assertThat(learner.onAccepted(B, new Proposal<>(BALLOT, V))).isEqualTo(V);
    }
}
