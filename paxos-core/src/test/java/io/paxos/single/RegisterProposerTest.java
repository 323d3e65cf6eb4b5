// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One attempt to change a register: what it finds, what it may propose, and whose answers count. */
class RegisterProposerTest {

    private static final NodeId A = NodeId.of("a");
    private static final NodeId B = NodeId.of("b");
    private static final NodeId C = NodeId.of("c");
    private static final NodeId STRANGER = NodeId.of("stranger");
    private static final MajorityQuorums QUORUMS = MajorityQuorums.of(List.of(A, B, C));
    private static final Ballot LOWEST = Ballot.ZERO.next(A, 1);
    private static final Ballot LOW = LOWEST.next(A, 1);
    private static final Ballot OWN = LOW.next(B, 1);
    private static final Ballot HIGH = OWN.next(C, 1);
    private static final Payload VALUE = Payload.utf8("value");

    private final RegisterProposer proposer = new RegisterProposer(QUORUMS, OWN);

    private static Proposal<Payload> held(Ballot ballot, String value) {
        return new Proposal<>(ballot, Payload.utf8(value));
    }

    private static SingleMessage.Promise promise(@Nullable Proposal<Payload> accepted) {
        return new SingleMessage.Promise(OWN, accepted);
    }

    private static SingleMessage.Accepted accepted() {
        return new SingleMessage.Accepted(OWN);
    }

    private void prepared() {
        proposer.onPromise(A, promise(null));
        proposer.onPromise(B, promise(null));
    }

    @Test
    void anAttemptGoesFromPromisesThroughWhatTheHostProposesToWhatIsChosen() {
        assertThat(proposer.prepare()).isEqualTo(new SingleMessage.Prepare(OWN));
        assertThat(proposer.ballot()).isEqualTo(OWN);
        assertThat(proposer.highestSeen()).isEqualTo(OWN);
        assertThat(proposer.phase()).isEqualTo(RegisterProposer.Phase.PREPARING);
        assertThat(proposer.onPromise(A, promise(null))).isFalse();
        assertThat(proposer.onPromise(B, promise(held(LOW, "found")))).isTrue();
        assertThat(proposer.phase()).isEqualTo(RegisterProposer.Phase.PREPARED);
        assertThat(proposer.found()).isEqualTo(held(LOW, "found"));
        assertThat(proposer.propose(VALUE)).isEqualTo(new SingleMessage.Accept(OWN, VALUE));
        assertThat(proposer.phase()).isEqualTo(RegisterProposer.Phase.ACCEPTING);
        assertThat(proposer.onAccepted(A, accepted())).isFalse();
        assertThat(proposer.onAccepted(C, accepted())).isTrue();
        assertThat(proposer.phase()).isEqualTo(RegisterProposer.Phase.CHOSEN);
    }

