// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Completion;
import io.paxos.event.Completion.Status;
import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When commands that were not answered are sent again, to the tick, and what bounds those that wait. */
class SubmissionsTimingTest {

    private static final Self SELF =
            new Self(new ClusterName("c"), new Endpoint(NodeId.of("me"), new Incarnation(1)), 42);

    /** Questions are repeated after 20 ticks; 4 commands of 100 bytes may wait. */
    private static final MachineConfig CONFIG =
            new MachineConfig(5, 30, 30, 20, 16, 1 << 20, 1 << 10, 4, 100, 50, 10, 0, SnapshotPolicy.NEVER);

    private Submissions submissions = new Submissions(SELF, CONFIG);

    private Outcome submit(long request, long deadline) {
        return submissions.submit(new RequestId(request), Payload.wrap(new byte[10]), deadline);
    }

    private List<Value> take(long now) {
        return submissions.take(100, 1 << 20, now);
    }

    private void openSession(long now) {
        Value open = take(now).get(0);
        submissions.complete(new Completion(9, open, Status.APPLIED, Payload.EMPTY), false);
    }

    private List<Effect> executed(Value value) {
        return submissions.complete(new Completion(10, value, Status.APPLIED, Payload.EMPTY), false);
    }

    private List<Effect> ticks(long from, long to) {
        List<Effect> effects = new ArrayList<>();
        for (long now = from; now <= to; now++) {
            effects.addAll(submissions.tick(now, 0, 0));
        }
        return effects;
    }

    private static List<Class<?>> outcomes(List<Effect> effects) {
        List<Class<?>> outcomes = new ArrayList<>();
        effects.forEach(
                effect -> outcomes.add(((Effect.Respond) effect).outcome().getClass()));
        return outcomes;
    }

    @Test
    void anotherWayIsTriedWhenNothingAtAllWasHeardForLong() {
        assertThat(submissions.isUnheard(1000)).as("nothing was sent").isFalse();
        submit(1, 1000);
        take(1);
        assertThat(submissions.isUnheard(80)).isFalse();
        assertThat(submissions.isUnheard(81)).isTrue();
        submissions.tick(81, 5, 4);
        assertThat(submissions.isUnheard(81))
                .as("the answer may be in what is executed yet")
                .isFalse();
        submissions.tick(82, 5, 5);
        assertThat(submissions.isUnheard(82)).isTrue();
        submissions.complete(new Completion(9, Value.NO_OP, Status.APPLIED, Payload.EMPTY), false);
        assertThat(submissions.isUnheard(1000)).isFalse();
    }

    @Test
    void aSessionIsAskedForAgainInTimeUnlessItMayBeAmongWhatIsNotExecutedYet() {
        submit(1, 1000);
        assertThat(take(1)).hasSize(1);
        assertThat(take(20)).isEmpty();
        assertThat(take(21)).hasSize(1);
        submissions.tick(41, 5, 4);
        assertThat(take(41)).isEmpty();
        submissions.tick(42, 9, 5);
        assertThat(take(42)).as("all that was known when it was due").hasSize(1);
    }

    @Test
    void aCommandIsSentAgainInTimeUnlessItMayBeAmongWhatIsNotExecutedYet() {
        submit(1, 1000);
        openSession(1);
        assertThat(take(5)).hasSize(1);
        ticks(6, 44);
        assertThat(take(44)).isEmpty();
        ticks(45, 45);
        assertThat(take(45)).hasSize(1);
        submissions.tick(85, 5, 4);
        assertThat(take(85)).isEmpty();
        submissions.tick(90, 9, 5);
        assertThat(take(90)).as("all that was known when it was due").hasSize(1);
    }

    @Test
    void aDeadlineIsMetToTheTick() {
        submit(1, 50);
        assertThat(ticks(1, 49)).isEmpty();
        assertThat(outcomes(ticks(50, 50))).containsExactly(Outcome.Refused.class);
        assertThat(submissions.waiting()).isZero();
    }

    @Test
    void noMoreIsTakenThanAskedFor() {
        for (int i = 1; i <= 4; i++) {
            submit(i, 1000);
        }
        openSession(1);
        assertThat(submissions.take(2, 1 << 20, 2)).hasSize(2);
        int weight = 58;
        assertThat(submissions.take(9, weight, 2)).as("one weighs as much").hasSize(1);
        assertThat(submissions.take(9, 1 << 20, 2)).hasSize(1);
    }

    @Test
    void afterAChangeOfLeaderEachIsSentOnce() {
        submit(1, 1000);
        openSession(1);
        submit(2, 1000);
        submissions.resendAll();
        submissions.resendAll();
        assertThat(take(2)).hasSize(2);
        assertThat(submissions.hasUnsent()).isFalse();
    }

