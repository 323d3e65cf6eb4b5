// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.log.AcceptedLog;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.LogMessage.CloseSlots;
import io.paxos.message.LogMessage.ReadQuery;
import io.paxos.message.LogMessage.ReadReply;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One node of five, and what it hears from the others is made up. */
class ReadBarrierTest {

    private static final GroupId GROUP = GroupId.of("g");
    private static final MachineConfig CONFIG =
            new MachineConfig(5, 30, 30, 20, 16, 1 << 20, 1 << 10, 4, 100, 50, 10, 0, SnapshotPolicy.NEVER);
    private static final int RESEND = CONFIG.resendTicks();
    private static final Membership FIVE = membership("a", "b", "c", "d", "e");
    private static final Endpoint A = endpoint("a");
    private static final Endpoint B = endpoint("b");
    private static final Endpoint C = endpoint("c");
    private static final Endpoint D = endpoint("d");

    private final Outbox outbox = new Outbox(GROUP);
    private final AcceptedLog log = new AcceptedLog();
    private final Learning learning =
            new Learning(GROUP, CONFIG, outbox, new Levels(GROUP, A.node(), CONFIG, outbox), log, 0, null);
    private final Map<Long, Outcome> outcomes = new HashMap<>();
    private final List<LogMessage> sent = new ArrayList<>();
    private boolean votes = true;
    private ReadBarrier reads = barrier(MajorityQuorums.of(FIVE.voters().keySet()));
    private long now = 1;

    private static Membership membership(String... names) {
        Map<NodeId, Incarnation> voters = new TreeMap<>();
        for (String name : names) {
            voters.put(NodeId.of(name), new Incarnation(name.charAt(0)));
        }
        return Membership.of(voters);
    }

    private static Endpoint endpoint(String name) {
        return new Endpoint(NodeId.of(name), new Incarnation(name.charAt(0)));
    }

    private ReadBarrier barrier(QuorumSystem quorums) {
        Self self = new Self(new ClusterName("c"), A, 42);
        Peers peers = new Peers(self, FIVE, quorums, List::of, () -> votes);
        outbox.form(peers);
        ReadBarrier made = new ReadBarrier(self, CONFIG, outbox, learning, new Used());
        made.form(peers);
        return made;
    }

    private void read(long request) {
        assertThat(reads.submit(new RequestId(request), now + 500)).isNull();
        flush();
    }

    private void flush() {
        reads.flush(now);
        for (Effect effect : outbox.drain()) {
            if (effect instanceof Effect.Respond respond) {
                assertThat(outcomes.put(respond.request().number(), respond.outcome()))
                        .isNull();
            } else if (effect instanceof Effect.Send send) {
                sent.add(((GroupMessage) send.envelope().message()).body());
            }
        }
    }

    private void tickUntil(long end) {
        while (now < end) {
            reads.tick(++now, 0);
            flush();
        }
    }

    private static Probe round(long number) {
        return new Probe(42, number);
    }

    private void reply(Endpoint from, long round, long highest) {
        reads.onReply(from, new ReadReply(round(round), highest, 0, false), now);
        flush();
    }

    private void replyForQuorum(Endpoint from, long round, long highest) {
        reads.onReply(from, new ReadReply(round(round), highest, 0, true), now);
        flush();
    }

    private List<ReadQuery> queries() {
        return sent.stream()
                .filter(ReadQuery.class::isInstance)
                .map(ReadQuery.class::cast)
                .distinct()
                .toList();
    }

    private void accept(long slot) {
        log.put(slot, new Proposal<>(new Ballot(1, B.node(), 1), Value.NO_OP));
    }

    @Test
    void rule13_aReadIsAnsweredWhenAPhase1QuorumHasToldThatNothingLiesBeyondWhatIsExecuted() {
        learning.onApplied(7);
        read(1);
        assertThat(queries()).containsExactly(new ReadQuery(round(1), 0));
        assertThat(sent).as("one for each other voter").hasSize(4);
        reply(B, 1, 7);
        reply(B, 1, 7);
        assertThat(outcomes).as("this node and one other, who said it twice").isEmpty();
        reply(C, 1, 5);
        assertThat(outcomes).containsEntry(1L, new Outcome.Current(7));
        assertThat(reads.waiting()).isZero();
    }

    @Test
    void rule13_aReadIsServedOnlyByARoundThatBeganAfterItAndAllThatWaitShareTheNext() {
        read(1);
        read(2);
        read(3);
        reply(B, 1, 0);
        reply(C, 1, 0);
        assertThat(outcomes)
                .as("B and C may have spoken before the others came")
                .containsOnlyKeys(1L);
        assertThat(queries()).extracting(ReadQuery::probe).containsExactly(round(1), round(2));
        reply(D, 1, 0);
        assertThat(outcomes).containsOnlyKeys(1L);
        reply(B, 2, 0);
        reply(C, 2, 0);
        assertThat(outcomes).containsOnlyKeys(1L, 2L, 3L);
    }

