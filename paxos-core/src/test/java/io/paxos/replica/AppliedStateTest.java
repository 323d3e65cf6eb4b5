// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Completion;
import io.paxos.event.Completion.Status;
import io.paxos.event.Self;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppliedStateTest {

    private static final NodeId ME = NodeId.of("me");
    private static final NodeId OTHER = NodeId.of("other");
    private static final long START = 42;

    private final List<String> executed = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final AppliedState state = new AppliedState(
            new Self(new ClusterName("c"), new Endpoint(ME, new Incarnation(1)), START),
            GroupId.of("g"),
            (context, command) -> {
                if (command.toUtf8().equals("bad")) {
                    throw new IllegalStateException("cannot");
                }
                times.add(context.time().millis());
                executed.add(command.toUtf8() + "@" + context.slot());
                return Payload.utf8("r" + context.slot());
            },
            SnapshotPolicy.NEVER);

    private static Value open(NodeId node, long start) {
        return new Value.OpenSession(node, start, LogTime.ZERO);
    }

    private static Value command(long session, long sequence, long floor, String text, long time) {
        return new Value.Command(new CommandId(session, sequence), floor, new LogTime(time), Payload.utf8(text));
    }

    private List<Completion> apply(Value... values) {
        return state.apply(state.applied() + 1, List.of(values));
    }

    @Test
    void rule11ACommandDecidedTwiceIsExecutedOnceAndAnswersTheSame() {
        List<Completion> completions =
                apply(open(ME, START), command(1, 1, 1, "x", 5), Value.NO_OP, command(1, 1, 1, "x", 9));
        assertThat(executed).containsExactly("x@2");
        assertThat(completions)
                .extracting(Completion::status)
                .containsExactly(Status.APPLIED, Status.APPLIED, Status.REPEATED);
        assertThat(completions.get(2).result()).isEqualTo(completions.get(1).result());
        assertThat(completions.get(2).slot()).isEqualTo(2);
    }

    @Test
    void rule11CommandsOfASessionMayComeInAnyOrder() {
        apply(open(ME, START), command(1, 3, 1, "c", 0), command(1, 1, 1, "a", 0), command(1, 2, 1, "b", 0));
        assertThat(executed).containsExactly("c@2", "a@3", "b@4");
    }

    @Test
    void rule11NothingBelowTheFloorIsExecuted() {
        List<Completion> completions =
                apply(open(ME, START), command(1, 2, 2, "b", 0), command(1, 1, 1, "given up", 0));
        assertThat(executed).containsExactly("b@2");
        assertThat(completions.get(2).status()).isEqualTo(Status.BELOW_FLOOR);
    }

    @Test
    void rule11ACommandOfAnAbsentSessionIsNotExecuted() {
        assertThat(apply(command(77, 1, 1, "x", 0)).get(0).status()).isEqualTo(Status.NO_SESSION);
        assertThat(executed).isEmpty();
    }

    @Test
    void rule11AnotherStartOfTheNodeHasAnotherSessionAndASecondOpeningChangesNothing() {
        List<Completion> completions = apply(open(ME, START), open(ME, START), open(ME, START + 1));
        assertThat(completions).extracting(Completion::slot).containsExactly(1L, 1L);
        apply(command(1, 1, 1, "mine", 0), command(3, 1, 1, "of the other start", 0));
        assertThat(executed).containsExactly("mine@4", "of the other start@5");
    }

    @Test
    void onlyTheValuesOfThisStartOfThisNodeAreReported() {
        assertThat(apply(open(OTHER, START), open(ME, 7), command(1, 1, 1, "x", 0)))
                .isEmpty();
        assertThat(apply(open(ME, START))).hasSize(1);
    }

    @Test
    void rule11TheSessionUsedLongestAgoExpiresAndByTheLogAlone() {
        apply(open(ME, START));
        for (int i = 0; i < ClientSessions.MAX_SESSIONS - 1; i++) {
            apply(open(OTHER, i));
        }
        apply(command(1, 1, 1, "keeps it young", 0));
        apply(open(OTHER, -1));
        assertThat(apply(command(1, 2, 1, "still there", 0)).get(0).status()).isEqualTo(Status.APPLIED);
        assertThat(apply(command(2, 1, 1, "expired", 0)).get(0).status()).isEqualTo(Status.NO_SESSION);
    }

    @Test
    void rule12TheTimeOfTheLogNeverGoesBack() {
        apply(open(ME, START), command(1, 1, 1, "a", 10), command(1, 2, 1, "b", 4), command(1, 3, 1, "c", 11));
        assertThat(times).containsExactly(10L, 10L, 11L);
    }

    @Test
    void rule12AnExceptionNamesSlotAndCommandAndTheStateStaysBeforeIt() {
        apply(open(ME, START));
        assertThatThrownBy(() -> apply(command(1, 1, 1, "good", 0), command(1, 2, 1, "bad", 0)))
                .isInstanceOfSatisfying(ApplyException.class, e -> {
                    assertThat(e.slot()).isEqualTo(3);
                    assertThat(e.command()).isEqualTo(new CommandId(1, 2));
                    assertThat(e).hasMessageContaining("cannot");
                });
        assertThat(state.applied()).isEqualTo(2);
        assertThatThrownBy(() -> state.apply(9, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rule12ASessionOpenedLaterMovesTheTimeOfTheLogToo() {
        apply(new Value.OpenSession(ME, START, new LogTime(50)), command(1, 1, 1, "x", 5));
        assertThat(times).containsExactly(50L);
    }

    @Test
    void rule11_aFenceOfWhatIsBelowTheFloorTellsThatNobodyKnows() {
        List<Completion> completions = apply(
                open(OTHER, START), command(1, 5, 5, "e", 0), Value.Command.fence(new CommandId(1, 4), LogTime.ZERO));
        assertThat(completions).singleElement().satisfies(completion -> {
            assertThat(completion.status()).isEqualTo(Status.BELOW_FLOOR);
            assertThat(completion.slot()).isEqualTo(3);
        });
    }

    @Test
    void oneSessionIsEnoughToRunWithAndNoneIsNot() {
        Self self = new Self(new ClusterName("c"), new Endpoint(ME, new Incarnation(1)), START);
        GroupId group = GroupId.of("g");
        AppliedState one = new AppliedState(self, group, (context, command) -> command, SnapshotPolicy.NEVER, 1);
        one.apply(1, List.of(open(ME, START), open(OTHER, 1)));
        assertThat(one.apply(3, List.of(command(1, 1, 1, "expired", 0))))
                .extracting(Completion::status)
                .containsExactly(Status.NO_SESSION);
        assertThatThrownBy(() -> new AppliedState(self, group, (context, command) -> command, SnapshotPolicy.NEVER, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 0");
    }
}
