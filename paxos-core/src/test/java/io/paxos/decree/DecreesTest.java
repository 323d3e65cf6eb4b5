// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.DecreeMessage;
import io.paxos.message.DecreeMessage.Answer;
import io.paxos.message.DecreeMessage.Learned;
import io.paxos.message.DecreeMessage.Query;
import io.paxos.message.DecreeMessage.Step;
import io.paxos.message.Envelope;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.StartId;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.single.SingleMessage;
import io.paxos.single.SingleMessage.Accept;
import io.paxos.single.SingleMessage.Accepted;
import io.paxos.single.SingleMessage.Decide;
import io.paxos.single.SingleMessage.Nack;
import io.paxos.single.SingleMessage.Prepare;
import io.paxos.single.SingleMessage.Promise;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecreesTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N3 = new NodeId("n3");
    private static final Endpoint E1 = new Endpoint(N1, new Incarnation(1));
    private static final Endpoint E2 = new Endpoint(N2, new Incarnation(2));
    private static final Endpoint E3 = new Endpoint(N3, new Incarnation(3));
    private static final Endpoint STRANGER = new Endpoint(N3, new Incarnation(33));
    private static final Membership MEMBERS =
            Membership.of(Map.of(N1, E1.incarnation(), N2, E2.incarnation(), N3, E3.incarnation()));
    private static final MajorityQuorums QUORUMS =
            MajorityQuorums.of(MEMBERS.voters().keySet());
    private static final DecreeConfig CONFIG = new DecreeConfig(10, 4, 40, 20);
    private static final DecreeName X = new DecreeName("x");
    private static final Payload A = Payload.utf8("a");
    private static final Payload B = Payload.utf8("b");
    private static final RequestId R1 = new RequestId(1);
    private static final RequestId R2 = new RequestId(2);
    private static final RequestId R3 = new RequestId(3);
    private static final int LONG = 1_000_000;

    private final Self self = new Self(new ClusterName("c"), E1, 77);

    // --- as an acceptor -------------------------------------------------------------------------------------------

    /** Rule 2 and the machine's contract: a vote travels inside the write it waits for. */
    @Test
    void aVoteLeavesWithTheWriteItSpeaksOfAndARepeatedOneBehindIt() {
        Decrees n1 = formed();

        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2)))))
                .containsExactly(persist(
                        new Write.DecreeWrite(X, ballot(5, N2), null), E2, step(new Promise(ballot(5, N2), null))));
        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2)))))
                .containsExactly(barrier(E2, step(new Promise(ballot(5, N2), null))));
        Proposal<Payload> accepted = new Proposal<>(ballot(6, N3), A);
        assertThat(n1.onMessage(E3, step(new Accept(ballot(6, N3), A))))
                .containsExactly(persist(
                        new Write.DecreeWrite(X, ballot(6, N3), accepted), E3, step(new Accepted(ballot(6, N3)))));
        assertThat(n1.onMessage(E3, step(new Accept(ballot(6, N3), A))))
                .containsExactly(barrier(E3, step(new Accepted(ballot(6, N3)))));
        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2)))))
                .as("rule 2: accepting raised the promise")
                .containsExactly(send(E2, step(new Nack(ballot(5, N2), ballot(6, N3)))));
        Probe probe = new Probe(9, 9);
        assertThat(n1.onMessage(E2, new Query(X, probe))).containsExactly(barrier(E2, new Answer(X, probe, accepted)));
    }

    @Test
    void anyoneIsAnsweredForWhoCountsTheVotesJudgesThem() {
        Decrees n1 = formed();

        assertThat(messages(n1.onMessage(STRANGER, step(new Prepare(ballot(5, N3))))))
                .containsExactly(step(new Promise(ballot(5, N3), null)));
    }

    @Test
    void whoIsNotCountedNeverVotesButTellsWhatIsDecided() {
        Decrees n1 = decrees(Map.of(), Map.of(new DecreeName("y"), B));
        n1.form(MEMBERS, QUORUMS, false);

        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2))))).isEmpty();
        assertThat(n1.onMessage(E2, step(new Accept(ballot(5, N2), A)))).isEmpty();
        assertThat(n1.onMessage(E2, new Query(X, new Probe(9, 9)))).isEmpty();
        assertThat(n1.onMessage(E2, new Query(new DecreeName("y"), new Probe(9, 9))))
                .as("a store that is not counted names no start")
                .containsExactly(new Effect.Send(new Envelope(
                        self.cluster(),
                        E1,
                        E2,
                        StartId.NONE,
                        Fingerprint.of(MEMBERS, QUORUMS.description()),
                        new Step(new DecreeName("y"), new Decide(B)))));
    }

    /** Rule 15. */
    @Test
    void everyQuestionAboutADecidedNameIsAnsweredWithTheDecision() {
        Decrees n1 = formed();
        assertThat(n1.onMessage(E2, step(new Decide(A))))
                .containsExactly(
                        new Effect.DecreeDecided(X, A),
                        persist(new Write.DecreeDecidedWrite(X, A), E2, new Learned(X)));
        assertThat(n1.onMessage(E2, step(new Decide(A)))).containsExactly(barrier(E2, new Learned(X)));

        for (DecreeMessage question : List.of(
                step(new Prepare(ballot(9, N3))), step(new Accept(ballot(9, N3), B)), new Query(X, new Probe(9, 9)))) {
            assertThat(n1.onMessage(E3, question)).containsExactly(send(E3, step(new Decide(A))));
        }
        assertThat(n1.agree(R1, X, B, LONG)).containsExactly(new Effect.Respond(R1, new Outcome.Chosen(A)));
        assertThat(n1.learn(R2, X, LONG)).containsExactly(new Effect.Respond(R2, new Outcome.Chosen(A)));
        assertThat(n1.await(R3, X, LONG)).containsExactly(new Effect.Respond(R3, new Outcome.Chosen(A)));
    }

    @Test
    void remembersWhatTheStoreHeld() {
        Proposal<Payload> accepted = new Proposal<>(ballot(4, N3), A);
        Decrees n1 = decrees(Map.of(X, new Write.DecreeWrite(X, ballot(6, N2), accepted)), Map.of());
        n1.form(MEMBERS, QUORUMS, true);

        assertThat(messages(n1.onMessage(E2, step(new Prepare(ballot(5, N2))))))
                .containsExactly(step(new Nack(ballot(5, N2), ballot(6, N2))));
        assertThat(messages(n1.onMessage(E2, step(new Prepare(ballot(7, N2))))))
                .containsExactly(step(new Promise(ballot(7, N2), accepted)));
        assertThat(asked(n1.agree(R1, X, B, LONG), Prepare.class).ballot())
                .as("above every ballot seen")
                .isEqualTo(new Ballot(8, N1, 77));
    }

    // --- agree ----------------------------------------------------------------------------------------------------

    @Test
    void agreesInTwoRoundsAndTellsEveryone() {
        Decrees n1 = formed();
        n1.observers(List.of(STRANGER));

        List<Effect> prepares = n1.agree(R1, X, A, LONG);
        Ballot ballot = new Ballot(1, N1, 77);
        assertThat(prepares)
                .containsExactly(
                        send(E1, step(new Prepare(ballot))),
                        send(E2, step(new Prepare(ballot))),
                        send(E3, step(new Prepare(ballot))));
        assertThat(n1.onMessage(E1, step(new Promise(ballot, null)))).isEmpty();
        assertThat(n1.onMessage(E3, step(new Promise(ballot, null))))
                .containsExactly(
                        send(E1, step(new Accept(ballot, A))),
                        send(E2, step(new Accept(ballot, A))),
                        send(E3, step(new Accept(ballot, A))));
        assertThat(n1.onMessage(E1, step(new Accepted(ballot)))).isEmpty();
        assertThat(n1.onMessage(E2, step(new Accepted(ballot))))
                .containsExactly(
                        new Effect.DecreeDecided(X, A),
                        new Effect.Respond(R1, new Outcome.Chosen(A)),
                        new Effect.Persist(List.of(new Write.DecreeDecidedWrite(X, A)), List.of()),
                        send(E2, step(new Decide(A))),
                        send(E3, step(new Decide(A))),
                        send(STRANGER, step(new Decide(A))));
        assertThat(n1.openCount()).isZero();
        assertThat(n1.decidedCount()).isEqualTo(1);
    }

    @Test
    void proposesWhatTheQuorumReports() {
        Decrees n1 = formed();
        Ballot ballot = asked(n1.agree(R1, X, A, LONG), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(ballot, new Proposal<>(ballot(1, N2), B))));

        Accept accept = asked(n1.onMessage(E3, step(new Promise(ballot, null))), Accept.class);

        assertThat(accept.value()).isEqualTo(B);
        n1.onMessage(E2, step(new Accepted(ballot)));
        assertThat(outcomes(n1.onMessage(E3, step(new Accepted(ballot))))).containsEntry(R1, new Outcome.Chosen(B));
    }

    /** Rule 2: counted are the members, down to the incarnation, and only for the ballot in question. */
    @Test
    void votesOfStrangersAndOfOtherBallotsAreNotCounted() {
        Decrees n1 = formed();
        Ballot ballot = asked(n1.agree(R1, X, A, LONG), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(ballot, null)));

        assertThat(n1.onMessage(STRANGER, step(new Promise(ballot, null)))).isEmpty();
        assertThat(n1.onMessage(E2, step(new Promise(ballot, null)))).isEmpty();
        assertThat(n1.onMessage(E3, step(new Promise(new Ballot(1, N1, 76), null))))
                .isEmpty();
        assertThat(n1.onMessage(E3, step(new Accepted(ballot)))).isEmpty();

        assertThat(n1.onMessage(E3, step(new Promise(ballot, null)))).isNotEmpty();
        n1.onMessage(E2, step(new Accepted(ballot)));
        assertThat(n1.onMessage(STRANGER, step(new Accepted(ballot)))).isEmpty();
        assertThat(n1.onMessage(E3, step(new Accepted(new Ballot(1, N1, 76))))).isEmpty();
        assertThat(n1.onMessage(STRANGER, step(new Nack(ballot, ballot(9, N3)))))
                .isEmpty();
        assertThat(outcomes(n1.onMessage(E3, step(new Accepted(ballot))))).hasSize(1);
    }

    @Test
    void asksOnlyThoseAgainWhoHaveNotAnsweredAndEverMoreRarely() {
        Decrees n1 = formed();
        Ballot ballot = asked(n1.agree(R1, X, A, LONG), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(ballot, null)));

        assertThat(ticks(n1, 9)).isEmpty();
        assertThat(ticks(n1, 1))
                .containsExactly(send(E1, step(new Prepare(ballot))), send(E3, step(new Prepare(ballot))));
        assertThat(ticks(n1, 19)).isEmpty();
        assertThat(ticks(n1, 1)).hasSize(2);
        assertThat(ticks(n1, 1000).size()).isBetween(2 * 1000 / 80, 2 * 1000 / 80 + 4);
        n1.onMessage(E3, step(new Promise(ballot, null)));
        assertThat(ticks(n1, 10))
                .extracting(e -> ((Effect.Send) e).envelope().to())
                .containsExactly(E1, E2, E3);
    }

    /** Rule 1: whoever meets a higher ballot takes a new one, and runs phase 1 for it. */
    @Test
    void backsOffFromAHigherBallotAndTriesAboveIt() {
        Decrees n1 = formed();
        Ballot first = asked(n1.agree(R1, X, A, LONG), Prepare.class).ballot();
        assertThat(n1.onMessage(E2, step(new Nack(first, ballot(7, N2))))).isEmpty();

        Ballot second = asked(ticks(n1, CONFIG.backoffTicks(0)), Prepare.class).ballot();
        assertThat(second).isEqualTo(new Ballot(8, N1, 77));

        assertThat(CONFIG.backoffTicks(0)).isLessThan(CONFIG.backoffTicks(3));
        assertThat(CONFIG.backoffTicks(1000)).isEqualTo(160);
    }

    @Test
    void aBallotThatWasRefusedBySomeMayStillBeChosen() {
        Decrees n1 = formed();
        Ballot ballot = promised(n1, R1, A);
        n1.onMessage(E1, step(new Accepted(ballot)));
        n1.onMessage(E2, step(new Nack(ballot, ballot(7, N2))));

        assertThat(outcomes(n1.onMessage(E3, step(new Accepted(ballot))))).containsEntry(R1, new Outcome.Chosen(A));
    }

    /** Rule 1, also for a decree whose earlier attempt nobody remembers. */
    @Test
    void aBallotIsNeverUsedTwice() {
        Decrees n1 = decrees(Map.of(), Map.of());
        n1.form(MEMBERS, QUORUMS, false);
        Ballot first = asked(n1.agree(R1, X, A, 5), Prepare.class).ballot();
        ticks(n1, 5);
        assertThat(n1.openCount()).isZero();

        assertThat(asked(n1.agree(R2, X, B, 5), Prepare.class).ballot()).isGreaterThan(first);
    }

    @Test
    void severalCallsForOneNameShareOneAttempt() {
        Decrees n1 = formed();
        Ballot ballot = promised(n1, R1, A);

        assertThat(n1.agree(R2, X, B, LONG)).isEmpty();
        n1.onMessage(E1, step(new Accepted(ballot)));

        assertThat(outcomes(n1.onMessage(E2, step(new Accepted(ballot)))))
                .containsEntry(R1, new Outcome.Chosen(A))
                .containsEntry(R2, new Outcome.Chosen(A));
    }

    // --- deadlines, limits, the end -------------------------------------------------------------------------------

    @Test
    void aCallThatExpiresBeforeItsValueWasProposedIsRefusedAndItsValueNeverProposed() {
        Decrees n1 = formed();
        Ballot first = asked(n1.agree(R1, X, A, 5), Prepare.class).ballot();
        n1.agree(R2, X, B, LONG);
        n1.onMessage(E2, step(new Promise(first, null)));

        List<Effect> effects = ticks(n1, 5);

        assertThat(outcomes(effects).get(R1)).isInstanceOfSatisfying(Outcome.Refused.class, r -> assertThat(r.reason())
                .isEqualTo(Outcome.Reason.TIMEOUT));
        Ballot second = asked(effects, Prepare.class).ballot();
        assertThat(second).isGreaterThan(first);
        assertThat(n1.onMessage(E3, step(new Promise(first, null)))).isEmpty();
        n1.onMessage(E2, step(new Promise(second, null)));
        assertThat(asked(n1.onMessage(E3, step(new Promise(second, null))), Accept.class)
                        .value())
                .isEqualTo(B);
    }

    @Test
    void aCallThatExpiresAfterItsValueWasProposedIsUnknown() {
        Decrees n1 = formed();
        Ballot ballot = asked(n1.agree(R1, X, A, 5), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(ballot, null)));
        n1.onMessage(E3, step(new Promise(ballot, null)));
        n1.agree(R2, X, A, 2);
        n1.agree(R3, X, B, 2);

        Map<RequestId, Outcome> outcomes = outcomes(ticks(n1, 5));

        assertThat(outcomes.get(R1)).isInstanceOf(Outcome.Unknown.class);
        assertThat(outcomes.get(R2)).as("the same value").isInstanceOf(Outcome.Unknown.class);
        assertThat(outcomes.get(R3)).isInstanceOf(Outcome.Refused.class);
        assertThat(n1.openCount()).isZero();
        assertThat(ticks(n1, 1000)).isEmpty();
    }

    @Test
    void limitsAreRefusalsOfTheirOwnKind() {
        Decrees n1 = formed();
        assertThat(reason(n1.agree(new RequestId(9), X, Payload.wrap(new byte[21]), LONG)))
                .isEqualTo(Outcome.Reason.TOO_LARGE);
        n1.agree(R1, X, Payload.wrap(new byte[20]), 5);
        assertThat(reason(n1.agree(R2, X, Payload.wrap(new byte[19]), LONG))).isEqualTo(Outcome.Reason.OVERLOADED);
        ticks(n1, 5);
        for (int i = 10; i < 14; i++) {
            assertThat(outcomes(n1.learn(new RequestId(i), new DecreeName("d" + i), LONG)))
                    .isEmpty();
        }
        assertThat(reason(n1.learn(R3, X, LONG))).isEqualTo(Outcome.Reason.OVERLOADED);
        n1.onMessage(E2, new Step(new DecreeName("d10"), new Decide(A)));
        assertThat(outcomes(n1.learn(R3, X, LONG))).isEmpty();
    }

    @Test
    void stoppingAnswersEveryCallAndEndsEverything() {
        Decrees n1 = formed();
        promised(n1, R1, A);
        n1.agree(R2, X, B, LONG);
        n1.await(R3, X, LONG);

        Map<RequestId, Outcome> outcomes = outcomes(n1.stop("closed"));

        assertThat(outcomes.get(R1)).isInstanceOf(Outcome.Unknown.class);
        assertThat(outcomes.get(R2)).isEqualTo(new Outcome.Refused(Outcome.Reason.STOPPED, "closed"));
        assertThat(outcomes.get(R3)).isEqualTo(new Outcome.Refused(Outcome.Reason.STOPPED, "closed"));
        assertThat(reason(n1.learn(new RequestId(8), X, 5))).isEqualTo(Outcome.Reason.STOPPED);
        assertThat(n1.stop("again")).isEmpty();
        assertThat(ticks(n1, 1000)).isEmpty();
        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2))))).isEmpty();
    }

    @Test
    void callsWaitForTheClusterToForm() {
        Decrees n1 = decrees(Map.of(), Map.of());
        assertThat(n1.agree(R1, X, A, LONG)).isEmpty();
        assertThat(n1.learn(R2, X, 5)).isEmpty();
        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2))))).isEmpty();
        assertThat(outcomes(ticks(n1, 5)).get(R2)).isInstanceOf(Outcome.Refused.class);

        List<Effect> effects = n1.form(MEMBERS, QUORUMS, true);

        assertThat(messages(effects)).hasSize(3).allMatch(m -> m instanceof Step s && s.body() instanceof Prepare);
        assertThatThrownBy(() -> n1.form(MEMBERS, QUORUMS, true)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> decrees(Map.of(), Map.of()).form(MEMBERS, MajorityQuorums.of(List.of(N1)), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[n1]");
    }

    // --- learn and await ------------------------------------------------------------------------------------------

    /** Rule 15: nothing found in a phase-1 quorum of answers to this very question is "undecided", and no less. */
    @Test
    void undecidedNeedsAPhaseOneQuorumOfAnswersToThisQuestion() {
        Decrees n1 = formed();
        Probe probe = probe(n1.learn(R1, X, LONG));

        assertThat(n1.onMessage(E2, new Answer(X, probe, null))).isEmpty();
        assertThat(n1.onMessage(E2, new Answer(X, probe, null))).isEmpty();
        assertThat(n1.onMessage(STRANGER, new Answer(X, probe, null))).isEmpty();
        assertThat(n1.onMessage(E3, new Answer(X, new Probe(probe.start(), probe.count() - 1), null)))
                .isEmpty();
        assertThat(n1.onMessage(E3, new Answer(X, new Probe(76, probe.count()), null)))
                .isEmpty();
        assertThat(n1.onMessage(E3, new Answer(X, probe, null)))
                .containsExactly(new Effect.Respond(R1, new Outcome.Undecided()));
        assertThat(n1.openCount()).isZero();
    }

    @Test
    void aCallThatCameDuringAnInquiryNeedsOneOfItsOwn() {
        Decrees n1 = formed();
        Probe first = probe(n1.learn(R1, X, LONG));
        n1.onMessage(E2, new Answer(X, first, null));
        assertThat(n1.learn(R2, X, LONG)).isEmpty();

        List<Effect> effects = n1.onMessage(E3, new Answer(X, first, null));

        assertThat(outcomes(effects)).containsOnlyKeys(R1);
        Probe second = probe(effects);
        n1.onMessage(E3, new Answer(X, second, null));
        assertThat(outcomes(n1.onMessage(E1, new Answer(X, second, null)))).containsOnlyKeys(R2);
    }

    @Test
    void oneValueAtOneBallotFromAPhaseTwoQuorumIsTheDecision() {
        Decrees n1 = formed();
        Probe probe = probe(n1.learn(R1, X, LONG));
        Proposal<Payload> accepted = new Proposal<>(ballot(3, N2), B);
        n1.onMessage(E1, new Answer(X, probe, accepted));

        List<Effect> effects = n1.onMessage(E2, new Answer(X, probe, accepted));

        assertThat(outcomes(effects)).containsEntry(R1, new Outcome.Chosen(B));
        assertThat(messages(effects)).containsExactly(step(new Decide(B)), step(new Decide(B)));
    }

    @Test
    void oneValueAtTwoBallotsIsNoDecisionButIsFinishedAtABallotOfItsOwn() {
        Decrees n1 = formed();
        Probe probe = probe(n1.learn(R1, X, LONG));
        n1.onMessage(E2, new Answer(X, probe, new Proposal<>(ballot(3, N2), A)));

        List<Effect> effects = n1.onMessage(E3, new Answer(X, probe, new Proposal<>(ballot(4, N3), A)));

        assertThat(outcomes(effects)).isEmpty();
        Ballot ballot = asked(effects, Prepare.class).ballot();
        assertThat(ballot).isEqualTo(new Ballot(5, N1, 77));
        n1.onMessage(E1, step(new Promise(ballot, null)));
        assertThat(asked(n1.onMessage(E2, step(new Promise(ballot, new Proposal<>(ballot(3, N2), A)))), Accept.class)
                        .value())
                .isEqualTo(A);
        n1.onMessage(E1, step(new Accepted(ballot)));
        assertThat(outcomes(n1.onMessage(E2, step(new Accepted(ballot))))).containsEntry(R1, new Outcome.Chosen(A));
    }

    @Test
    void aDecisionAnswersALearner() {
        Decrees n1 = formed();
        n1.learn(R1, X, LONG);

        assertThat(outcomes(n1.onMessage(E3, step(new Decide(B))))).containsEntry(R1, new Outcome.Chosen(B));
    }

    @Test
    void awaitGoesOnAskingUntilThereIsADecision() {
        Decrees n1 = formed();
        Probe first = probe(n1.await(R1, X, LONG));
        n1.onMessage(E2, new Answer(X, first, null));
        assertThat(n1.onMessage(E3, new Answer(X, first, null))).isEmpty();

        Probe second = probe(ticks(n1, 2 * CONFIG.patienceTicks()));
        assertThat(second).isNotEqualTo(first);
        n1.onMessage(E1, new Answer(X, second, new Proposal<>(ballot(3, N2), B)));
        assertThat(n1.onMessage(E3, new Answer(X, second, null)))
                .as("left to its proposer, once")
                .isEmpty();
        Probe third = probe(ticks(n1, 2 * CONFIG.patienceTicks()));
        n1.onMessage(E1, new Answer(X, third, new Proposal<>(ballot(3, N2), B)));
        assertThat(messages(n1.onMessage(E3, new Answer(X, third, null))))
                .hasSize(3)
                .allMatch(m -> m instanceof Step s && s.body() instanceof Prepare);
        assertThat(outcomes(n1.onMessage(E2, step(new Decide(B))))).containsEntry(R1, new Outcome.Chosen(B));
    }

    @Test
    void awaitExpires() {
        Decrees n1 = formed();
        n1.await(R1, X, 50);

        assertThat(outcomes(ticks(n1, 50)).get(R1)).isInstanceOf(Outcome.Refused.class);
        assertThat(ticks(n1, 1000)).isEmpty();
    }

    /** Whoever took part learns in the end, though its proposer is gone. */
    @Test
    void anAcceptorFinishesWhatNobodyDecides() {
        Decrees n1 = formed();
        n1.onMessage(E2, step(new Accept(ballot(3, N2), B)));

        assertThat(ticks(n1, CONFIG.patienceTicks() - 1)).isEmpty();
        Probe probe = probe(ticks(n1, CONFIG.patienceTicks() + 1));
        n1.onMessage(E2, new Answer(X, probe, null));
        List<Effect> effects = n1.onMessage(E3, new Answer(X, probe, null));

        Ballot ballot = asked(effects, Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(ballot, null)));
        assertThat(asked(n1.onMessage(E3, step(new Promise(ballot, null))), Accept.class)
                        .value())
                .isEqualTo(B);
        n1.onMessage(E2, step(new Accepted(ballot)));
        assertThat(n1.onMessage(E3, step(new Accepted(ballot)))).contains(new Effect.DecreeDecided(X, B));
    }

    @Test
    void aMerePromiseIsAskedAboutAFewTimesOnly() {
        Decrees n1 = formed();
        n1.onMessage(E2, step(new Prepare(ballot(3, N2))));
        int asked = 0;
        for (int i = 0; i < 100_000; i++) {
            for (DecreeMessage message : messages(n1.tick())) {
                if (message instanceof Query query) {
                    asked++;
                    n1.onMessage(E2, new Answer(X, query.probe(), null));
                    n1.onMessage(E3, new Answer(X, query.probe(), null));
                }
            }
        }
        assertThat(asked).isEqualTo(3 * 4);
        assertThat(n1.openCount()).isZero();
    }

    // --- announcements --------------------------------------------------------------------------------------------

    @Test
    void aDecisionIsToldAgainToThoseWhoHaveNotLearnedItAFewTimes() {
        Decrees n1 = formed();
        Ballot ballot = promised(n1, R1, A);
        n1.onMessage(E1, step(new Accepted(ballot)));
        n1.onMessage(E2, step(new Accepted(ballot)));
        n1.onMessage(E2, new Learned(X));

        assertThat(ticks(n1, 10)).containsExactly(send(E3, step(new Decide(A))));
        assertThat(ticks(n1, 10_000)).hasSize(4);
    }

    @Test
    void whoeverHasLearnedIsToldNoMore() {
        Decrees n1 = formed();
        Ballot ballot = promised(n1, R1, A);
        n1.onMessage(E1, step(new Accepted(ballot)));
        n1.onMessage(E2, step(new Accepted(ballot)));
        n1.onMessage(E2, new Learned(X));
        n1.onMessage(E3, new Learned(X));

        assertThat(ticks(n1, 10_000)).isEmpty();
    }

    // --- broken rules ---------------------------------------------------------------------------------------------

    @Test
    void twoDecisionsForOneNameAreReportedWithIt() {
        Decrees n1 = formed();
        n1.onMessage(E2, step(new Decide(A)));

        assertThatThrownBy(() -> n1.onMessage(E3, step(new Decide(B))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("decree x", "'a'", "'b'", "n3");
    }

    @Test
    void twoValuesAtOneBallotAreReportedAndNothingLeaves() {
        Decrees n1 = formed();
        n1.onMessage(E2, step(new Accept(ballot(3, N2), A)));

        assertThatThrownBy(() -> n1.onMessage(E2, step(new Accept(ballot(3, N2), B))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("decree x");
        assertThat(n1.tick()).isEmpty();
    }

    @Test
    void limitsAreChecked() {
        assertThatThrownBy(() -> new DecreeConfig(0, 1, 1, 1)).hasMessageContaining("resendTicks");
        assertThatThrownBy(() -> new DecreeConfig(1, 0, 1, 1)).hasMessageContaining("inFlight");
        assertThatThrownBy(() -> new DecreeConfig(1, 1, 0, 1)).hasMessageContaining("queueBytes");
        assertThatThrownBy(() -> new DecreeConfig(1, 1, 1, 0)).hasMessageContaining("maxValueBytes");
        assertThatThrownBy(() -> new DecreeConfig(1, 1, 1, 1, 0)).hasMessageContaining("pageBytes");
    }

    private Decrees formed() {
        Decrees decrees = decrees(Map.of(), Map.of());
        assertThat(decrees.form(MEMBERS, QUORUMS, true)).isEmpty();
        return decrees;
    }

    private Decrees decrees(Map<DecreeName, Write.DecreeWrite> recovered, Map<DecreeName, Payload> decided) {
        return new Decrees(self, CONFIG, new Random(1), recovered, decided);
    }

    /** A call whose value has just been proposed. */
    private static Ballot promised(Decrees decrees, RequestId request, Payload value) {
        Ballot ballot =
                asked(decrees.agree(request, X, value, LONG), Prepare.class).ballot();
        decrees.onMessage(E2, step(new Promise(ballot, null)));
        decrees.onMessage(E3, step(new Promise(ballot, null)));
        return ballot;
    }

    private static Ballot ballot(long round, NodeId node) {
        return new Ballot(round, node, 5);
    }

    private static Step step(SingleMessage body) {
        return new Step(X, body);
    }

    private Envelope envelope(Endpoint to, DecreeMessage message) {
        Fingerprint fingerprint = Fingerprint.of(MEMBERS, QUORUMS.description());
        return new Envelope(self.cluster(), self.endpoint(), to, self.startId(), fingerprint, message);
    }

    private Effect send(Endpoint to, DecreeMessage message) {
        return new Effect.Send(envelope(to, message));
    }

    private Effect persist(Write write, Endpoint to, DecreeMessage message) {
        return new Effect.Persist(List.of(write), List.of(envelope(to, message)));
    }

    private Effect barrier(Endpoint to, DecreeMessage message) {
        return new Effect.Persist(List.of(), List.of(envelope(to, message)));
    }

    private static List<Effect> ticks(Decrees decrees, int ticks) {
        List<Effect> effects = new ArrayList<>();
        for (int i = 0; i < ticks; i++) {
            effects.addAll(decrees.tick());
        }
        return effects;
    }

    private static List<DecreeMessage> messages(List<Effect> effects) {
        List<DecreeMessage> messages = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                messages.add((DecreeMessage) send.envelope().message());
            } else if (effect instanceof Effect.Persist persist) {
                for (Envelope envelope : persist.afterDurable()) {
                    messages.add((DecreeMessage) envelope.message());
                }
            }
        }
        return messages;
    }

    private static <M extends SingleMessage> M asked(List<Effect> effects, Class<M> kind) {
        for (DecreeMessage message : messages(effects)) {
            if (message instanceof Step step && kind.isInstance(step.body())) {
                return kind.cast(step.body());
            }
        }
        throw new AssertionError("no " + kind.getSimpleName() + " in " + effects);
    }

    private static Probe probe(List<Effect> effects) {
        for (DecreeMessage message : messages(effects)) {
            if (message instanceof Query query) {
                return query.probe();
            }
        }
        throw new AssertionError("no Query in " + effects);
    }

    private static Map<RequestId, Outcome> outcomes(List<Effect> effects) {
        Map<RequestId, Outcome> outcomes = new HashMap<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Respond respond) {
                assertThat(outcomes.put(respond.request(), respond.outcome())).isNull();
            }
        }
        return outcomes;
    }

    private static Outcome.@Nullable Reason reason(List<Effect> effects) {
        return outcomes(effects).values().iterator().next() instanceof Outcome.Refused refused
                ? refused.reason()
                : null;
    }
}
