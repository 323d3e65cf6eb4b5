// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import static io.paxos.log.LogAcceptorTest.ballot;
import static io.paxos.log.LogAcceptorTest.value;
import static io.paxos.log.Votes.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.log.PhaseOne.Progress;
import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Endpoint;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhaseOneTest {

    private static final Endpoint A = endpoint("a");
    private static final Endpoint B = endpoint("b");
    private static final Endpoint C = endpoint("c");
    private static final Value X = value("x");
    private static final Value Y = value("y");

    private final PhaseOne phase = new PhaseOne(List.of(Votes.regime(1, A, B, C)), ballot(9), 1);

    private static LogMessage.Promise promise(
            int ballot, long first, long end, boolean last, long compacted, long decided, SlotProposal... accepted) {
        return new LogMessage.Promise(
                ballot(ballot), new SlotRange(first, end), last, compacted, decided, List.of(accepted));
    }

    private static SlotProposal accepted(long slot, int ballot, Value value) {
        return new SlotProposal(slot, new Proposal<>(ballot(ballot), value));
    }

    /** All that must be proposed behind a slot. */
    private List<Value> mustPropose(long decided) {
        phase.requireComplete(decided);
        List<Value> values = new ArrayList<>();
        for (long slot = decided + 1; slot <= phase.lastFound(); slot++) {
            values.add(phase.mustPropose(slot));
        }
        return values;
    }

    @Test
    void rule5FoundValuesAreProposedAgainByHighestBallotAndGapsAreClosed() {
        assertThat(phase.onPromise(A, promise(9, 1, 5, true, 0, 0, accepted(2, 3, X), accepted(4, 1, X))))
                .isEqualTo(Progress.WAITING);
        assertThat(phase.onPromise(B, promise(9, 1, 3, true, 0, 0, accepted(2, 4, Y))))
                .isEqualTo(Progress.COMPLETE);
        assertThat(mustPropose(0)).containsExactly(Value.NO_OP, Y, Value.NO_OP, X);
    }

    @Test
    void rule2APromiseCountsOncePerAcceptorOfExactlyThisBallotAndOnlyFromMembers() {
        phase.onPromise(A, promise(9, 1, 1, true, 0, 0));
        assertThat(phase.onPromise(A, promise(9, 1, 1, true, 0, 0))).isEqualTo(Progress.WAITING);
        assertThat(phase.onPromise(B, promise(8, 1, 1, true, 0, 0))).isEqualTo(Progress.WAITING);
        assertThat(phase.onPromise(endpoint("stranger"), promise(9, 1, 1, true, 0, 0)))
                .isEqualTo(Progress.WAITING);
        assertThatThrownBy(() -> mustPropose(0)).isInstanceOf(IllegalStateException.class);
        assertThat(phase.onPromise(B, promise(9, 1, 1, true, 0, 0))).isEqualTo(Progress.COMPLETE);
    }

    @Test
    void rule3AnIncompletePromiseDoesNotCountAndItsPartsMustJoin() {
        phase.onPromise(A, promise(9, 1, 1, true, 0, 0));
        assertThat(phase.onPromise(B, promise(9, 1, 3, false, 0, 0))).isEqualTo(Progress.MORE_PARTS);
        assertThat(phase.nextPart(B)).isEqualTo(3);
        assertThat(phase.onPromise(B, promise(9, 5, 7, true, 0, 0)))
                .as("a gap between the parts")
                .isEqualTo(Progress.WAITING);
        assertThat(phase.onPromise(B, promise(9, 1, 3, false, 0, 0)))
                .as("a part that came twice")
                .isEqualTo(Progress.WAITING);
        assertThat(phase.onPromise(B, promise(9, 3, 5, true, 0, 0, accepted(4, 2, X))))
                .isEqualTo(Progress.COMPLETE);
        assertThat(mustPropose(0)).containsExactly(Value.NO_OP, Value.NO_OP, Value.NO_OP, X);
    }

    @Test
    void rule3NothingIsProposedUpToAReportedCompactionPoint() {
        phase.onPromise(A, promise(9, 1, 8, true, 6, 6, accepted(7, 2, X)));
        phase.onPromise(B, promise(9, 1, 1, true, 0, 0));
        assertThat(phase.decided()).isEqualTo(6);
        assertThat(phase.decidedValues()).isEmpty();
        assertThat(mustPropose(6)).containsExactly(X);
    }

    @Test
    void decidedSlotsAreLearnedAndNotProposedAgain() {
        phase.onPromise(A, promise(9, 1, 4, true, 0, 2, accepted(1, 1, X), accepted(2, 1, Y), accepted(3, 1, Y)));
        phase.onPromise(B, promise(9, 1, 3, true, 0, 0, accepted(1, 5, X), accepted(2, 5, Y)));
        assertThat(phase.decidedValues()).containsExactly(X, Y);
        assertThat(phase.decided()).isEqualTo(2);
        assertThat(mustPropose(2)).containsExactly(Y);
    }

    @Test
    void rule5WhatIsProposedAgainBeginsBehindWhatTheCandidateHasLearnedMeanwhile() {
        phase.onPromise(A, promise(9, 1, 4, true, 0, 1, accepted(1, 1, X), accepted(2, 1, Y), accepted(3, 1, X)));
        phase.onPromise(B, promise(9, 1, 1, true, 0, 0));
        assertThat(phase.from()).isEqualTo(1);
        assertThat(mustPropose(1)).containsExactly(Y, X);
        assertThat(mustPropose(2)).containsExactly(X);
        assertThat(mustPropose(7)).isEmpty();
        assertThatThrownBy(() -> mustPropose(0))
                .as("slot 1 is decided elsewhere and not known here")
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void twoValuesOfOneBallotAreABrokenRule() {
        phase.onPromise(A, promise(9, 1, 2, true, 0, 0, accepted(1, 5, X)));
        assertThatThrownBy(() -> phase.onPromise(B, promise(9, 1, 2, true, 0, 0, accepted(1, 5, Y))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPartThatSpeaksOfSlotsItDoesNotCoverIsNoPart() {
        phase.onPromise(A, promise(9, 1, 1, true, 0, 0));
        assertThat(phase.onPromise(B, promise(9, 1, 3, true, 0, 0, accepted(Long.MAX_VALUE - 1, 2, X))))
                .isEqualTo(Progress.WAITING);
        assertThat(phase.onPromise(B, promise(9, 1, Long.MAX_VALUE, true, 0, 0)))
                .isEqualTo(Progress.WAITING);
        assertThat(phase.onPromise(B, promise(9, 1, 1, true, 0, 0))).isEqualTo(Progress.COMPLETE);
    }

    @Test
    void rule3NothingIsProposedUpToACompactionPoint() {
        phase.onPromise(A, promise(9, 1, 8, true, 5, 5, accepted(7, 3, X)));
        assertThat(phase.onPromise(B, promise(9, 1, 3, true, 0, 0, accepted(2, 2, Y))))
                .isEqualTo(Progress.COMPLETE);
        assertThat(phase.decided()).isEqualTo(5);
        assertThat(phase.decidedValues()).isEmpty();
        assertThatThrownBy(() -> mustPropose(4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("up to slot 5");
        assertThat(mustPropose(5)).containsExactly(Value.NO_OP, X);
    }

    @Test
    void aPromiseMaySkipAsManySlotsAsTheAcceptorHasForgotten() {
        long far = 50_000_000;
        assertThat(phase.onPromise(A, promise(9, 1, far + 1, true, far, far))).isEqualTo(Progress.WAITING);
        assertThat(phase.onPromise(B, promise(9, 1, far + 1, true, far, far))).isEqualTo(Progress.COMPLETE);
        assertThat(phase.decided()).isEqualTo(far);
    }

    @Test
    void aPromiseThatClaimsToHaveForgottenMoreThanItSpeaksForIsNotTaken() {
        phase.onPromise(A, promise(9, 1, 3, true, Long.MAX_VALUE, 0));
        phase.onPromise(B, promise(9, 1, 3, true, 3, 0));
        assertThat(phase.hasPromised(A)).isFalse();
        assertThat(phase.hasPromised(B)).isFalse();
    }

    @Test
    void whoHasPromisedNeedNotBeAskedAgain() {
        assertThat(phase.ballot()).isEqualTo(ballot(9));
        phase.onPromise(A, promise(9, 1, 3, false, 0, 0));
        assertThat(phase.hasPromised(A)).as("more parts are to come").isFalse();
        phase.onPromise(A, promise(9, 3, 4, true, 0, 0));
        assertThat(phase.hasPromised(A)).isTrue();
        assertThat(phase.hasPromised(B)).isFalse();
    }

    /** What an acceptor has forgotten does not count: it cannot hold more than so many slots. */
    @Test
    void aPromiseSpeaksOfNoMoreSlotsThanAnAcceptorCanHold() {
        long most = AcceptedLog.REACH;
        phase.onPromise(A, promise(9, 1, 1 + most + 1, true, 0, 0));
        assertThat(phase.hasPromised(A)).isFalse();
        phase.onPromise(A, promise(9, 1, 1 + most, true, 0, 0));
        assertThat(phase.hasPromised(A)).isTrue();
        phase.onPromise(B, promise(9, 1, 10 + most + 2, true, 10, 10));
        assertThat(phase.hasPromised(B)).isFalse();
        phase.onPromise(B, promise(9, 1, 10 + most + 1, true, 10, 10));
        assertThat(phase.hasPromised(B)).isTrue();
    }

    @Test
    void twoValuesDecidedForOneSlotAreABrokenRule() {
        phase.onPromise(A, promise(9, 1, 3, false, 0, 2, accepted(2, 3, X)));
        assertThatThrownBy(() -> phase.onPromise(B, promise(9, 1, 3, true, 0, 2, accepted(2, 4, Y))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("slot 2 was decided with");
    }
}
