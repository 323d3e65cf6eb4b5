// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.ME;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.log.Regimes;
import io.paxos.message.LogMessage.ReadQuery;
import io.paxos.message.LogMessage.ReadReply;
import io.paxos.message.Probe;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How many reads wait and for how long, to the tick, and what none of them waits for; on one of three nodes. */
class ReadBarrierBoundsTest {

    private static final Endpoint D = new Endpoint(NodeId.of("d"), new Incarnation(4));

    /** Questions are repeated after so many ticks; eight reads may wait. */
    private static final int RESEND = Parts.CONFIG.resendTicks();

    private final Parts parts = new Parts();
    private final Map<Long, Outcome> outcomes = new HashMap<>();
    private final List<Parts.Said> said = new ArrayList<>();
    private ReadBarrier reads = parts.reads;

    private Outcome read(long request, long deadline) {
        return reads.submit(new RequestId(request), deadline);
    }

    private void flush(long now) {
        said.clear();
        reads.flush(now);
        hearOut();
    }

    private void ticks(long from, long to) {
        said.clear();
        for (long now = from; now <= to; now++) {
            reads.tick(now, 0);
            reads.flush(now);
            hearOut();
        }
    }

    private void hearOut() {
        List<Effect> effects = parts.effects();
        said.addAll(Parts.said(effects));
        for (Effect effect : effects) {
            if (effect instanceof Effect.Respond respond) {
                assertThat(outcomes.put(respond.request().number(), respond.outcome()))
                        .as("read %s is answered once", respond.request())
                        .isNull();
            }
        }
    }

    private void reply(Endpoint from, long round, long highest, long now) {
        reads.onReply(from, new ReadReply(new Probe(7, round), highest, 0, false), now);
        flush(now);
    }

    private List<Endpoint> whoWasAsked() {
        return Parts.whoHeard(said, ReadQuery.class);
    }

