// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Completion;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What became of a command whose caller was told that nobody knows. */
class ResolveTest {

    private final List<Lab.Node> nodes = new ArrayList<>();
    private final Lab lab = new Lab("a", "b", "c");

    private void cluster() {
        for (String name : List.of("a", "b", "c")) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(70);
        for (Lab.Node node : nodes) {
            node.submit("hello from " + node.id);
            lab.ticks(5);
        }
    }

    private Lab.Node leader() {
        return nodes.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
    }

    private Lab.Node follower() {
        return nodes.stream().filter(node -> !node.leads()).findFirst().orElseThrow();
    }

    private static Predicate<Envelope> is(Class<? extends LogMessage> kind) {
        return envelope -> envelope.message() instanceof GroupMessage m && kind.isInstance(m.body());
    }

    private static CommandId unknown(Lab.Node node, RequestId request) {
        return Objects.requireNonNull(((Outcome.Unknown) Objects.requireNonNull(node.outcome(request))).command());
    }

    private long executions(String command) {
        return nodes.stream().filter(node -> node.executed.contains(command)).count();
    }

    @Test
    void rule11_aCommandThatIsStillOnItsWayIsFencedOffAndNeverApplied() {
        cluster();
        Lab.Node origin = follower();
        List<Envelope> onTheWay = new ArrayList<>();
        lab.lose(envelope -> is(LogMessage.Forward.class).test(envelope) && onTheWay.add(envelope));
        RequestId request = origin.submit("late", 5);
        lab.ticks(10);
        CommandId command = unknown(origin, request);
        lab.lose(envelope -> false);
        RequestId resolve = leader().resolve(command);
        lab.ticks(5);
        assertThat(leader().outcome(resolve)).isEqualTo(new Outcome.Fenced());
        onTheWay.forEach(lab::deliver);
        lab.ticks(60);
        assertThat(executions("late")).isZero();
        RequestId again = origin.resolve(command);
        lab.ticks(5);
        assertThat(origin.outcome(again)).as("the same at every node").isEqualTo(new Outcome.Fenced());
    }

    @Test
    void rule11_aCommandThatWasAppliedTellsItsResultAnywhereAndIsNotAppliedAgain() {
        cluster();
        Lab.Node origin = follower();
        lab.lose(envelope -> envelope.to().node().equals(origin.id));
        RequestId request = origin.submit("done", 5);
        lab.ticks(30);
        CommandId command = unknown(origin, request);
        lab.lose(envelope -> false);
        lab.ticks(60);
        for (Lab.Node node : nodes) {
            RequestId resolve = node.resolve(command);
            lab.ticks(5);
            assertThat(node.outcome(resolve))
                    .isInstanceOfSatisfying(Outcome.Applied.class, applied -> assertThat(applied.result())
                            .isEqualTo(Payload.utf8("done")));
            assertThat(node.executed.stream().filter("done"::equals)).hasSize(1);
        }
    }

    @Test
    void rule11_itIsSettledAlsoWhenTheNodeThatSubmittedItIsGone() {
        cluster();
        Lab.Node origin = follower();
        lab.lose(is(LogMessage.Forward.class));
        RequestId request = origin.submit("orphan", 5);
        lab.ticks(10);
        CommandId command = unknown(origin, request);
        lab.lose(envelope -> false);
        lab.stop(origin);
        RequestId resolve = leader().resolve(command);
        lab.ticks(5);
        assertThat(leader().outcome(resolve)).isEqualTo(new Outcome.Fenced());
    }

    @Test
    void rule11_whoStillWaitsForACommandThatSomebodyElseHasFencedOffIsRefused() {
        cluster();
        Lab.Node origin = follower();
        lab.lose(is(LogMessage.Forward.class));
        RequestId request = origin.submit("waits", 5);
        RequestId next = origin.submit("waits too");
        lab.ticks(10);
        CommandId first = unknown(origin, request);
        CommandId second = new CommandId(first.session(), first.sequence() + 1);
        RequestId resolve = leader().resolve(second);
        lab.ticks(5);
        assertThat(leader().outcome(resolve)).isEqualTo(new Outcome.Fenced());
        assertThat(origin.outcome(next))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.FENCED));
        lab.lose(envelope -> false);
        lab.ticks(60);
        assertThat(executions("waits too")).isZero();
    }

    @Test
    void whatNobodyRemembersStaysUnknown() {
        cluster();
        RequestId resolve = leader().resolve(new CommandId(1_000_000, 1));
        lab.ticks(5);
        assertThat(leader().outcome(resolve)).isInstanceOf(Outcome.Unknown.class);
    }

    /** Counts what it executes; a snapshot holds the count. */
    private static final class Count implements StateMachine<Payload, Payload> {

        int executed;

        @Override
        public Payload apply(ApplyContext context, Payload command) {
            executed++;
            return command;
        }

        @Override
        public Capture capture() {
            int now = executed;
            return out -> out.write(now);
        }

        @Override
        public void restore(InputStream snapshot) throws java.io.IOException {
            executed = snapshot.read();
        }
    }

    @Test
    void rule11_aFenceIsInTheSnapshotToo() throws Exception {
        Self self = new Self(new ClusterName("test"), new Endpoint(NodeId.of("a"), new Incarnation(1)), 7);
        Count count = new Count();
        AppliedState state = new AppliedState(self, Lab.GROUP, count, SnapshotPolicy.NEVER);
        CommandId id = new CommandId(1, 3);
        List<Completion> completions = state.apply(
                1,
                List.of(new Value.OpenSession(NodeId.of("a"), 7, LogTime.ZERO), Value.Command.fence(id, LogTime.ZERO)));
        assertThat(completions).last().matches(each -> each.status() == Completion.Status.FENCED && each.slot() == 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Objects.requireNonNull(state.capture()).writeTo(out);
        Count second = new Count();
        AppliedState restored = new AppliedState(self, Lab.GROUP, second, SnapshotPolicy.NEVER);
        assertThat(restored.restore(new ByteArrayInputStream(out.toByteArray())))
                .anyMatch(each -> each.status() == Completion.Status.FENCED);
        Value late = new Value.Command(id, 1, LogTime.ZERO, Payload.utf8("late"));
        for (AppliedState each : List.of(state, restored)) {
            assertThat(each.apply(3, List.of(late, Value.Command.fence(id, LogTime.ZERO))))
                    .allMatch(completion -> completion.status() == Completion.Status.FENCED && completion.slot() == 2);
        }
        assertThat(count.executed + second.executed).isZero();
    }

    @Test
    void whatCannotBeTheIdOfACommandIsRefusedAtTheDoorAndNotLetInFromOthers() {
        cluster();
        for (CommandId impossible : List.of(
                new CommandId(1, Long.MAX_VALUE), new CommandId(1, 0), new CommandId(1, -1), new CommandId(0, 1))) {
            assertThatThrownBy(() -> nodes.get(0).resolve(impossible))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(impossible.toString())
                    .hasMessageContaining("counted from 1");
            Value fence = Value.Command.fence(impossible, new LogTime(1));
            lab.deliver(follower().say(leader(), new LogMessage.Forward(List.of(fence), 3)));
        }
        lab.ticks(50);
        assertThat(nodes).allSatisfy(node -> assertThat(node.executed).hasSize(3));
    }
}
