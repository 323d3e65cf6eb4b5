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

/** What the tables of {@link ProposerTableTest} leave out: broken peers and wrong use; and the rules it keeps, by one example each. */
class ProposerTest {

    private static final NodeId A = NodeId.of("a");
    private static final NodeId B = NodeId.of("b");
    private static final NodeId C = NodeId.of("c");
    private static final MajorityQuorums QUORUMS = MajorityQuorums.of(List.of(A, B, C));
    private static final Ballot LOW = Ballot.ZERO.next(A, 1);
    private static final Ballot OWN = LOW.next(B, 1);
    private static final Payload WANTED = Payload.utf8("wanted");

    private static SingleMessage.Promise reporting(String value) {
        return new SingleMessage.Promise(OWN, new Proposal<>(LOW, Payload.utf8(value)));
    }

    @Test
    void proposesNothingEverAfterItsQuorumReportedTwoValuesOfOneBallot() {
        Proposer proposer = new Proposer(QUORUMS, OWN, WANTED);
        proposer.onPromise(A, reporting("v"));

        assertThatThrownBy(() -> proposer.onPromise(B, reporting("w")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("two values of one ballot were reported: 'v'@1.a.1 and 'w'@1.a.1");
        assertThatThrownBy(() -> proposer.onPromise(C, new SingleMessage.Promise(OWN, null)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(proposer.proposed()).isNull();
        assertThat(proposer.phase()).isEqualTo(Proposer.Phase.PREPARING);
    }

    @Test
    void rule1AnAttemptThatMetAHigherBallotNeverProposes() {
        Proposer proposer = new Proposer(QUORUMS, OWN, WANTED);
        proposer.onPromise(A, reporting("v"));
        proposer.onNack(new SingleMessage.Nack(OWN, OWN.next(C, 1)));

        assertThat(proposer.onPromise(B, reporting("v"))).isNull();
        assertThat(proposer.onPromise(C, reporting("v"))).isNull();
        assertThat(proposer.phase()).isEqualTo(Proposer.Phase.SUPERSEDED);
        assertThat(proposer.highestSeen()).isEqualTo(OWN.next(C, 1));
        assertThat(proposer.ballot()).isEqualTo(OWN);
    }

    @Test
    void rule2OnlyFirstAnswersOfMembersAtItsBallotCount() {
        Proposer proposer = new Proposer(QUORUMS, OWN, WANTED);
        proposer.onPromise(A, new SingleMessage.Promise(OWN, null));
        assertThat(proposer.onPromise(A, new SingleMessage.Promise(OWN, null))).isNull();
        assertThat(proposer.onPromise(B, new SingleMessage.Promise(LOW, null))).isNull();
        assertThat(proposer.onPromise(NodeId.of("stranger"), new SingleMessage.Promise(OWN, null)))
                .isNull();
        assertThat(proposer.onPromise(B, new SingleMessage.Promise(OWN, null))).isNotNull();

        proposer.onAccepted(A, new SingleMessage.Accepted(OWN));
        assertThat(proposer.onAccepted(A, new SingleMessage.Accepted(OWN))).isNull();
        assertThat(proposer.onAccepted(B, new SingleMessage.Accepted(LOW))).isNull();
        assertThat(proposer.onAccepted(NodeId.of("stranger"), new SingleMessage.Accepted(OWN)))
                .isNull();
        assertThat(proposer.onAccepted(B, new SingleMessage.Accepted(OWN))).isEqualTo(WANTED);
    }

    @Test
    void rule2AStrangersReportIsNotEvenRead() {
        Proposer proposer = new Proposer(QUORUMS, OWN, WANTED);
        proposer.onPromise(A, reporting("v"));
        proposer.onPromise(NodeId.of("stranger"), reporting("w"));

        assertThat(proposer.onPromise(B, reporting("v"))).isEqualTo(new SingleMessage.Accept(OWN, Payload.utf8("v")));
    }

    @Test
    void asksForTheBallotItWasGiven() {
        Proposer proposer = new Proposer(QUORUMS, OWN, WANTED);

        assertThat(proposer.prepare()).isEqualTo(new SingleMessage.Prepare(OWN));
        assertThat(proposer.ballot()).isEqualTo(OWN);
    }

    @Test
    void refusesTheBallotBelowAllOthers() {
        assertThatThrownBy(() -> new Proposer(QUORUMS, Ballot.ZERO, WANTED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nobody proposes at ballot 0; take a ballot by Ballot.next");
    }
}