    private void assertOverloaded(Outcome outcome) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                .isEqualTo(Outcome.Reason.OVERLOADED));
    }

    @Test
    void rule18_everyReadThatWaitsCountsWhateverItWaitsFor() {
        for (int i = 1; i <= 2; i++) {
            assertThat(read(i, 100)).isNull();
            assertThat(reads.submitSince(new RequestId(10 + i), 0, 100)).isNull();
            assertThat(reads.submitAt(new RequestId(20 + i), 5, 1, 100)).isNull();
        }
        assertThat(reads.waiting()).isEqualTo(6);
        flush(1);
        reply(B, 1, 5, 1);
        assertThat(reads.submitSince(new RequestId(31), 0, 100))
                .as("the round began no earlier, so it is served by what that found")
                .isNull();
        assertThat(read(32, 100)).isNull();
        assertThat(reads.waiting()).isEqualTo(8);
        assertOverloaded(read(41, 100));
        assertOverloaded(reads.submitSince(new RequestId(42), 0, 100));
        assertOverloaded(reads.submitSince(new RequestId(43), 1, 100));
        assertOverloaded(reads.submitAt(new RequestId(44), 5, 1, 100));

        parts.learning.onApplied(5);
        flush(2);
        assertThat(outcomes).containsOnlyKeys(1L, 2L, 11L, 12L, 21L, 22L, 31L);
        assertThat(reads.waiting()).isEqualTo(1);
        assertThat(reads.submitAt(new RequestId(44), 5, 1, 100)).isNull();
    }

    @Test
    void aReadIsRefusedAtItsDeadlineAndNothingIsAwaitedForItAnyMore() {
        reads.submitAt(new RequestId(1), 5, 1, 50);
        reads.submitAt(new RequestId(2), 9, 1, 55);
        read(3, 50);
        ticks(1, 49);
        assertThat(outcomes).isEmpty();
        assertThat(reads.awaited()).isEqualTo(9);
        ticks(50, 50);
        assertThat(outcomes).containsOnlyKeys(1L, 3L);
        ticks(51, 55);
        assertThat(outcomes).containsOnlyKeys(1L, 2L, 3L);
        assertThat(reads.awaited()).isZero();
        assertThat(reads.waiting()).isZero();
    }

    @Test
    void whoComesWhenAllAreServedAsksAtOnceThoughARepeatedQuestionIsNotAnswered() {
        read(1, 1000);
        flush(1);
        ticks(2, 1 + RESEND);
        reply(B, 1, 0, 2 + RESEND);
        assertThat(outcomes).as("by the first of two rounds").containsOnlyKeys(1L);
        read(2, 1000);
        flush(3 + RESEND);
        assertThat(said)
                .containsExactlyInAnyOrder(
                        Parts.said(B, new ReadQuery(new Probe(7, 3), 0)),
                        Parts.said(C, new ReadQuery(new Probe(7, 3), 0)));
    }

    @Test
    void aQuestionOfAPeerIsForgottenWhenThatPeerHasGivenUp() {
        reads.runErrand(B, new ReadQuery(new Probe(8, 80), 1), 5);
        reads.runErrand(C, new ReadQuery(new Probe(9, 90), 1), 6);
        flush(6);
        ticks(7, 5 + 8 * RESEND);
        said.clear();
        reads.onReply(C, new ReadReply(new Probe(7, 8), 3, 0, false), 5 + 8 * RESEND);
        hearOut();
        assertThat(said)
                .as("b is not waiting any more")
                .containsExactly(Parts.said(C, new ReadReply(new Probe(9, 90), 3, 0, true)));
    }

    @Test
    void aSlotThatStaysOpenIsNamedAgainOnlyAfterAWhile() {
        reads.submitAt(new RequestId(1), 9, 1, 1000);
        assertThat(reads.toBeClosed(2L * RESEND)).isZero();
        assertThat(reads.toBeClosed(2L * RESEND + 1)).isEqualTo(9);
        assertThat(reads.toBeClosed(4L * RESEND)).isZero();
        assertThat(reads.toBeClosed(4L * RESEND + 1)).isEqualTo(9);
    }

    @Test
    void whoIsNotCountedAnyMoreAsksForNobodyElse() {
        reads.runErrand(B, new ReadQuery(new Probe(8, 80), 3), 1);
        parts.votes = false;
        reads.observe();
        flush(2);
        assertThat(whoWasAsked()).isEmpty();
    }

    @Test
    void whoeverStopsAnswersEachReadOnceAndAsksNobodyAnyMore() {
        reads.submitAt(new RequestId(1), 5, 1, 50);
        read(2, 50);
        flush(1);
        reads.runErrand(B, new ReadQuery(new Probe(8, 80), 3), 1);
        said.clear();
        reads.stop("enough");
        hearOut();
        assertThat(outcomes).containsOnlyKeys(1L, 2L);
        assertThat(reads.awaited()).isZero();
        parts.learning.onApplied(5);
        ticks(2, 100);
        assertThat(said).isEmpty();
        reply(B, 1, 0, 100);
        assertThat(said).isEmpty();
        assertThat(outcomes).hasSize(2);
    }

    @Test
    void rule13_whereOthersGovernBelowTheMarkThanWereAskedTheyAreAskedAsWell() {
        Membership three = Membership.of(
                Map.of(ME.node(), ME.incarnation(), B.node(), B.incarnation(), C.node(), C.incarnation()));
        Membership next = Membership.of(
                Map.of(ME.node(), ME.incarnation(), B.node(), B.incarnation(), D.node(), D.incarnation()));
        Regimes regimes = new Regimes(Configuration.initial(three), 4, MajorityQuorums::of);
        Peers peers = new Peers(parts.self, Fingerprint.of(three, "a rule"), regimes, List::of, () -> true);
        parts.outbox.form(peers);
        parts.learning.form(regimes);
        reads = new ReadBarrier(parts.self, Parts.CONFIG, parts.outbox, parts.learning, new Used());
        reads.form(peers);
        read(1, 1000);
        flush(1);
        assertThat(whoWasAsked()).containsExactly(B, C);
        reply(B, 1, 6, 1);
        // The third slot says who governs from the seventh on, where something may have been chosen since.
        for (int slot = 1; slot <= 6; slot++) {
            Value value = slot == 3
                    ? new Value.Reconfigure(new Configuration(1, next, new TreeSet<>()))
                    : Parts.command(slot);
            parts.log.put(slot, new Proposal<>(Parts.ballot(1, B), value));
        }
        parts.learning.decide(Parts.ballot(1, B), 6);
        parts.learning.onApplied(6);
        flush(2);
        assertThat(outcomes).isEmpty();
        flush(3);
        assertThat(whoWasAsked()).containsExactlyInAnyOrder(B, D);
        reply(C, 2, 6, 4);
        assertThat(outcomes).isEmpty();
        reply(D, 2, 7, 4);
        assertThat(outcomes).as("it told of a seventh slot").isEmpty();
        parts.learning.onApplied(7);
        flush(5);
        assertThat(outcomes).containsEntry(1L, new Outcome.Current(7));
        assertThat(reads.waiting()).isZero();
    }
}