    @Test
    void nobodyProposesAtBallotZero() {
        assertThatThrownBy(() -> new RegisterProposer(QUORUMS, Ballot.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ballot 0");
    }

    @Test
    void rule2_onlyFirstPromisesOfMembersAtItsBallotCount() {
        proposer.onPromise(A, promise(null));
        assertThat(proposer.onPromise(A, promise(null))).as("repeated").isFalse();
        assertThat(proposer.onPromise(B, new SingleMessage.Promise(LOW, null)))
                .as("of another ballot")
                .isFalse();
        assertThat(proposer.onPromise(STRANGER, promise(null))).isFalse();
        assertThat(proposer.hasAnswered(A)).isTrue();
        assertThat(proposer.hasAnswered(B)).isFalse();
        assertThat(proposer.onPromise(C, promise(null))).isTrue();
    }

    @Test
    void rule2_onlyFirstAcceptancesOfMembersAtItsBallotCount() {
        prepared();
        assertThat(proposer.onAccepted(A, accepted())).as("nothing is proposed").isFalse();
        proposer.propose(VALUE);
        assertThat(proposer.hasAnswered(A)).as("of the phase under way").isFalse();
        proposer.onAccepted(A, accepted());
        assertThat(proposer.hasAnswered(A)).isTrue();
        assertThat(proposer.onAccepted(A, accepted())).as("repeated").isFalse();
        assertThat(proposer.onAccepted(B, new SingleMessage.Accepted(LOW)))
                .as("of another ballot")
                .isFalse();
        assertThat(proposer.onAccepted(STRANGER, accepted())).isFalse();
        assertThat(proposer.onAccepted(B, accepted())).isTrue();
        assertThat(proposer.onAccepted(C, accepted())).as("it is chosen once").isFalse();
    }

    @Test
    void theHighestBallotReportedBindsWhoeverReportsItFirst() {
        RegisterProposer five = new RegisterProposer(new FlexibleQuorums(Set.of(A, B, C), 3, 1), OWN);
        five.onPromise(A, promise(held(LOWEST, "older")));
        five.onPromise(B, promise(held(LOW, "newer")));
        five.onPromise(C, promise(held(LOWEST, "older")));
        assertThat(five.found()).isEqualTo(held(LOW, "newer"));
    }

    @Test
    void whatComesAfterTheQuorumChangesNothingThatWasFound() {
        prepared();
        assertThat(proposer.onPromise(C, promise(held(LOW, "late")))).isFalse();
        assertThat(proposer.found()).isNull();
    }

    @Test
    void rule1_oneAttemptProposesOnceAndOnlyWithAQuorumBehindIt() {
        assertThatThrownBy(() -> proposer.propose(VALUE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PREPARING");
        prepared();
        proposer.propose(VALUE);
        assertThatThrownBy(() -> proposer.propose(Payload.utf8("other")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ACCEPTING");
    }

    @Test
    void rule1_anAttemptThatMetAHigherBallotNeverProposes() {
        prepared();
        proposer.onNack(new SingleMessage.Nack(OWN, HIGH));
        assertThat(proposer.phase()).isEqualTo(RegisterProposer.Phase.SUPERSEDED);
        assertThat(proposer.highestSeen()).isEqualTo(HIGH);
        assertThatThrownBy(() -> proposer.propose(VALUE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aNackOfAnotherBallotOrOfNoHigherPromiseChangesNothing() {
        prepared();
        proposer.onNack(new SingleMessage.Nack(LOW, HIGH));
        proposer.onNack(new SingleMessage.Nack(OWN, OWN));
        assertThat(proposer.phase()).isEqualTo(RegisterProposer.Phase.PREPARED);
        assertThat(proposer.highestSeen()).isEqualTo(OWN);
    }

    @Test
    void whatAQuorumAcceptedIsChosenWhoeverElseRefused() {
        prepared();
        proposer.propose(VALUE);
        proposer.onNack(new SingleMessage.Nack(OWN, HIGH));
        proposer.onAccepted(A, accepted());
        assertThat(proposer.onAccepted(B, accepted())).isTrue();
        proposer.onNack(new SingleMessage.Nack(OWN, HIGH.next(A, 1)));
        assertThat(proposer.phase()).isEqualTo(RegisterProposer.Phase.CHOSEN);
        assertThat(proposer.highestSeen()).isEqualTo(HIGH.next(A, 1));
    }

    @Test
    void nothingNeedBeProposedWhereAQuorumHoldsWhatWasFoundOrNobodyHoldsAnything() {
        proposer.onPromise(A, promise(null));
        assertThat(proposer.isSettled()).as("no quorum yet").isFalse();
        proposer.onPromise(B, promise(null));
        assertThat(proposer.isSettled()).as("a quorum holds nothing").isTrue();
    }

    /** Only acceptors that hold it at one and the same ballot show that a quorum accepted it. */
    @Test
    void aValueIsSettledOnlyIfAQuorumHoldsItAtTheBallotThatBinds() {
        assertThat(settled(held(LOW, "v"), held(LOW, "v"))).isTrue();
        assertThat(settled(held(LOW, "v"), null)).isFalse();
        assertThat(settled(held(LOWEST, "v"), held(LOW, "v"))).isFalse();
        assertThat(settled(held(LOW, "v"), held(LOWEST, "v"))).isFalse();
        Survey survey = new Survey(QUORUMS);
        survey.add(A, held(LOWEST, "v"));
        survey.add(B, held(LOW, "v"));
        survey.add(C, held(LOW, "v"));
        assertThat(survey.isSettled())
                .as("two of three hold it at the higher ballot")
                .isTrue();
    }

    /** Rule 16: what an acceptor holds may have been accepted by others, and by fewer than a quorum. */
    @Test
    void rule16_whatIsReportedIsNotSettledWhereItNeedNotBeAVoteUnlessNothingIsReported() {
        Survey holding = new Survey(QUORUMS, false);
        holding.add(A, held(LOW, "v"));
        holding.add(B, held(LOW, "v"));
        holding.add(C, held(LOW, "v"));
        assertThat(holding.isSettled()).isFalse();
        Survey empty = new Survey(QUORUMS, false);
        empty.add(A, null);
        empty.add(B, null);
        assertThat(empty.isSettled()).isTrue();
    }

    private static boolean settled(@Nullable Proposal<Payload> a, @Nullable Proposal<Payload> b) {
        Survey survey = new Survey(QUORUMS);
        assertThat(survey.add(A, a)).isTrue();
        assertThat(survey.isComplete()).isFalse();
        assertThat(survey.isSettled()).isFalse();
        assertThat(survey.add(A, b)).as("repeated").isFalse();
        assertThat(survey.add(STRANGER, b)).isFalse();
        assertThat(survey.add(B, b)).isTrue();
        assertThat(survey.isComplete()).isTrue();
        assertThat(survey.has(B)).isTrue();
        assertThat(survey.has(C)).isFalse();
        return survey.isSettled();
    }
}