    @Test
    void rule13_ARetryIsANewRoundAndTakesNothingFromTheOneBefore() {
        read(1);
        reply(B, 1, 0);
        tickUntil(now + RESEND);
        assertThat(queries()).extracting(ReadQuery::probe).containsExactly(round(1), round(2));
        reply(C, 2, 0);
        assertThat(outcomes)
                .as("A and C in round 2, for what B said was said to round 1")
                .isEmpty();
        reply(D, 2, 0);
        assertThat(outcomes).containsOnlyKeys(1L);
    }

    @Test
    void rule13_ALateAnswerServesThoseWhoCameBeforeItsOwnRoundAlone() {
        read(1);
        tickUntil(now + RESEND / 2);
        read(2);
        tickUntil(now + RESEND / 2);
        assertThat(queries()).extracting(ReadQuery::probe).containsExactly(round(1), round(2));
        reply(B, 1, 0);
        reply(C, 1, 0);
        assertThat(outcomes).containsOnlyKeys(1L);
        reply(B, 2, 0);
        reply(C, 2, 0);
        assertThat(outcomes).containsOnlyKeys(1L, 2L);
    }

    @Test
    void rule13_everySlotAcceptedDecidedOrForgottenIsNamed() {
        assertThat(reads.answer(round(1))).isEqualTo(new ReadReply(round(1), 0, 0, false));
        accept(1);
        accept(4);
        assertThat(reads.answer(round(1)).highest())
                .as("accepted, and by nobody known to be decided")
                .isEqualTo(4);
        learning.decide(new Ballot(1, B.node(), 1), 1);
        assertThat(reads.answer(round(1))).isEqualTo(new ReadReply(round(1), 4, 1, false));
        log.forget(9);
        assertThat(reads.answer(round(1)).highest())
                .as("forgotten, because a snapshot stands for it")
                .isEqualTo(9);
    }

    @Test
    void rule13_theAnswerWaitsUntilTheHighestSlotIsExecutedHereEvenByASnapshotBeyondIt() {
        learning.onApplied(3);
        accept(5);
        read(1);
        reply(B, 1, 3);
        assertThat(reads.awaited()).isZero();
        reply(C, 1, 6);
        assertThat(outcomes).isEmpty();
        assertThat(reads.awaited()).isEqualTo(6);
        learning.onApplied(5);
        flush();
        assertThat(outcomes).isEmpty();
        learning.onApplied(30);
        flush();
        assertThat(outcomes).containsEntry(1L, new Outcome.Current(30));
    }

    @Test
    void rule13_thisNodesOwnProposalsCount() {
        accept(5);
        read(1);
        reply(B, 1, 0);
        reply(C, 1, 0);
        assertThat(outcomes).isEmpty();
    }

    @Test
    void rule13_whereQuorumsDifferInSizeAPhase1QuorumIsAsked() {
        reads = barrier(new FlexibleQuorums(FIVE.voters().keySet(), 4, 2));
        read(1);
        reply(B, 1, 0);
        reply(C, 1, 0);
        assertThat(outcomes).isEmpty();
        reply(D, 1, 0);
        assertThat(outcomes).containsOnlyKeys(1L);
    }

    @Test
    void rule13_whoDoesNotVoteLeavesItselfOutAndWhoDoesNoMoreBeginsAnew() {
        read(1);
        votes = false;
        reads.observe();
        reply(B, 1, 0);
        reply(C, 1, 0);
        assertThat(outcomes).isEmpty();
        assertThat(queries()).extracting(ReadQuery::probe).containsExactly(round(1), round(2));
        reply(B, 2, 0);
        reply(C, 2, 0);
        assertThat(outcomes).isEmpty();
        reply(D, 2, 0);
        assertThat(outcomes).containsOnlyKeys(1L);
    }

    @Test
    void rule13_whatThisNodesOwnAnswerHelpedToFindIsAskedAgainWhenThatAnswerNoLongerCounts() {
        read(1);
        reply(B, 1, 3);
        reply(C, 1, 0);
        votes = false;
        reads.observe();
        learning.onApplied(3);
        flush();
        assertThat(outcomes).as("slot 3 was found by this node and two others").isEmpty();
        reply(B, 2, 3);
        reply(C, 2, 0);
        assertThat(outcomes).isEmpty();
        reply(D, 2, 5);
        assertThat(outcomes).isEmpty();
        learning.onApplied(5);
        flush();
        assertThat(outcomes).containsEntry(1L, new Outcome.Current(5));
    }

    @Test
    void rule17_whoReachesNoQuorumAsksAPeerToAskForIt() {
        read(1);
        tickUntil(now + RESEND);
        assertThat(queries()).containsExactly(new ReadQuery(round(1), 0), new ReadQuery(round(2), 3));
        replyForQuorum(B, 2, 8);
        assertThat(outcomes).isEmpty();
        learning.onApplied(8);
        flush();
        assertThat(outcomes).containsOnlyKeys(1L);
    }

