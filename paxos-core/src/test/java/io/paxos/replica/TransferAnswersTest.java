// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.ME;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.LogMessage;
import io.paxos.model.Configuration;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What whoever asks for another leader is told, and when, to the tick. */
class TransferAnswersTest {

    private static final long NOW = 50;

    private final Parts parts = new Parts();
    private final Transfers transfers = new Transfers(Parts.CONFIG, parts.outbox);
    private final Map<Long, Outcome> outcomes = new HashMap<>();

    private void ask(long request, @Nullable NodeId target, int ticks) {
        Event.Transfer call = new Event.Transfer(new RequestId(request), Parts.GROUP, target, false, ticks);
        transfers.submit(call, parts.peers, parts.office, NOW);
        hearOut();
    }

    private void advance(long now) {
        transfers.advance(parts.peers, parts.office, now);
        hearOut();
    }

    private List<Parts.Said> hearOut() {
        List<Effect> effects = parts.effects();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Respond respond) {
                assertThat(outcomes.put(respond.request().number(), respond.outcome()))
                        .as("call %s is answered once", respond.request())
                        .isNull();
            }
        }
        return Parts.said(effects);
    }

    private void assertRefused(long request, Outcome.Reason reason, String... words) {
        assertThat(outcomes.get(request)).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.detail()).contains(words);
        });
    }

    @Test
    void whoDoesNotLeadSaysWhomToAskIfItKnows() {
        ask(1, C.node(), 100);
        assertRefused(1, Outcome.Reason.NOT_LEADER, "no leader is known");
        parts.hear(NOW, B, new LogMessage.Heartbeat(Parts.ballot(5, B), 0));
        hearOut();
        ask(2, C.node(), 100);
        assertRefused(2, Outcome.Reason.NOT_LEADER, "ask b");
    }

    @Test
    void whoCannotBeNamedIsRefusedWithTheNamesOfThoseWhoCan() {
        parts.leader(NOW);
        parts.observers = List.of(Parts.OBSERVER);
        ask(1, NodeId.of("nobody"), 100);
        assertRefused(1, Outcome.Reason.UNKNOWN_NODE, "name one of [a, b, c]");
        ask(2, Parts.OBSERVER.node(), 100);
        assertRefused(2, Outcome.Reason.NOT_A_VOTER, "name one of [a, b, c]");
    }

    @Test
    void whoVotesAloneCanHandItsOfficeToNobody() {
        Lab lab = new Lab("a");
        Lab.Node alone = lab.start("a", lab.newDisk());
        lab.ticks(100);
        assertThat(alone.leads()).isTrue();
        assertThat(alone.outcome(alone.transfer(null, false)))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.NOT_A_VOTER));
        assertThat(alone.leads()).isTrue();
    }

    @Test
    void rule18_sixtyFourCallsWaitAndNoMore() {
        parts.leader(NOW);
        for (int i = 1; i <= 64; i++) {
            ask(i, C.node(), 100);
        }
        assertThat(outcomes).isEmpty();
        ask(65, C.node(), 100);
        assertThat(outcomes).containsOnlyKeys(65L);
        assertRefused(65, Outcome.Reason.OVERLOADED, "64 transfers");
    }

    @Test
    void whoWaitsForItsTurnIsRefusedAtItsDeadlineAndToldWhoWasNotNearEnough() {
        parts.leader(NOW);
        ask(1, C.node(), 1000);
        advance(NOW);
        ask(2, B.node(), 40);
        ask(3, null, 41);
        advance(NOW + 39);
        assertThat(outcomes).isEmpty();
        advance(NOW + 40);
        assertThat(outcomes).containsOnlyKeys(2L);
        assertRefused(2, Outcome.Reason.TIMEOUT, "before b had been heard");
        advance(NOW + 41);
        assertRefused(3, Outcome.Reason.TIMEOUT, "before any other voter had been heard");
        assertThat(outcomes).hasSize(2);
    }

    @Test
    void whetherOneThatWasToldToTakeOverDoesSoIsUnknownAtTheDeadline() {
        Leader leader = parts.leader(NOW);
        leader.onHeard(C, 0, NOW);
        ask(1, C.node(), 10);
        advance(NOW);
        leader.flush(0, NOW, LogTime.ZERO);
        assertThat(Parts.whoHeard(hearOut(), LogMessage.TakeOver.class)).containsExactly(C);
        advance(NOW + 1);
        advance(NOW + 9);
        assertThat(outcomes).isEmpty();
        advance(NOW + 10);
        assertThat(outcomes.get(1L)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void whoLeadsNoMoreNamesTheNextLeaderOrSaysAtTheDeadlineThatThereIsNone() {
        Leader leader = parts.leader(NOW);
        ask(1, C.node(), 20);
        ask(2, C.node(), 30);
        advance(NOW);
        parts.office.giveUp(leader, NOW + 1);
        advance(NOW + 19);
        assertThat(outcomes).isEmpty();
        advance(NOW + 20);
        assertThat(outcomes).containsOnlyKeys(1L);
        assertThat(outcomes.get(1L)).isInstanceOf(Outcome.Unknown.class);
        parts.hear(NOW + 25, B, new LogMessage.Heartbeat(Parts.ballot(5, B), 0));
        advance(NOW + 25);
        assertThat(outcomes).containsEntry(2L, new Outcome.Led(B.node(), Parts.ballot(5, B)));
    }

    @Test
    void whoeverStopsTellsEachCallerOnceWhetherAnythingWasBegun() {
        parts.leader(NOW);
        ask(1, C.node(), 20);
        advance(NOW);
        ask(2, C.node(), 20);
        transfers.stop("enough");
        hearOut();
        assertThat(outcomes)
                .containsEntry(1L, new Outcome.Unknown("enough"))
                .containsEntry(2L, new Outcome.Refused(Outcome.Reason.STOPPED, "enough"));
        advance(NOW + 100);
        assertThat(outcomes).hasSize(2);
    }

    /** A change is decided that gives c's vote to another store. */
    private void takeTheVoteFromC(Leader leader, long now) {
        Membership next = Membership.of(
                Map.of(ME.node(), ME.incarnation(), B.node(), B.incarnation(), C.node(), new Incarnation(99)));
        Value change = new Value.Reconfigure(new Configuration(1, next, new TreeSet<>()));
        parts.log.put(1, new Proposal<>(leader.ballot(), change));
        parts.learning.decide(leader.ballot(), 1);
        assertThat(leader.tick(1, now)).isTrue();
    }

    @Test
    void rule10_whoLosesItsVoteBeforeItCameNearIsRefusedAtOnceAndForThatReason() {
        Leader leader = parts.leader(NOW);
        ask(1, C.node(), 1000);
        advance(NOW);
        takeTheVoteFromC(leader, NOW + 1);
        advance(NOW + 1);
        assertRefused(1, Outcome.Reason.NOT_A_VOTER, "c does not vote both before and after");
    }

    @Test
    void rule10_whereNobodyIsNamedAnotherTakesOverIfTheBestLosesItsVote() {
        Leader leader = parts.leader(NOW);
        leader.onHeard(C, 0, NOW);
        ask(1, null, 1000);
        advance(NOW);
        assertThat(leader.handOver()).isNotNull().satisfies(offer -> assertThat(offer.target())
                .isEqualTo(C));
        takeTheVoteFromC(leader, NOW + 1);
        leader.onHeard(B, 1, NOW + 1);
        advance(NOW + 1);
        advance(NOW + 2);
        assertThat(outcomes).isEmpty();
        assertThat(leader.handOver()).isNotNull().satisfies(offer -> assertThat(offer.target())
                .isEqualTo(B));
    }
}
