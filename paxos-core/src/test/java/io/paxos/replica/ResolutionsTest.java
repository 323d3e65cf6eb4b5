// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Completion;
import io.paxos.event.Completion.Status;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rule 11: calls that want to know what became of a command; how many may wait, for how long, and what is asked for. */
class ResolutionsTest {

    private static final CommandId FIRST = new CommandId(3, 1);
    private static final CommandId SECOND = new CommandId(3, 2);
    private static final Value FIRST_FENCE = Value.Command.fence(FIRST, LogTime.ZERO);
    private static final Value SECOND_FENCE = Value.Command.fence(SECOND, LogTime.ZERO);

    /** Eight calls may wait; what is not answered is asked for again after forty ticks. */
    private static final MachineConfig CONFIG = Parts.CONFIG;

    private final Outbox outbox = new Outbox(Parts.GROUP);
    private final Resolutions resolutions =
            new Resolutions(CONFIG, outbox, new Levels(Parts.GROUP, Parts.ME.node(), CONFIG, outbox));
    private final Map<Long, Outcome> outcomes = new HashMap<>();

    private Outcome.@Nullable Refused ask(long request, CommandId command, long deadline) {
        Event.Resolve call = new Event.Resolve(new RequestId(request), Parts.GROUP, command, 1);
        return resolutions.submit(call, deadline);
    }

    private void hearOut() {
        for (Effect effect : outbox.drain()) {
            Effect.Respond respond = (Effect.Respond) effect;
            assertThat(outcomes.put(respond.request().number(), respond.outcome()))
                    .as("call %s is answered once", respond.request())
                    .isNull();
        }
    }

    private void ticks(long from, long to) {
        for (long now = from; now <= to; now++) {
            resolutions.tick(now);
        }
        hearOut();
    }

    private void complete(Value value, Status status) {
        resolutions.complete(new Completion(20, value, status, Payload.utf8("result")));
        hearOut();
    }

    @Test
    void rule18_asManyCallsWaitAsMayAndThoseThatAreAnsweredMakeRoom() {
        for (int i = 1; i <= 8; i++) {
            assertThat(ask(i, FIRST, 100)).as("call %s", i).isNull();
        }
        assertThat(ask(9, SECOND, 100)).isNotNull().satisfies(refused -> {
            assertThat(refused.reason()).isEqualTo(Outcome.Reason.OVERLOADED);
            assertThat(refused.detail()).contains("8 commands");
        });
        assertThat(resolutions.waiting()).isEqualTo(8);
        assertThat(resolutions.take(1))
                .as("one fence serves all who ask for a command")
                .containsExactly(FIRST_FENCE);
        complete(FIRST_FENCE, Status.FENCED);
        assertThat(outcomes).hasSize(8).allSatisfy((call, outcome) -> assertThat(outcome)
                .isEqualTo(new Outcome.Fenced()));
        assertThat(resolutions.waiting()).isZero();
        assertThat(ask(10, SECOND, 100)).isNull();
    }

    @Test
    void aCallIsUnknownAtItsDeadlineToTheTickAndTheOthersGoOnWaiting() {
        ask(1, FIRST, 50);
        ask(2, FIRST, 55);
        ask(3, SECOND, 55);
        ticks(1, 49);
        assertThat(outcomes).isEmpty();
        ticks(50, 50);
        assertThat(outcomes).containsOnlyKeys(1L);
        assertThat(outcomes.get(1L))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.command())
                        .isEqualTo(FIRST));
        assertThat(resolutions.take(50)).containsExactly(FIRST_FENCE, SECOND_FENCE);
        ticks(51, 55);
        assertThat(outcomes).containsOnlyKeys(1L, 2L, 3L);
        assertThat(resolutions.waiting()).isZero();
        ticks(56, 200);
        assertThat(resolutions.hasUnsent()).as("nobody waits any more").isFalse();
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsNotAskedForEither() {
        ask(1, FIRST, 50);
        ticks(1, 50);
        assertThat(outcomes).containsOnlyKeys(1L);
        assertThat(resolutions.hasUnsent()).isFalse();
    }

    @Test
    void aFenceOfWhichNothingIsHeardIsPutIntoTheLogAgain() {
        ask(1, FIRST, 1000);
        assertThat(resolutions.take(5)).containsExactly(FIRST_FENCE);
        ticks(6, 44);
        assertThat(resolutions.take(44)).isEmpty();
        ticks(45, 45);
        assertThat(resolutions.take(45)).containsExactly(FIRST_FENCE);
        ticks(46, 84);
        assertThat(resolutions.take(84)).isEmpty();
        ticks(85, 120);
        assertThat(resolutions.take(120))
                .as("once, however long nobody takes it")
                .containsExactly(FIRST_FENCE);
        complete(FIRST_FENCE, Status.REPEATED);
        assertThat(outcomes).containsEntry(1L, new Outcome.Applied(20, Payload.utf8("result")));
        ticks(121, 200);
        assertThat(resolutions.hasUnsent()).isFalse();
    }

    @Test
    void whenTheLeaderChangesEachIsSentOnce() {
        ask(1, FIRST, 1000);
        assertThat(resolutions.take(5)).containsExactly(FIRST_FENCE);
        ask(2, SECOND, 1000);
        resolutions.resendAll();
        resolutions.resendAll();
        ticks(6, 100);
        assertThat(resolutions.take(100))
                .as("not for what was sent on the old way as well")
                .containsExactly(FIRST_FENCE, SECOND_FENCE);
    }

    @Test
    void whoeverStopsTellsEachCallerOnceThatNothingIsKnown() {
        ask(1, FIRST, 50);
        assertThat(resolutions.take(5)).containsExactly(FIRST_FENCE);
        ask(2, FIRST, 50);
        ask(3, SECOND, 50);
        resolutions.stop("enough");
        hearOut();
        assertThat(outcomes)
                .containsEntry(1L, new Outcome.Unknown("enough", FIRST))
                .containsEntry(2L, new Outcome.Unknown("enough", FIRST))
                .containsEntry(3L, new Outcome.Unknown("enough", SECOND));
        assertThat(resolutions.waiting()).isZero();
        assertThat(resolutions.hasUnsent()).isFalse();
        complete(FIRST_FENCE, Status.FENCED);
        ticks(6, 100);
        assertThat(outcomes).hasSize(3);
    }

    @Test
    void rule11_whatIsForgottenStaysUnknownAndIsSaidByName() {
        ask(1, FIRST, 1000);
        ask(2, SECOND, 1000);
        complete(FIRST_FENCE, Status.BELOW_FLOOR);
        complete(SECOND_FENCE, Status.NO_SESSION);
        assertThat(outcomes.get(1L))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.detail())
                        .contains(FIRST + " has been forgotten"));
        assertThat(outcomes.get(2L)).isInstanceOf(Outcome.Unknown.class);
    }
}
