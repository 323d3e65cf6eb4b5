// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.Hello;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StartId;
import io.paxos.model.Value;
import io.paxos.replica.NodeStatus;
import io.paxos.spi.Transport;
import io.paxos.spi.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MachineHostTest {

    private static final Endpoint SELF = new Endpoint(NodeId.of("n1"), new Incarnation(1));
    private static final Instruments INSTRUMENTS = Instruments.of(SELF.node());
    private static final Endpoint PEER = new Endpoint(NodeId.of("n2"), new Incarnation(2));

    private final List<String> sent = new ArrayList<>();
    private final List<List<Event>> steps = new ArrayList<>();
    private final List<String> halted = new ArrayList<>();
    private final PendingCalls calls = new PendingCalls(Runnable::run);
    private Function<List<Event>, List<Effect>> script = events -> List.of();

    private final Transport transport = new Transport() {
        @Override
        public void start(Local local, Receiver receiver) {}

        @Override
        public void send(Envelope envelope) {
            sent.add(envelope.to().node().name());
        }

        @Override
        public void close() {}
    };

    private final Machine machine = new Machine() {
        @Override
        public List<Effect> start() {
            return script.apply(List.of());
        }

        @Override
        public List<Effect> step(List<Event> events) {
            steps.add(events);
            return script.apply(events);
        }

        @Override
        public NodeStatus status() {
            return new NodeStatus(SELF, null, null, null, null, 0, 0, new TreeMap<>());
        }
    };

    private final Groups groups = new Groups();
    private final MachineHost host = host(null);

    private MachineHost host(@Nullable Executor writer) {
        Outbox outbox = new Outbox(SELF.node(), transport);
        InMemoryStorage storage = new InMemoryStorage();
        GroupCommit commit =
                new GroupCommit(SELF.node(), new StoreGate(SELF.node(), storage), outbox, writer, Runnable::run);
        NodeListener listener = new NodeListener() {
            @Override
            public void halted(GroupId group, String reason) {
                halted.add(group + ": " + reason);
            }
        };
        Callbacks callbacks = new Callbacks(Runnable::run, true);
        Announcer announcer = new Announcer(SELF.node(), callbacks, listener, new CompletableFuture<>(), INSTRUMENTS);
        SnapshotDesk snapshots = new SnapshotDesk(
                SELF.node(), storage, new NodeThreads(SELF.node()).snapshots(), event -> {}, INSTRUMENTS.metering());
        Updates updates = new Updates(calls, callbacks, event -> {});
        EffectExecutor effects =
                new EffectExecutor(SELF.node(), outbox, commit, groups, snapshots, calls, updates, announcer);
        return new MachineHost(SELF.node(), machine, effects, outbox, commit, calls, callbacks);
    }

    private static Effect send(Endpoint to) {
        return new Effect.Send(new Envelope(
                new ClusterName("c"),
                SELF,
                to,
                StartId.NONE,
                Fingerprint.NONE,
                new Hello(null, null, null, null, List.of(), "rule", null)));
    }

    private static Event tick(long millis) {
        return new Event.Tick(new LogTime(millis));
    }

    @Test
    void eventsOfABatchAreOneStep() {
        host.take(tick(1));
        host.take(tick(2));
        assertThat(steps).isEmpty();
        assertThat(host.endBatch()).isFalse();
        assertThat(steps).containsExactly(List.of(tick(1), tick(2)));
        host.endBatch();
        assertThat(steps).hasSize(1);
    }

    @Test
    void whatTheNodeTellsItselfIsAStepOfItsOwnAndNeverRunsInsideAnother() {
        script = events -> events.contains(tick(1)) ? List.of(send(SELF), send(PEER), send(SELF)) : List.of();
        host.take(tick(1));
        assertThat(host.endBatch()).as("there is more to do").isTrue();
        assertThat(sent)
                .as("what others are told leaves before the node hears itself")
                .containsExactly("n2");
        assertThat(steps).hasSize(1);
        assertThat(host.endBatch()).isFalse();
        assertThat(steps).hasSize(2);
        assertThat(steps.get(1)).hasSize(2).allMatch(Event.Received.class::isInstance);
        assertThat(sent).containsExactly("n2");
    }

    @Test
    void aNodeThatTalksToItselfForEverLetsOthersSpeak() {
        script = events -> List.of(send(SELF));
        host.take(tick(1));
        assertThat(host.endBatch()).isTrue();
        assertThat(steps).hasSize(1);
        assertThat(host.endBatch()).isTrue();
        assertThat(steps).hasSize(2);
    }

    /** Rule 18: while a store hangs, peers go on asking, and what they are to be told waits behind it. */
    @Test
    void rule18_whereFarTooMuchWaitsForTheStoreNothingIsTakenInButTime() {
        MachineHost hanging = host(task -> {});
        Value large = new Value.Command(new CommandId(1, 1), 1, LogTime.ZERO, Payload.wrap(new byte[1 << 20]));
        script = events -> List.of(new Effect.Persist(
                List.of(new Write.AcceptWrite(GroupId.of("g"), Ballot.ZERO, 1, List.of(large))), List.of()));
        List<Outcome> answers = new ArrayList<>();
        Event question = new Event.Received(((Effect.Send) send(SELF)).envelope());
        for (int i = 0; i < 100; i++) {
            hanging.take(tick(i));
            hanging.endBatch();
        }
        hanging.take(question);
        hanging.endBatch();
        assertThat(steps).as("a question is small").last().isEqualTo(List.of(question));
        for (int i = 0; i < 60; i++) {
            hanging.take(tick(i));
            hanging.endBatch();
        }
        int before = steps.size();
        hanging.take(question);
        RequestId call = calls.open(new Call(GroupId.of("g"), false, (outcome, callbacks) -> answers.add(outcome)));
        hanging.take(new Event.Read(call, GroupId.of("g"), 10));
        hanging.endBatch();
        assertThat(steps).hasSize(before);
        assertThat(answers).singleElement().isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(
                        refused.reason())
                .isEqualTo(Outcome.Reason.OVERLOADED));
        hanging.take(tick(1));
        hanging.endBatch();
        assertThat(steps).hasSize(before + 1);
    }

    @Test
    void aDefectStopsTheNodeAndAnswersEveryCall() {
        List<Outcome> answers = new ArrayList<>();
        calls.take(calls.open(new Call(null, true, (outcome, callbacks) -> answers.add(outcome))));
        script = events -> {
            throw new IndexOutOfBoundsException("a defect");
        };
        host.take(tick(1));
        host.endBatch();
        assertThat(answers).singleElement().isInstanceOf(Outcome.Unknown.class);
        assertThat(halted).singleElement().asString().startsWith("null: ").contains("a defect", "restart");
        assertThat(host.status().halted()).contains("a defect");
        RequestId late = calls.open(new Call(GroupId.of("g"), false, (outcome, callbacks) -> answers.add(outcome)));
        host.take(new Event.Read(late, GroupId.of("g"), 10));
        host.tick();
        host.endBatch();
        assertThat(steps).hasSize(1);
        assertThat(answers).last().isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                .isEqualTo(Outcome.Reason.STOPPED));
    }

    @Test
    void aGroupNobodyOpenedCannotBeExecuted() {
        script = events -> List.of(new Effect.Apply(GroupId.of("ghost"), 1, List.of()));
        host.take(tick(1));
        host.endBatch();
        assertThat(halted).singleElement().asString().contains("ghost");
    }

    @Test
    void atTheEndTheMachineMayResignAndThenNothingIsStepped() {
        host.take(tick(1));
        host.end("closed");
        host.endBatch();
        assertThat(steps).containsExactly(List.of(new Event.Close()));
    }

    @Test
    void aHaltedGroupAnswersItsOwnCallsAndNoOthers() {
        List<String> answers = new ArrayList<>();
        calls.take(calls.open(new Call(GroupId.of("g"), true, (outcome, callbacks) -> answers.add("g"))));
        calls.take(calls.open(new Call(GroupId.of("h"), true, (outcome, callbacks) -> answers.add("h"))));
        calls.open(new Call(GroupId.of("g"), true, (outcome, callbacks) -> answers.add("on its way")));
        script = events -> List.of(new Effect.Halted(GroupId.of("g"), "apply threw"));
        host.take(tick(1));
        host.endBatch();
        assertThat(answers).containsExactly("g");
        assertThat(halted).containsExactly("g: apply threw");
    }

    @Test
    void rule20_aClosedLogAnswersItsOwnCallsAndNoOthers() {
        List<String> answers = new ArrayList<>();
        calls.take(calls.open(new Call(GroupId.of("g"), true, (outcome, callbacks) -> answers.add("g"))));
        calls.take(calls.open(new Call(GroupId.of("h"), true, (outcome, callbacks) -> answers.add("h"))));
        script = events -> List.of(new Effect.GroupClosed(GroupId.of("g")));
        host.take(new Event.CloseGroup(GroupId.of("g")));
        host.endBatch();
        assertThat(answers).containsExactly("g");
        assertThat(halted).isEmpty();
    }

    @Test
    void rule20_aHostWithADefectClosesLogsAllTheSame() {
        host.failed(new IllegalStateException("a defect"));
        List<String> answers = new ArrayList<>();
        calls.take(calls.open(new Call(GroupId.of("g"), true, (outcome, callbacks) -> answers.add("g"))));
        host.take(new Event.CloseGroup(GroupId.of("g")));
        assertThat(answers).containsExactly("g");
        assertThat(steps).isEmpty();
    }

    private GroupHandle opened(GroupId group) {
        Callbacks callbacks = new Callbacks(Runnable::run, true);
        GroupApplier applier = new GroupApplier(
                group, (first, values) -> List.of(), Runnable::run, event -> {}, event -> {}, calls, callbacks, 10);
        GroupHandle handle = new GroupHandle(group, applier, new LeadershipDesk(callbacks), new CompletableFuture<>());
        groups.add(handle);
        return handle;
    }

    private static void assertClosed(GroupHandle handle) {
        assertThat(handle.closed()).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void rule20_aStepWithADefectClosesTheLogsItWasToClose() {
        GroupHandle handle = opened(GroupId.of("g"));
        GroupHandle other = opened(GroupId.of("h"));
        script = events -> {
            throw new IllegalStateException("a defect");
        };
        handle.beginToClose();
        host.take(new Event.CloseGroup(GroupId.of("g")));
        host.endBatch();
        assertClosed(handle);
        assertThat(groups.get(GroupId.of("g"))).isNull();
        assertThat(other.closed()).isNotDone();
    }

    @Test
    void rule20_aDefectThatThrowsAwayTheRestOfAStepClosesTheLogsThatItClosed() {
        GroupHandle handle = opened(GroupId.of("g"));
        script = events ->
                List.of(new Effect.Apply(GroupId.of("ghost"), 1, List.of()), new Effect.GroupClosed(GroupId.of("g")));
        handle.beginToClose();
        host.take(new Event.CloseGroup(GroupId.of("g")));
        host.endBatch();
        assertThat(halted).singleElement().asString().contains("ghost");
        assertClosed(handle);
    }

    @Test
    void rule20_aDefectOnTheLoopClosesTheLogsOfWhichItHadGatheredTheNews() {
        GroupHandle handle = opened(GroupId.of("g"));
        handle.beginToClose();
        host.take(new Event.CloseGroup(GroupId.of("g")));
        host.failed(new LinkageError("a defect"));
        assertClosed(handle);
    }

    /** Between the defect and the news the log may have been opened again: this one is not to be closed. */
    @Test
    void newsThatALogIsToBeClosedDoesNotCloseTheNextLifeOfIt() {
        GroupHandle first = opened(GroupId.of("g"));
        first.beginToClose();
        host.failed(new LinkageError("a defect"));
        assertClosed(first);
        GroupHandle second = opened(GroupId.of("g"));
        host.take(new Event.CloseGroup(GroupId.of("g")));
        List<String> asked = new ArrayList<>();
        second.applier().ask(new GroupApplier.Query() {
            @Override
            public void run() {
                asked.add("run");
            }

            @Override
            public void refuse(Outcome.Refused refusal) {
                asked.add("refused");
            }
        });
        assertThat(asked).containsExactly("run");
        second.beginToClose();
        host.take(new Event.CloseGroup(GroupId.of("g")));
        assertClosed(second);
    }

    /** Rule 20: neither what was gathered for the step that never comes nor what comes later waits for ever. */
    @Test
    void rule20_aDefectOnTheLoopAnswersAlsoWhatWasGathered() {
        List<String> answers = new ArrayList<>();
        RequestId gathered =
                calls.open(new Call(GroupId.of("g"), true, (outcome, callbacks) -> answers.add("gathered")));
        RequestId later = calls.open(new Call(GroupId.of("g"), true, (outcome, callbacks) -> answers.add("later")));
        host.take(new Event.Submit(gathered, GroupId.of("g"), Payload.EMPTY, 10));
        host.failed(new LinkageError("a defect"));
        host.take(new Event.Submit(later, GroupId.of("g"), Payload.EMPTY, 10));
        host.endBatch();
        assertThat(answers).containsExactlyInAnyOrder("gathered", "later");
        assertThat(steps).isEmpty();
        assertThat(halted).singleElement().asString().contains("a defect");
    }
}
