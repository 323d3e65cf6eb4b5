// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.event.RegisterChange.Assign;
import io.paxos.event.RegisterChange.CompareAndSet;
import io.paxos.event.RegisterChange.Compute;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.Probe;
import io.paxos.message.RegisterMessage;
import io.paxos.message.RegisterMessage.Answer;
import io.paxos.message.RegisterMessage.Query;
import io.paxos.message.RegisterMessage.Step;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.RegisterState;
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

class RegistersTest {

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
    private static final DecreeConfig CONFIG = new DecreeConfig(10, 2_000, 1 << 20, 20);
    private static final RegisterName X = new RegisterName("x");
    private static final Payload A = Payload.utf8("a");
    private static final Payload B = Payload.utf8("b");
    private static final Payload C = Payload.utf8("c");
    private static final RequestId R1 = new RequestId(1);
    private static final RequestId R2 = new RequestId(2);
    private static final RequestId R3 = new RequestId(3);
    private static final int LONG = 1_000_000;

    /** Below every ballot of n1. */
    private static final Ballot LOW = new Ballot(1, new NodeId("a"), 5);

    /** What somebody once set. */
    private static final Proposal<Payload> HELD_A = holding(LOW, RegisterState.EMPTY, A);

    private final Self self = new Self(new ClusterName("c"), E1, 77);

    // --- as an acceptor -------------------------------------------------------------------------------------------