    @Test
    void rule17_aQuorumIsAskedForAPeerInARoundThatBeginsAfterItsQuestion() {
        read(1);
        reads.runErrand(B, new ReadQuery(new Probe(7, 70), 3), now);
        flush();
        reply(C, 1, 4);
        reply(D, 1, 0);
        assertThat(sent).noneMatch(ReadReply.class::isInstance);
        reply(C, 2, 5);
        assertThat(sent).noneMatch(ReadReply.class::isInstance);
        reply(D, 2, 0);
        assertThat(sent).contains(new ReadReply(new Probe(7, 70), 5, 0, true));
    }

    @Test
    void rule17_whoAsksForOthersAsksFewerAndFewerToAskForIt() {
        reads.runErrand(B, new ReadQuery(new Probe(7, 70), 1_000_000), now);
        reads.runErrand(C, new ReadQuery(new Probe(8, 80), 0), now);
        flush();
        tickUntil(now + RESEND);
        assertThat(queries()).extracting(ReadQuery::hops).containsExactly(0, 2);
        tickUntil(now + 20L * RESEND);
        int questions = queries().size();
        tickUntil(now + 20L * RESEND);
        assertThat(queries())
                .as("B has given up, or asks again")
                .hasSize(questions)
                .hasSizeLessThan(10);
    }

    @Test
    void rule18_noMoreReadsAndErrandsWaitThanMay() {
        for (int i = 1; i <= 4; i++) {
            read(i);
        }
        assertThat(reads.submit(new RequestId(5), now + 500)).isInstanceOfSatisfying(Outcome.Refused.class, r -> {
            assertThat(r.reason()).isEqualTo(Outcome.Reason.OVERLOADED);
            assertThat(r.detail()).contains("4 reads");
        });
        for (int i = 0; i < 10_000; i++) {
            reads.runErrand(B, new ReadQuery(new Probe(7, i), 3), now);
        }
        for (int round = 1; round <= 2; round++) {
            reply(C, round, 0);
            reply(D, round, 0);
        }
        assertThat(sent).filteredOn(ReadReply.class::isInstance).hasSize(256);
        assertThat(outcomes).hasSize(4);
    }

    @Test
    void aReadWhoseDeadlinePassesIsRefusedAndSaysWhatItWaitedFor() {
        read(1);
        reply(B, 1, 9);
        reply(C, 1, 0);
        read(2);
        tickUntil(now + 510);
        assertThat(refusal(1)).contains("slot 9");
        assertThat(refusal(2)).contains("quorum");
        assertThat(reads.waiting()).isZero();
        int questions = sent.size();
        tickUntil(now + 100);
        assertThat(sent).as("nobody waits any more").hasSize(questions);
    }

    private String refusal(long request) {
        Outcome.Refused refused = (Outcome.Refused) outcomes.get(request);
        assertThat(refused.reason()).isEqualTo(Outcome.Reason.TIMEOUT);
        return refused.detail();
    }

    @Test
    void aReplicaThatStopsRefusesAllItsReads() {
        read(1);
        reply(B, 1, 9);
        reply(C, 1, 0);
        read(2);
        reads.stop("apply failed");
        flush();
        assertThat(outcomes).containsOnlyKeys(1L, 2L).allSatisfy((request, outcome) -> assertThat(outcome)
                .isEqualTo(new Outcome.Refused(Outcome.Reason.STOPPED, "apply failed")));
        assertThat(reads.waiting()).isZero();
    }

    @Test
    void rule13_aSlotIsToBeClosedWhenItIsAwaitedForLongAndKnownDecidedNowhere() {
        read(1);
        reply(B, 1, 9);
        reply(C, 1, 0);
        tickUntil(now + 2L * RESEND - 1);
        assertThat(reads.toBeClosed(now)).isZero();
        tickUntil(now + 1);
        assertThat(reads.toBeClosed(now)).isEqualTo(9);
        assertThat(reads.toBeClosed(now)).as("not with every tick").isZero();
        tickUntil(now + 2L * RESEND);
        learning.hint(D, 9);
        assertThat(reads.toBeClosed(now))
                .as("it need only be fetched and executed")
                .isZero();
        assertThat(sent).noneMatch(CloseSlots.class::isInstance);
    }

    @Test
    void answersOverLinksSlowerThanThisNodeIsPatientStillArrive() {
        read(1);
        for (int round = 1; round <= 6; round++) {
            tickUntil(now + RESEND);
        }
        reply(B, 2, 0);
        reply(C, 2, 0);
        assertThat(outcomes).containsOnlyKeys(1L);
    }

    @Test
    void aRoundIsForgottenWhenTooManyAreUnderWay() {
        read(1);
        tickUntil(now + 8L * RESEND);
        reply(B, 1, 0);
        reply(C, 1, 0);
        assertThat(outcomes).isEmpty();
        reply(B, 9, 0);
        reply(C, 9, 0);
        assertThat(outcomes).containsOnlyKeys(1L);
    }
}
