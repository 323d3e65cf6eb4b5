// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import static io.paxos.log.LogAcceptorTest.ballot;
import static io.paxos.log.LogAcceptorTest.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLearnerTest {

    private static final Value X = value("x");
    private static final Value Y = value("y");

    private final AcceptedLog log = new AcceptedLog();
    private final LogLearner learner = new LogLearner(log, 0);

    @Test
    void rule4OnlyProposalsAcceptedAtTheLeadersBallotBecomeDecidedByItsWord() {
        log.put(1, new Proposal<>(ballot(2), X));
        log.put(2, new Proposal<>(ballot(1), X));
        log.put(3, new Proposal<>(ballot(2), X));
        assertThat(learner.advance(ballot(2), 3)).isTrue();
        assertThat(learner.decided())
                .as("slot 2 was accepted at another ballot")
                .isEqualTo(1);
        assertThat(learner.advance(ballot(2), 3)).isFalse();
    }

    @Test
    void nothingIsDecidedBeyondTheLeadersWordOrAcrossAGap() {
        log.put(1, new Proposal<>(ballot(1), X));
        log.put(2, new Proposal<>(ballot(1), X));
        log.put(4, new Proposal<>(ballot(1), X));
        learner.advance(ballot(1), 1);
        assertThat(learner.decided()).isEqualTo(1);
        learner.advance(ballot(1), 9);
        assertThat(learner.decided()).isEqualTo(2);
    }

    @Test
    void learnedValuesReplaceWhatWasAcceptedAndJoinWithoutAGap() {
        log.put(1, new Proposal<>(ballot(1), Y));
        assertThat(learner.learn(2, List.of(X))).as("slot 1 is missing").isEmpty();
        assertThat(learner.learn(1, List.of(X, Y))).containsExactly(X, Y);
        assertThat(learner.learn(1, List.of(X, Y, X))).containsExactly(X);
        assertThat(learner.values(1, 99, Long.MAX_VALUE)).containsExactly(X, Y, X);
        assertThat(learner.values(2, 2, Long.MAX_VALUE)).containsExactly(Y);
        assertThat(learner.values(1, 99, 1)).containsExactly(X);
    }

    @Test
    void twoDecidedValuesForASlotAreABrokenRule() {
        learner.learn(1, List.of(X));
        assertThatThrownBy(() -> learner.learn(1, List.of(Y)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("slot 1");
    }

    @Test
    void rule9ASnapshotStandsForSlotsThatWereNeverHeld() {
        log.put(1, new Proposal<>(ballot(1), Y));
        learner.forget(5);
        assertThat(learner.decided()).isEqualTo(5);
        assertThat(learner.compacted()).isEqualTo(5);
        assertThat(learner.values(1, 99, Long.MAX_VALUE)).isEmpty();
        assertThat(learner.learn(4, List.of(X, X, Y))).containsExactly(Y);
        assertThat(learner.values(6, 99, Long.MAX_VALUE)).containsExactly(Y);
    }

    @Test
    void whatIsKeptBehindASnapshotIsBoundedInSlotsAndBytes() {
        learner.learn(1, List.of(X, Y, X, Y, X, Y));
        assertThat(learner.keepBefore(6, 0, 1 << 20)).isEqualTo(6);
        assertThat(learner.keepBefore(6, 2, 1 << 20)).isEqualTo(4);
        assertThat(learner.keepBefore(5, 100, 1 << 20)).isZero();
        assertThat(learner.keepBefore(6, 100, 2L * X.weight())).isEqualTo(4);
        learner.forget(3);
        assertThat(learner.keepBefore(6, 100, 1 << 20)).isEqualTo(3);
    }

    @Test
    void aLimitOfBytesEndsWithTheValueThatReachesIt() {
        learner.learn(1, List.of(X, Y, X));
        assertThat(learner.values(1, 99, X.weight())).containsExactly(X);
        assertThat(learner.values(1, 99, X.weight() + 1L)).containsExactly(X, Y);
    }

    /** Who has heard of a change must not hear of it again, and nobody hears of one that is not decided or forgotten. */
    @Test
    void rule10_changesAreToldBehindASlotUpToTheLastDecided() {
        Value.Reconfigure change = new Value.Reconfigure(Votes.configuration(1, Votes.endpoint("a")));
        learner.learn(1, List.of(X, change, Y, change, Y));
        log.put(6, new Proposal<>(ballot(1), change));
        assertThat(changesBehind(0)).containsExactly(2L, 4L);
        assertThat(changesBehind(1)).containsExactly(2L, 4L);
        assertThat(changesBehind(2)).containsExactly(4L);
        assertThat(changesBehind(4)).isEmpty();
        learner.forget(2);
        assertThat(changesBehind(0)).containsExactly(4L);
    }

    private List<Long> changesBehind(long slot) {
        List<Long> slots = new ArrayList<>();
        learner.changesBehind(slot, (at, change) -> slots.add(at));
        return slots;
    }
}