    /** Rule 2 and the machine's contract: a vote travels inside the write it waits for. */
    @Test
    void rule2_aVoteLeavesWithTheWriteItSpeaksOfAndAcceptingRaisesThePromise() {
        Registers n1 = formed();

        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2)))))
                .containsExactly(persist(
                        new Write.RegisterWrite(X, ballot(5, N2), null), E2, step(new Promise(ballot(5, N2), null))));
        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2)))))
                .containsExactly(barrier(E2, step(new Promise(ballot(5, N2), null))));
        Proposal<Payload> accepted = new Proposal<>(ballot(6, N3), A);
        assertThat(n1.onMessage(E3, step(new Accept(ballot(6, N3), A))))
                .containsExactly(persist(
                        new Write.RegisterWrite(X, ballot(6, N3), accepted), E3, step(new Accepted(ballot(6, N3)))));
        assertThat(n1.onMessage(E3, step(new Accept(ballot(6, N3), A))))
                .containsExactly(barrier(E3, step(new Accepted(ballot(6, N3)))));
        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2)))))
                .containsExactly(send(E2, step(new Nack(ballot(5, N2), ballot(6, N3)))));
        assertThat(n1.onMessage(E2, step(new Accept(ballot(5, N2), B))))
                .as("nothing is accepted below the promise")
                .containsExactly(send(E2, step(new Nack(ballot(5, N2), ballot(6, N3)))));
        Probe probe = new Probe(9, 9);
        assertThat(n1.onMessage(E2, new Query(X, probe))).containsExactly(barrier(E2, new Answer(X, probe, accepted)));
    }

    @Test
    void aHigherBallotReplacesWhatWasAccepted() {
        Registers n1 = formed();
        n1.onMessage(E3, step(new Accept(ballot(6, N3), A)));

        assertThat(n1.onMessage(E2, step(new Accept(ballot(7, N2), B))))
                .containsExactly(persist(
                        new Write.RegisterWrite(X, ballot(7, N2), new Proposal<>(ballot(7, N2), B)),
                        E2,
                        step(new Accepted(ballot(7, N2)))));
    }

    @Test
    void rule1_anotherValueAtOneBallotIsFoundToBreakTheRules() {
        Registers n1 = formed();
        n1.onMessage(E3, step(new Accept(ballot(6, N3), A)));

        assertThatThrownBy(() -> n1.onMessage(E3, step(new Accept(ballot(6, N3), B))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("register x");
    }

    @Test
    void rule6_promisesAndProposalsSurviveARestart() {
        Registers n1 = new Registers(
                self, CONFIG, new Random(1), Map.of(X, new Write.RegisterWrite(X, ballot(9, N3), HELD_A)));
        n1.form(MEMBERS, QUORUMS, true);

        assertThat(messages(n1.onMessage(E2, step(new Prepare(ballot(8, N2))))))
                .containsExactly(step(new Nack(ballot(8, N2), ballot(9, N3))));
        assertThat(messages(n1.onMessage(E2, step(new Prepare(ballot(10, N2))))))
                .containsExactly(step(new Promise(ballot(10, N2), HELD_A)));
    }

    /** Rule 6: a store that is not in the vector does not vote, whatever it holds. */
    @Test
    void rule6_whoIsNotCountedNeverVotes() {
        Registers n1 = registers();
        n1.form(MEMBERS, QUORUMS, false);

        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2))))).isEmpty();
        assertThat(n1.onMessage(E2, step(new Accept(ballot(5, N2), A)))).isEmpty();
        assertThat(n1.onMessage(E2, new Query(X, new Probe(9, 9)))).isEmpty();
    }

    @Test
    void nothingIsEverDecidedForGood() {
        assertThatThrownBy(() -> step(new Decide(A))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBallotBeyondReasonIsNotFollowed() {
        Registers n1 = formed();

        assertThat(n1.onMessage(E2, step(new Prepare(ballot(1L << 50, N2))))).isEmpty();
        assertThat(n1.onMessage(E2, step(new Accept(ballot(1L << 50, N2), A)))).isEmpty();
    }

    // --- changes --------------------------------------------------------------------------------------------------

    @Test
    void aChangeIsMadeOfWhatPhaseOneFoundAndAnsweredWhenItIsChosen() {
        Registers n1 = formed();
        List<Effect> first = n1.change(R1, X, new Assign(B), LONG);
        Ballot ballot = asked(first, Prepare.class).ballot();
        assertThat(messages(first)).hasSize(3);

        assertThat(n1.onMessage(E2, step(new Promise(ballot, HELD_A)))).isEmpty();
        List<Effect> second = n1.onMessage(E3, step(new Promise(ballot, null)));
        Accept accept = asked(second, Accept.class);
        assertThat(accept.ballot()).isEqualTo(ballot);
        assertThat(RegisterState.decode(accept.value()))
                .isEqualTo(new RegisterState(B, List.of(LOW, ballot), Ballot.ZERO));

        assertThat(n1.onMessage(E2, step(new Accepted(ballot)))).isEmpty();
        assertThat(outcomes(n1.onMessage(E3, step(new Accepted(ballot)))))
                .containsExactly(Map.entry(R1, new Outcome.Changed(B)));
        assertThat(n1.openCount()).isZero();
    }

    @Test
    void rule1_noBallotIsUsedTwiceNotEvenForAnotherName() {
        Registers n1 = formed();
        Ballot first =
                asked(n1.change(R1, X, new Assign(A), LONG), Prepare.class).ballot();
        Ballot second = asked(n1.change(R2, new RegisterName("y"), new Assign(A), LONG), Prepare.class)
                .ballot();

        assertThat(second).isGreaterThan(first);
    }

    /** Rule 1: after a Nack comes another ballot, above what stood in the way, and phase 1 again; not at once. */
    @Test
    void rule1_aNackIsFollowedByAPauseAndAHigherBallot() {
        Registers n1 = formed();
        Ballot ballot =
                asked(n1.change(R1, X, new Assign(A), LONG), Prepare.class).ballot();

        assertThat(n1.onMessage(E2, step(new Nack(ballot, ballot(40, N2))))).isEmpty();
        assertThat(asked(ticks(n1, 20), Prepare.class).ballot()).isGreaterThan(ballot(40, N2));
    }

    @Test
    void rule2_strangersAndOtherBallotsAreNotCounted() {
        Registers n1 = formed();
        Ballot ballot =
                asked(n1.change(R1, X, new Assign(A), LONG), Prepare.class).ballot();

        assertThat(n1.onMessage(E2, step(new Promise(ballot, null)))).isEmpty();
        assertThat(n1.onMessage(STRANGER, step(new Promise(ballot, null)))).isEmpty();
        assertThat(n1.onMessage(E3, step(new Promise(ballot(1, N3), null)))).isEmpty();
        assertThat(n1.onMessage(E2, step(new Promise(ballot, null)))).isEmpty();
        n1.onMessage(E3, step(new Promise(ballot, null)));
        assertThat(n1.onMessage(E2, step(new Accepted(ballot)))).isEmpty();
        assertThat(n1.onMessage(STRANGER, step(new Accepted(ballot)))).isEmpty();
        assertThat(n1.onMessage(E3, step(new Accepted(ballot(1, N3))))).isEmpty();
        assertThat(outcomes(n1.onMessage(E3, step(new Accepted(ballot))))).containsKey(R1);
    }

    /** Rule 7: what this node counted of itself before it was told that it is a stranger, is not counted afterwards. */
    @Test
    void rule7_aNodeThatTurnsStrangerBeginsAnewWithoutItsOwnVotes() {
        Registers n1 = formed();
        Ballot ballot =
                asked(n1.change(R1, X, new Assign(A), LONG), Prepare.class).ballot();
        n1.onMessage(E1, step(new Promise(ballot, null)));

        Ballot anew = asked(n1.observe(), Prepare.class).ballot();
        assertThat(anew).isGreaterThan(ballot);
        n1.onMessage(E1, step(new Promise(anew, null)));
        assertThat(n1.onMessage(E2, step(new Promise(anew, null)))).isEmpty();
        assertThat(messages(n1.onMessage(E3, step(new Promise(anew, null))))).hasSize(3);
    }

    @Test
    void compareAndSetComparesWithWhatIsThereAndLeavesWhatItDidNotExpect() {
        Registers n1 = formed();
        Ballot ballot = begun(n1, R1, new CompareAndSet(A, B), HELD_A);
        assertThat(outcomes(accepted(n1, ballot))).containsExactly(Map.entry(R1, new Outcome.Changed(B)));

        Ballot other = asked(n1.change(R2, X, new CompareAndSet(null, C), LONG), Prepare.class)
                .ballot();
        n1.onMessage(E2, step(new Promise(other, HELD_A)));
        List<Effect> effects = n1.onMessage(E3, step(new Promise(other, null)));
        assertThat(asked(effects, Accept.class).value())
                .as("what was found is not known to be chosen, so it is finished first, as it is")
                .isEqualTo(HELD_A.value());
        assertThat(outcomes(accepted(n1, other))).containsExactly(Map.entry(R2, new Outcome.Held(A)));
    }

    @Test
    void whatIsKnownToBeChosenNeedNotBeFinished() {
        Registers n1 = formed();
        Ballot ballot = asked(n1.change(R1, X, new CompareAndSet(null, C), LONG), Prepare.class)
                .ballot();
        n1.onMessage(E2, step(new Promise(ballot, HELD_A)));

        assertThat(outcomes(n1.onMessage(E3, step(new Promise(ballot, HELD_A)))))
                .containsExactly(Map.entry(R1, new Outcome.Held(A)));
    }

    @Test
    void anAbsentValueCanBeExpectedAndSet() {
        Registers n1 = formed();
        Ballot ballot = begun(n1, R1, new CompareAndSet(null, A), null);
        assertThat(outcomes(accepted(n1, ballot))).containsExactly(Map.entry(R1, new Outcome.Changed(A)));

        Ballot deletion = begun(n1, R2, new Assign(null), holding(ballot, RegisterState.EMPTY, A));
        assertThat(outcomes(accepted(n1, deletion)))
                .as("a tombstone is a state like any other")
                .containsExactly(Map.entry(R2, new Outcome.Changed(null)));
    }

    @Test
    void aChangeMayBeComputedElsewhereMeanwhile() {
        Registers n1 = formed();
        Ballot ballot =
                asked(n1.change(R1, X, new Compute(), LONG), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(ballot, HELD_A)));
        assertThat(n1.onMessage(E3, step(new Promise(ballot, null)))).containsExactly(new Effect.Compute(R1, X, A));

        assertThat(n1.computed(R2, X, new Assign(C))).as("of another call").isEmpty();
        assertThat(RegisterState.decode(asked(n1.computed(R1, X, new Assign(B)), Accept.class)
                                .value())
                        .value())
                .isEqualTo(B);
        assertThat(outcomes(accepted(n1, ballot))).containsExactly(Map.entry(R1, new Outcome.Changed(B)));
    }

    @Test
    void aComputedChangeThatLostItsBallotIsComputedAgainOfWhatIsFoundThenAndNeverTwiceAtOnce() {
        Registers n1 = formed();
        Ballot ballot =
                asked(n1.change(R1, X, new Compute(), LONG), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(ballot, null)));
        assertThat(n1.onMessage(E3, step(new Promise(ballot, null)))).contains(new Effect.Compute(R1, X, null));
        n1.onMessage(E2, step(new Nack(ballot, ballot(40, N2))));
        assertThat(messages(ticks(n1, 100))).as("it is still being computed").isEmpty();

        Ballot next = asked(n1.computed(R1, X, new Assign(B)), Prepare.class).ballot();
        Proposal<Payload> found = holding(ballot(40, N2), RegisterState.EMPTY, C);
        n1.onMessage(E2, step(new Promise(next, found)));
        assertThat(n1.onMessage(E3, step(new Promise(next, found)))).containsExactly(new Effect.Compute(R1, X, C));
        assertThat(outcomes(n1.computed(R1, X, null)))
                .as("what is there is left, and known to be chosen")
                .containsExactly(Map.entry(R1, new Outcome.Held(C)));
    }

    @Test
    void aComputedValueThatIsTooLargeIsRefusedAndHasNoEffect() {
        Registers n1 = formed();
        Ballot ballot =
                asked(n1.change(R1, X, new Compute(), LONG), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(ballot, null)));
        n1.onMessage(E3, step(new Promise(ballot, null)));

        assertThat(reason(n1.computed(R1, X, new Assign(Payload.utf8("x".repeat(21))))))
                .isEqualTo(Outcome.Reason.TOO_LARGE);
    }

    // --- changes of unknown outcome -------------------------------------------------------------------------------

    /** The id of a change is the ballot that proposed it: a retry that finds it finishes what is there. */
    @Test
    void rule11_aRetryThatFindsItsOwnChangeFinishesItAndMakesItNotAgain() {
        Registers n1 = formed();
        Ballot ballot = begun(n1, R1, new Compute(), HELD_A);
        Accept accept = asked(n1.computed(R1, X, new Assign(B)), Accept.class);
        n1.onMessage(E2, step(new Nack(ballot, ballot(40, N2))));
        // n3 had accepted it, and n2 built upon it.
        RegisterState mine = RegisterState.decode(accept.value());
        Proposal<Payload> built = holding(ballot(40, N2), mine, C);

        Ballot retry = asked(ticks(n1, 20), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(retry, built)));
        List<Effect> effects = n1.onMessage(E3, step(new Promise(retry, new Proposal<>(ballot, accept.value()))));
        assertThat(asked(effects, Accept.class).value()).isEqualTo(built.value());
        assertThat(outcomes(accepted(n1, retry)))
                .as("what its own change made of it, not what is there now")
                .containsExactly(Map.entry(R1, new Outcome.Changed(B)));
    }

    @Test
    void rule11_aRetryThatDoesNotFindItsChangeMakesItThenAndThere() {
        Registers n1 = formed();
        Ballot ballot = begun(n1, R1, new Assign(B), HELD_A);
        n1.onMessage(E2, step(new Nack(ballot, ballot(40, N2))));
        Proposal<Payload> other = holding(ballot(40, N2), RegisterState.decode(HELD_A.value()), C);

        Ballot retry = asked(ticks(n1, 20), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(retry, other)));
        Accept accept = asked(n1.onMessage(E3, step(new Promise(retry, null))), Accept.class);
        assertThat(RegisterState.decode(accept.value()))
                .isEqualTo(new RegisterState(B, List.of(LOW, ballot(40, N2), retry), Ballot.ZERO));
        assertThat(outcomes(accepted(n1, retry))).containsExactly(Map.entry(R1, new Outcome.Changed(B)));
    }

    /** If more starts than are remembered have changed it since, nobody can tell, and nothing is made twice. */
    @Test
    void rule11_aRetryThatCouldNotFindItsChangeAnyMoreIsUnknown() {
        Registers n1 = formed();
        Ballot ballot = begun(n1, R1, new Assign(B), null);
        n1.onMessage(E2, step(new Nack(ballot, ballot(400, N2))));
        RegisterState state = RegisterState.EMPTY.changed(ballot, B);
        for (int i = 0; i < RegisterState.MOST_CHANGES; i++) {
            state = state.changed(new Ballot(100 + i, N2, 1000 + i), C);
        }
        Proposal<Payload> found = new Proposal<>(ballot(400, N2), state.encode());

        Ballot retry = asked(ticks(n1, 20), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(retry, found)));
        assertThat(outcomes(n1.onMessage(E3, step(new Promise(retry, found)))).get(R1))
                .isInstanceOf(Outcome.Unknown.class);
    }

    /**
     * A compare-and-set that was proposed before, and now finds something else that is chosen at a lower ballot, could be
     * found by the next one and finished: it must be overtaken before it is denied.
     */
    @Test
    void aChangeIsDeniedOnlyWhenNobodyCanFinishItAnyMore() {
        Registers n1 = formed();
        Ballot ballot = begun(n1, R1, new CompareAndSet(A, B), HELD_A);
        n1.onMessage(E2, step(new Nack(ballot, ballot(40, N2))));
        Proposal<Payload> older = holding(LOW, RegisterState.EMPTY, C);
        assertThat(older.ballot()).isLessThan(ballot);

        Ballot retry = asked(ticks(n1, 20), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(retry, older)));
        List<Effect> effects = n1.onMessage(E3, step(new Promise(retry, older)));
        assertThat(outcomes(effects)).isEmpty();
        assertThat(asked(effects, Accept.class).value()).isEqualTo(older.value());
        assertThat(outcomes(accepted(n1, retry))).containsExactly(Map.entry(R1, new Outcome.Held(C)));
    }

    @Test
    void atItsDeadlineACallIsRefusedIfItWasNeverProposedAndElseUnknown() {
        Registers n1 = formed();
        n1.change(R1, X, new Assign(A), 5);
        assertThat(reason(ticks(n1, 5))).isEqualTo(Outcome.Reason.TIMEOUT);

        Ballot ballot = asked(n1.change(R2, X, new Assign(A), 5), Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(ballot, null)));
        n1.onMessage(E3, step(new Promise(ballot, null)));
        assertThat(outcomes(ticks(n1, 5)).get(R2)).isInstanceOf(Outcome.Unknown.class);
        assertThat(n1.openCount()).isZero();
    }

    // --- reads ----------------------------------------------------------------------------------------------------

    @Test
    void aQuorumThatAgreesOnOneProposalAnswersInOneRoundTrip() {
        Registers n1 = formed();
        Probe probe = probe(n1.read(R1, X, LONG));

        assertThat(n1.onMessage(E2, new Answer(X, probe, HELD_A))).isEmpty();
        assertThat(outcomes(n1.onMessage(E3, new Answer(X, probe, HELD_A))))
                .containsExactly(Map.entry(R1, new Outcome.Held(A)));
    }

    @Test
    void aQuorumThatKnowsOfNothingAnswersThatThereIsNothing() {
        Registers n1 = formed();
        Probe probe = probe(n1.read(R1, X, LONG));

        n1.onMessage(E2, new Answer(X, probe, null));
        assertThat(outcomes(n1.onMessage(E3, new Answer(X, probe, null))))
                .containsExactly(Map.entry(R1, new Outcome.Held(null)));
    }

    /** What one acceptor holds may be chosen or not: it is told only after it has been chosen for certain. */
    @Test
    void aQuorumThatDoesNotAgreeHasWhatIsThereFinishedFirst() {
        Registers n1 = formed();
        Probe probe = probe(n1.read(R1, X, LONG));

        n1.onMessage(E2, new Answer(X, probe, HELD_A));
        List<Effect> effects = n1.onMessage(E3, new Answer(X, probe, null));
        assertThat(outcomes(effects)).isEmpty();
        Ballot ballot = asked(effects, Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(ballot, HELD_A)));
        assertThat(asked(n1.onMessage(E3, step(new Promise(ballot, null))), Accept.class)
                        .value())
                .isEqualTo(HELD_A.value());
        assertThat(outcomes(accepted(n1, ballot))).containsExactly(Map.entry(R1, new Outcome.Held(A)));
    }

    @Test
    void rule2_aMinorityOrAStrangerAnswersNoRead() {
        Registers n1 = formed();
        Probe probe = probe(n1.read(R1, X, LONG));

        assertThat(n1.onMessage(E2, new Answer(X, probe, HELD_A))).isEmpty();
        assertThat(n1.onMessage(E2, new Answer(X, probe, HELD_A))).isEmpty();
        assertThat(n1.onMessage(STRANGER, new Answer(X, probe, HELD_A))).isEmpty();
        assertThat(n1.onMessage(E3, new Answer(X, new Probe(77, 99), HELD_A))).isEmpty();
    }

    @Test
    void readsThatStandTogetherShareARoundThatBeginsAfterThem() {
        Registers n1 = formed();
        Probe probe = probe(n1.read(R1, X, LONG));
        assertThat(n1.read(R2, X, LONG)).isEmpty();
        assertThat(n1.read(R3, X, LONG)).isEmpty();

        n1.onMessage(E2, new Answer(X, probe, null));
        List<Effect> effects = n1.onMessage(E3, new Answer(X, probe, null));
        assertThat(outcomes(effects)).containsOnlyKeys(R1);
        Probe next = probe(effects);
        n1.onMessage(E2, new Answer(X, next, HELD_A));
        assertThat(outcomes(n1.onMessage(E3, new Answer(X, next, HELD_A)))).containsOnlyKeys(R2, R3);
    }

    // --- the line -------------------------------------------------------------------------------------------------

    @Test
    void callsOfOneNodeAboutOneNameAreCarriedOutOneAfterTheOther() {
        Registers n1 = formed();
        Ballot ballot = begun(n1, R1, new Assign(A), null);
        assertThat(n1.change(R2, X, new Assign(B), LONG)).isEmpty();
        assertThat(n1.read(R3, X, LONG)).isEmpty();

        n1.onMessage(E2, step(new Accepted(ballot)));
        List<Effect> effects = n1.onMessage(E3, step(new Accepted(ballot)));
        assertThat(outcomes(effects)).containsOnlyKeys(R1);
        Ballot second = asked(effects, Prepare.class).ballot();
        n1.onMessage(E2, step(new Promise(second, null)));
        n1.onMessage(E3, step(new Promise(second, null)));
        n1.onMessage(E2, step(new Accepted(second)));
        List<Effect> last = n1.onMessage(E3, step(new Accepted(second)));
        assertThat(outcomes(last)).containsOnlyKeys(R2);
        assertThat(probe(last)).isNotNull();
    }

    @Test
    void rule18_aLineHoldsSoManyCallsAndNoMore() {
        Registers n1 = formed();
        for (int i = 0; i <= Line.MOST_WAITING; i++) {
            assertThat(outcomes(n1.change(new RequestId(100 + i), X, new Assign(A), LONG)))
                    .isEmpty();
        }

        assertThat(reason(n1.change(R1, X, new Assign(A), LONG))).isEqualTo(Outcome.Reason.OVERLOADED);
        assertThat(outcomes(n1.change(R2, new RegisterName("y"), new Assign(A), LONG)))
                .as("another name has a line of its own")
                .isEmpty();
    }

    @Test
    void valuesTooLargeAreRefusedAtTheDoor() {
        Registers n1 = formed();
        Payload large = Payload.utf8("x".repeat(21));

        assertThat(reason(n1.change(R1, X, new Assign(large), LONG))).isEqualTo(Outcome.Reason.TOO_LARGE);
        assertThat(reason(n1.change(R2, X, new CompareAndSet(large, null), LONG)))
                .isEqualTo(Outcome.Reason.TOO_LARGE);
    }

    @Test
    void callsMadeBeforeTheClusterHasFormedWaitForIt() {
        Registers n1 = registers();
        assertThat(n1.change(R1, X, new Assign(A), LONG)).isEmpty();
        assertThat(n1.onMessage(E2, step(new Prepare(ballot(5, N2))))).isEmpty();

        assertThat(messages(n1.form(MEMBERS, QUORUMS, true))).hasSize(3);
    }

    @Test
    void whoStopsAnswersEveryoneAndSaysNothingMore() {
        Registers n1 = formed();
        Ballot ballot = begun(n1, R1, new Assign(A), null);
        n1.change(R2, X, new Assign(B), LONG);

        Map<RequestId, Outcome> answers = outcomes(n1.stop("broken"));
        assertThat(answers.get(R1)).isInstanceOf(Outcome.Unknown.class);
        assertThat(answers.get(R2)).isEqualTo(new Outcome.Refused(Outcome.Reason.STOPPED, "broken"));
        assertThat(n1.onMessage(E2, step(new Accepted(ballot)))).isEmpty();
        assertThat(reason(n1.read(R3, X, LONG))).isEqualTo(Outcome.Reason.STOPPED);
    }

    @Test
    void aStateThatThisReleaseCannotReadIsToldToTheCaller() {
        Registers n1 = formed();
        Proposal<Payload> strange = new Proposal<>(ballot(5, N2), Payload.utf8("?"));
        Probe probe = probe(n1.read(R1, X, LONG));
        n1.onMessage(E2, new Answer(X, probe, strange));

        assertThat(outcomes(n1.onMessage(E3, new Answer(X, probe, strange))).get(R1))
                .asString()
                .contains("version");
    }

    // --- building blocks ------------------------------------------------------------------------------------------

    private Registers formed() {
        Registers registers = registers();
        assertThat(registers.form(MEMBERS, QUORUMS, true)).isEmpty();
        return registers;
    }

    private Registers registers() {
        return new Registers(self, CONFIG, new Random(1), Map.of());
    }

    /** A change for which phase 1 has just found this, at both others. */
    private static Ballot begun(
            Registers registers, RequestId request, RegisterChange change, @Nullable Proposal<Payload> found) {
        Ballot ballot =
                asked(registers.change(request, X, change, LONG), Prepare.class).ballot();
        registers.onMessage(E2, step(new Promise(ballot, found)));
        registers.onMessage(E3, step(new Promise(ballot, found)));
        return ballot;
    }

    /** What comes of it that both others accept. */
    private static List<Effect> accepted(Registers registers, Ballot ballot) {
        List<Effect> effects = new ArrayList<>(registers.onMessage(E2, step(new Accepted(ballot))));
        effects.addAll(registers.onMessage(E3, step(new Accepted(ballot))));
        return effects;
    }

    private static Proposal<Payload> holding(Ballot ballot, RegisterState before, Payload value) {
        return new Proposal<>(ballot, before.changed(ballot, value).encode());
    }

    private static Ballot ballot(long round, NodeId node) {
        return new Ballot(round, node, 5);
    }

    private static Step step(SingleMessage body) {
        return new Step(X, body);
    }

    private Envelope envelope(Endpoint to, RegisterMessage message) {
        Fingerprint fingerprint = Fingerprint.of(MEMBERS, QUORUMS.description());
        return new Envelope(self.cluster(), self.endpoint(), to, self.startId(), fingerprint, message);
    }

    private Effect send(Endpoint to, RegisterMessage message) {
        return new Effect.Send(envelope(to, message));
    }

    private Effect persist(Write write, Endpoint to, RegisterMessage message) {
        return new Effect.Persist(List.of(write), List.of(envelope(to, message)));
    }

    private Effect barrier(Endpoint to, RegisterMessage message) {
        return new Effect.Persist(List.of(), List.of(envelope(to, message)));
    }

    private static List<Effect> ticks(Registers registers, int ticks) {
        List<Effect> effects = new ArrayList<>();
        for (int i = 0; i < ticks; i++) {
            effects.addAll(registers.tick());
        }
        return effects;
    }

    private static List<RegisterMessage> messages(List<Effect> effects) {
        List<RegisterMessage> messages = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                messages.add((RegisterMessage) send.envelope().message());
            } else if (effect instanceof Effect.Persist persist) {
                for (Envelope envelope : persist.afterDurable()) {
                    messages.add((RegisterMessage) envelope.message());
                }
            }
        }
        return messages;
    }

    private static <M extends SingleMessage> M asked(List<Effect> effects, Class<M> kind) {
        for (RegisterMessage message : messages(effects)) {
            if (message instanceof Step step && kind.isInstance(step.body())) {
                return kind.cast(step.body());
            }
        }
        throw new AssertionError("no " + kind.getSimpleName() + " in " + effects);
    }

    private static Probe probe(List<Effect> effects) {
        for (RegisterMessage message : messages(effects)) {
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