    @Test
    void rule11_whoeverStopsTellsEachCallerWhatIsKnown() {
        submit(1, 1000);
        openSession(1);
        take(2);
        submit(2, 1000);
        List<Effect> told = submissions.stop("gone");
        assertThat(outcomes(told)).containsExactly(Outcome.Unknown.class, Outcome.Refused.class);
        assertThat(((Effect.Respond) told.get(0)).outcome())
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.command())
                        .isEqualTo(new CommandId(9, 1)));
        assertThat(submissions.waiting()).isZero();
        assertThat(submissions.hasUnsent()).isFalse();
    }

    @Test
    void rule18_whatIsAnsweredMakesRoom() {
        assertThat(submissions.submit(new RequestId(1), Payload.wrap(new byte[50]), 1000))
                .isNull();
        openSession(1);
        Value first = take(2).get(0);
        assertThat(submissions.submit(new RequestId(2), Payload.wrap(new byte[50]), 1000))
                .isNull();
        assertThat(submissions.submit(new RequestId(3), Payload.wrap(new byte[50]), 1000))
                .isNotNull();
        assertThat(executed(first)).hasSize(1);
        assertThat(submissions.submit(new RequestId(4), Payload.wrap(new byte[50]), 1000))
                .isNull();
    }

    /** Every replica must remember the results from the first unanswered command on. */
    @Test
    void rule18_anOldCallThatIsNotAnsweredBoundsTheYoungerOnes() {
        submit(1, 1000);
        openSession(1);
        take(2);
        for (int i = 2; i <= 8; i++) {
            assertThat(submit(i, 1000)).as("command %s", i).isNull();
            assertThat(executed(take(2).get(0))).hasSize(1);
        }
        assertThat(submit(9, 1000))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.OVERLOADED));
    }

    @Test
    void anAnswerForAnotherSessionOrFromBelowTheFloorAnswersNobody() {
        submit(1, 1000);
        openSession(1);
        Value.Command sent = (Value.Command) take(2).get(0);
        Value.Command other = new Value.Command(new CommandId(77, 1), 1, sent.time(), sent.payload());
        assertThat(executed(other)).isEmpty();
        assertThat(submissions.complete(new Completion(9, sent, Status.BELOW_FLOOR, Payload.EMPTY), false))
                .isEmpty();
        assertThat(executed(sent)).hasSize(1);
    }

    /** What becomes of it is still to be told to whoever asks, so no replica may forget it, though it is executed late. */
    @Test
    void rule11_aCommandThatIsUnknownHoldsTheFloorUpUntilItIsFencedOrTooOld() {
        submit(1, 50);
        openSession(1);
        Value unknown = take(2).get(0);
        assertThat(outcomes(ticks(50, 50))).containsExactly(Outcome.Unknown.class);
        for (long number = 2; number <= 4; number++) {
            assertThat(floorOfTheNext(number)).as("command %s", number).isEqualTo(1);
        }
        assertThat(floorOfTheNext(5)).as("of four, the first is too old").isEqualTo(5);

        submit(6, 100);
        take(60);
        ticks(100, 100);
        assertThat(floorOfTheNext(7)).isEqualTo(6);
        Value late = new Value.Command(new CommandId(9, 6), 1, LogTime.ZERO, Payload.EMPTY);
        executed(late);
        executed(unknown);
        assertThat(floorOfTheNext(8)).as("its caller has heard nothing yet").isEqualTo(6);
        submissions.complete(new Completion(9, late, Status.FENCED, Payload.EMPTY), false);
        assertThat(floorOfTheNext(9)).isEqualTo(9);
    }

    /** All replicas keep all later results as long as one is remembered: one call that timed out must not keep many. */
    @Test
    void rule18_whatWasExecutedBehindTheAnswerUnknownIsNotRememberedForAsLongAsWhatNobodyKnows() {
        submissions = new Submissions(
                SELF,
                new MachineConfig(
                        5, 30, 30, 20, 16, 1 << 20, 1 << 10, 65_536, 1 << 20, 50, 10, 0, SnapshotPolicy.NEVER));
        submit(1, 50);
        openSession(1);
        Value late = take(2).get(0);
        assertThat(outcomes(ticks(50, 50))).containsExactly(Outcome.Unknown.class);
        assertThat(floorOfTheNext(2)).isEqualTo(1);
        executed(late);
        for (long number = 3; number <= 1_024; number++) {
            assertThat(floorOfTheNext(number)).as("command %s", number).isEqualTo(1);
        }
        assertThat(floorOfTheNext(1_025)).isEqualTo(1_025);
    }

    private long floorOfTheNext(long number) {
        submit(number, 1000);
        Value.Command next = (Value.Command) take(60).get(0);
        assertThat(next.id().sequence()).isEqualTo(number);
        executed(next);
        return next.floor();
    }

    @Test
    void aCommandThatNeverLeftDoesNotHoldTheFloorUp() {
        submit(1, 50);
        openSession(1);
        assertThat(outcomes(ticks(50, 50))).containsExactly(Outcome.Refused.class);
        assertThat(submissions.hasUnsent()).as("nobody waits for it").isFalse();
        assertThat(floorOfTheNext(2)).isEqualTo(2);
    }

    @Test
    void whatWasUnknownInASessionThatExpiredDoesNotHoldUpTheFloorOfTheNext() {
        submit(1, 50);
        openSession(1);
        take(2);
        ticks(50, 50);
        submit(2, 1000);
        Value lost = take(51).get(0);
        submissions.complete(new Completion(20, lost, Status.NO_SESSION, Payload.EMPTY), false);
        submit(3, 1000);
        openSession(60);
        assertThat(((Value.Command) take(61).get(0)).floor()).isEqualTo(3);
    }

    @Test
    void aCommandThatWaitsToBeSentIsSentThoughAnotherOnesDeadlineHasPassed() {
        submit(1, 50);
        submit(2, 1000);
        assertThat(outcomes(ticks(50, 50))).containsExactly(Outcome.Refused.class);
        openSession(51);
        assertThat(take(51)).singleElement().satisfies(value -> assertThat(((Value.Command) value).id())
                .isEqualTo(new CommandId(9, 2)));
    }
}
