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

class SubmissionsTest {

    private static final Self SELF =
            new Self(new ClusterName("c"), new Endpoint(NodeId.of("me"), new Incarnation(1)), 42);
    private static final MachineConfig CONFIG =
            new MachineConfig(5, 30, 30, 20, 16, 1 << 20, 1 << 10, 4, 100, 50, 10, 0, SnapshotPolicy.NEVER);

    private final Submissions submissions = new Submissions(SELF, CONFIG);
    private long now = 1;

    private Outcome submit(long request, int bytes) {
        return submissions.submit(new RequestId(request), Payload.wrap(new byte[bytes]), now + 100);
    }

    private List<Value> take() {
        return submissions.take(100, 1 << 20, now);
    }

    private void openSession(long slot) {
        Value open = take().get(0);
        assertThat(open).isInstanceOf(Value.OpenSession.class);
        submissions.complete(new Completion(slot, open, Status.APPLIED, Payload.EMPTY), false);
    }

    private List<Effect> tickUntil(long end) {
        List<Effect> effects = new ArrayList<>();
        while (now < end) {
            effects.addAll(submissions.tick(++now, 0, 0));
        }
        return effects;
    }

    private static Value.Command command(Value value) {
        return (Value.Command) value;
    }

    @Test
    void whoeverExecutesAValueMayAnswerTheCallThatWaitsForIt() {
        submit(1, 1);
        submit(2, 1);
        openSession(9);
        List<Value> values = take();
        RequestId caller = submissions.callerOf(values.get(0));
        assertThat(caller).isEqualTo(new RequestId(1));
        assertThat(submissions.complete(new Completion(10, values.get(0), Status.APPLIED, Payload.EMPTY), true))
                .as("it has been answered already")
                .isEmpty();
        assertThat(submissions.callerOf(values.get(0)))
                .as("nobody waits any more")
                .isNull();
        assertThat(submissions.waiting()).isEqualTo(1);
        assertThat(submissions.complete(new Completion(11, values.get(1), Status.APPLIED, Payload.EMPTY), true))
                .as("nobody was named for this one, so nobody was answered")
                .hasSize(1);
        assertThat(submissions.callerOf(Value.NO_OP)).isNull();
    }

    @Test
    void aCallWhoseValueWasHandedOnIsAnsweredHereIfItWasNotThere() {
        submit(1, 1);
        openSession(9);
        Value value = take().get(0);
        submissions.callerOf(value);
        assertThat(submissions.complete(new Completion(10, value, Status.APPLIED, Payload.EMPTY), false))
                .hasSize(1);
    }

    @Test
    void aSessionIsOpenedFirstAndCommandsCarryItsSlotTheirNumberAndTheFloor() {
        submit(1, 1);
        submit(2, 1);
        openSession(9);
        List<Value> values = take();
        assertThat(values).extracting(v -> command(v).id()).containsExactly(new CommandId(9, 1), new CommandId(9, 2));
        submissions.complete(new Completion(10, values.get(0), Status.APPLIED, Payload.EMPTY), false);
        submit(3, 1);
        assertThat(command(take().get(0)).floor()).as("all below 2 is answered").isEqualTo(2);
    }

    @Test
    void rule11ACommandThatNeverLeftIsRefusedAtItsDeadlineAndOneThatDidIsUnknown() {
        submit(1, 1);
        openSession(9);
        take();
        submit(2, 1);
        assertThat(tickUntil(110))
                .satisfiesExactlyInAnyOrder(
                        effect ->
                                assertThat(((Effect.Respond) effect).outcome()).isInstanceOf(Outcome.Unknown.class),
                        effect -> assertThat(((Effect.Respond) effect).outcome())
                                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                                        .isEqualTo(Outcome.Reason.TIMEOUT)));
    }

    @Test
    void everyCallIsAnsweredOnceHoweverOftenItsValueIsExecuted() {
        submit(1, 1);
        openSession(9);
        Value value = take().get(0);
        assertThat(submissions.complete(new Completion(10, value, Status.APPLIED, Payload.EMPTY), false))
                .hasSize(1);
        assertThat(submissions.complete(new Completion(10, value, Status.REPEATED, Payload.EMPTY), false))
                .isEmpty();
        assertThat(tickUntil(200)).isEmpty();
    }

    @Test
    void whatIsNotAnsweredIsSentAgainAfterAWhileAndAtOnceWhenTheLeaderChanges() {
        submit(1, 1);
        openSession(9);
        assertThat(take()).hasSize(1);
        assertThat(take()).isEmpty();
        tickUntil(60);
        assertThat(take()).hasSize(1);
        submissions.resendAll();
        assertThat(take()).hasSize(1);
    }

    @Test
    void rule11AnExpiredSessionLeavesWhatHadLeftUnknownAndOpensAnother() {
        submit(1, 1);
        openSession(9);
        Value value = take().get(0);
        submit(2, 1);
        assertThat(submissions.complete(new Completion(30, value, Status.NO_SESSION, Payload.EMPTY), false))
                .singleElement()
                .satisfies(e -> assertThat(((Effect.Respond) e).outcome()).isInstanceOf(Outcome.Unknown.class));
        openSession(31);
        assertThat(take()).singleElement().satisfies(v -> assertThat(command(v).id())
                .isEqualTo(new CommandId(31, 2)));
    }

    @Test
    void limitsInCountBytesAndSizeAreTypedRefusals() {
        assertThat(submit(1, 51)).isInstanceOfSatisfying(Outcome.Refused.class, r -> assertThat(r.reason())
                .isEqualTo(Outcome.Reason.TOO_LARGE));
        assertThat(submit(2, 50)).isNull();
        assertThat(submit(3, 50)).isNull();
        assertThat(submit(4, 1)).isInstanceOfSatisfying(Outcome.Refused.class, r -> assertThat(r.reason())
                .isEqualTo(Outcome.Reason.OVERLOADED));
        submissions.stop("closed");
        for (int i = 0; i < 4; i++) {
            assertThat(submit(10 + i, 1)).isNull();
        }
        assertThat(submit(20, 1)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aSessionIsAskedForAgainOnlyAfterAWhile() {
        submit(1, 1);
        assertThat(take()).containsExactly(new Value.OpenSession(NodeId.of("me"), 42, LogTime.ZERO));
        assertThat(take()).isEmpty();
        tickUntil(30);
        assertThat(take()).hasSize(1);
    }

    @Test
    void whatNobodyWaitsForAnyMoreTakesNoMemoryWhereNoLeaderTakesIt() {
        for (int outage = 0; outage < 10; outage++) {
            for (int i = 0; i < 4; i++) {
                assertThat(submit(4L * outage + i, 20)).isNull();
            }
            assertThat(tickUntil(now + 120)).hasSize(4);
        }
        assertThat(submissions.waiting()).isZero();
        assertThat(submissions.hasUnsent())
                .as("40 commands whose callers have been answered")
                .isFalse();
    }
}
