// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.log.LogAcceptor.Verdict;
import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogAcceptorTest {

    private static final Value X = value("x");
    private static final Value Y = value("y");

    private final AcceptedLog log = new AcceptedLog();

    static Value value(String opener) {
        return new Value.OpenSession(NodeId.of(opener), 1, LogTime.ZERO);
    }

    static Ballot ballot(int round) {
        return new Ballot(round, NodeId.of("p"), 1);
    }

    private LogAcceptor acceptor(int promised) {
        return new LogAcceptor(log, promised == 0 ? Ballot.ZERO : ballot(promised));
    }

    @Test
    void everyRelationOfPromiseProposalAndRequestGivesWhatTheSingleDecreeRulesGive() {
        int transitions = 0;
        for (int promised = 0; promised <= 3; promised++) {
            for (int held = 0; held <= promised; held++) {
                for (int asked = 1; asked <= 4; asked++) {
                    for (Value value : List.of(X, Y)) {
                        for (boolean decided : new boolean[] {false, true}) {
                            transitions++;
                            checkAccept(promised, held, asked, value, decided);
                        }
                    }
                }
            }
        }
        assertThat(transitions).isEqualTo(160);
    }

    private static void checkAccept(int promised, int held, int asked, Value value, boolean decided) {
        AcceptedLog slots = new AcceptedLog();
        if (held > 0) {
            slots.put(5, new Proposal<>(ballot(held), X));
        }
        LogAcceptor acceptor = new LogAcceptor(slots, promised == 0 ? Ballot.ZERO : ballot(promised));
        long decidedUpTo = decided && held > 0 ? 5 : 0;
        boolean contradictsBallot = asked == held && !value.equals(X);
        if (asked >= promised && contradictsBallot) {
            assertThatThrownBy(() -> acceptor.accept(ballot(asked), 5, List.of(value), decidedUpTo))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("slot 5");
            return;
        }
        Verdict expected = Verdict.ACCEPTED;
        if (asked < promised) {
            expected = Verdict.REFUSED;
        } else if (decidedUpTo == 5 && !value.equals(X)) {
            expected = Verdict.IGNORED;
        } else if (asked == held) {
            expected = Verdict.REPEATED;
        }
        assertThat(acceptor.accept(ballot(asked), 5, List.of(value), decidedUpTo))
                .isEqualTo(expected);
        if (expected == Verdict.ACCEPTED) {
            assertThat(slots.get(5)).isEqualTo(new Proposal<>(ballot(asked), value));
            assertThat(acceptor.promised())
                    .as("rule 2: accepting raises the promise")
                    .isEqualTo(ballot(asked));
        } else {
            assertThat(slots.get(5)).isEqualTo(held == 0 ? null : new Proposal<>(ballot(held), X));
            assertThat(acceptor.promised()).isEqualTo(promised == 0 ? Ballot.ZERO : ballot(promised));
        }
    }

    @Test
    void rule2AcceptRaisesThePromiseSoALowerPrepareIsRefused() {
        LogAcceptor acceptor = acceptor(0);
        acceptor.accept(ballot(2), 1, List.of(X), 0);
        assertThat(acceptor.promise(ballot(1))).isFalse();
        assertThat(acceptor.promise(ballot(2))).isTrue();
    }

    @Test
    void anAcceptOfManySlotsIsTakenAsAWholeOrNotAtAll() {
        LogAcceptor acceptor = acceptor(0);
        acceptor.accept(ballot(1), 3, List.of(X), 0);
        assertThat(acceptor.accept(ballot(2), 2, List.of(Y, Y, Y), 3)).isEqualTo(Verdict.IGNORED);
        assertThat(log.get(2)).isNull();
        assertThat(log.get(4)).isNull();
        assertThat(acceptor.promised()).isEqualTo(ballot(1));
    }

    @Test
    void slotsOutOfReachAreIgnored() {
        assertThat(acceptor(0).accept(ballot(1), AcceptedLog.REACH + 1, List.of(X), 0))
                .isEqualTo(Verdict.IGNORED);
        assertThat(acceptor(0).accept(ballot(1), 0, List.of(X), 0)).isEqualTo(Verdict.IGNORED);
        assertThat(acceptor(0).accept(ballot(1), Long.MAX_VALUE, List.of(X), 0)).isEqualTo(Verdict.IGNORED);
        assertThat(log.highest()).isZero();
    }

    @Test
    void rule3APromiseReportsEverythingFromTheSlotAskedWhateverThePartSize() {
        LogAcceptor acceptor = acceptor(0);
        for (long slot : new long[] {1, 2, 4, 7, 2000, 3000}) {
            acceptor.accept(ballot(1), slot, List.of(slot % 2 == 0 ? X : Y), 0);
        }
        for (int maxBytes : new int[] {1, 97, 200, 1 << 20}) {
            for (long from : new long[] {1, 2, 3, 5, 2000, 3000, 3001, 9999}) {
                acceptor.promise(ballot(5));
                List<Long> reported = new ArrayList<>();
                long next = from;
                LogMessage.Promise part;
                do {
                    part = acceptor.report(next, 2, maxBytes);
                    assertThat(part.slots().first()).isEqualTo(next);
                    assertThat(part.ballot()).isEqualTo(ballot(5));
                    part.accepted().stream().map(SlotProposal::slot).forEach(reported::add);
                    next = part.slots().end();
                } while (!part.last());
                long first = from;
                assertThat(reported)
                        .isEqualTo(List.of(1L, 2L, 4L, 7L, 2000L, 3000L).stream()
                                .filter(slot -> slot >= first)
                                .toList());
            }
        }
    }

    @Test
    void rule3APromiseReportsHowFarTheAcceptorHasForgotten() {
        AcceptedLog log = new AcceptedLog();
        LogAcceptor acceptor = new LogAcceptor(log, Ballot.ZERO);
        acceptor.accept(ballot(1), 1, List.of(X, X, X, Y), 0);
        log.forget(3);
        acceptor.promise(ballot(2));
        LogMessage.Promise promise = acceptor.report(1, 3, 1 << 20);
        assertThat(promise.compacted()).isEqualTo(3);
        assertThat(promise.accepted()).extracting(SlotProposal::slot).containsExactly(4L);
        assertThat(promise.slots()).isEqualTo(new SlotRange(1, 5));
        assertThat(promise.last()).isTrue();
    }

    @Test
    void rule9ForgettingLeavesThePromiseAndTakesNoProposalBelow() {
        AcceptedLog log = new AcceptedLog();
        LogAcceptor acceptor = new LogAcceptor(log, ballot(5));
        log.forget(3);
        assertThat(acceptor.promised()).isEqualTo(ballot(5));
        assertThat(acceptor.accept(ballot(6), 3, List.of(X), 3)).isEqualTo(Verdict.IGNORED);
        assertThat(acceptor.promised()).isEqualTo(ballot(5));
        assertThat(acceptor.accept(ballot(4), 4, List.of(X), 3)).isEqualTo(Verdict.REFUSED);
        assertThat(acceptor.accept(ballot(6), 4, List.of(X), 3)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void aPromiseIsReportedInPartsOfBoundedWeight() {
        LogAcceptor acceptor = new LogAcceptor(new AcceptedLog(), Ballot.ZERO);
        acceptor.accept(ballot(1), 1, List.of(X, X, X), 0);
        assertThat(acceptor.compacted()).isZero();
        LogMessage.Promise first = acceptor.report(1, 0, 2 * X.weight());
        assertThat(first.accepted()).extracting(SlotProposal::slot).containsExactly(1L, 2L);
        assertThat(first.last()).isFalse();
        LogMessage.Promise second = acceptor.report(first.slots().end(), 0, 2 * X.weight());
        assertThat(second.accepted()).extracting(SlotProposal::slot).containsExactly(3L);
        assertThat(second.last()).isTrue();
    }

    /** All or none: the last slot counts as the first does. */
    @Test
    void proposalsThatLieOutOfReachAreNotTaken() {
        LogAcceptor acceptor = new LogAcceptor(new AcceptedLog(), Ballot.ZERO);
        assertThat(acceptor.accept(ballot(1), AcceptedLog.REACH, List.of(X, Y), 0))
                .isEqualTo(Verdict.IGNORED);
        assertThat(acceptor.promised()).isEqualTo(Ballot.ZERO);
        assertThat(acceptor.accept(ballot(1), AcceptedLog.REACH - 1, List.of(X), 0))
                .isEqualTo(Verdict.ACCEPTED);
    }

    /** Up to the last slot decided another value is the word of a leader of the past; behind it, of a new one. */
    @Test
    void anotherValueIsIgnoredUpToTheLastSlotDecidedAndAcceptedBehind() {
        LogAcceptor acceptor = new LogAcceptor(new AcceptedLog(), Ballot.ZERO);
        acceptor.accept(ballot(1), 1, List.of(X, X, X), 0);
        assertThat(acceptor.accept(ballot(2), 2, List.of(X, Y), 3)).isEqualTo(Verdict.IGNORED);
        assertThat(acceptor.accept(ballot(2), 2, List.of(X, Y), 2)).isEqualTo(Verdict.ACCEPTED);
    }
}
