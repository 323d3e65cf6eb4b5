package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.Hello;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StartId;
import io.paxos.replica.NodeStatus;
import io.paxos.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class MachineHostTest {

    private static final Endpoint SELF = new Endpoint(NodeId.of("n1"), new Incarnation(1));
    private static final Endpoint PEER = new Endpoint(NodeId.of("n2"), new Incarnation(2));

    private final List<String> sent = new ArrayList<>();
    private final List<List<Event>> steps = new ArrayList<>();
    private final List<String> halted = new ArrayList<>();
    private final PendingCalls calls = new PendingCalls();
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

    private final MachineHost host = host();

    private MachineHost host() {
        Outbox outbox = new Outbox(SELF.node(), transport);
        InMemoryStorage storage = new InMemoryStorage();
        GroupCommit commit =
                new GroupCommit(SELF.node(), new StoreGate(SELF.node(), storage), outbox, null, Runnable::run);
        NodeListener listener = new NodeListener() {
            @Override
            public void halted(GroupId group, String reason) {
                halted.add(group + ": " + reason);
            }
        };
        Announcer announcer =
                new Announcer(SELF.node(), new Callbacks(Runnable::run), listener, new CompletableFuture<>());
        SnapshotDesk snapshots =
                new SnapshotDesk(SELF.node(), storage, new NodeThreads(SELF.node()).snapshots(), event -> {});
        EffectExecutor effects = new EffectExecutor(outbox, commit, new Groups(), snapshots, calls, announcer);
        return new MachineHost(SELF.node(), machine, effects, outbox, commit, calls);
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
        assertThat(steps).hasSizeBetween(2, 100);
        assertThat(host.endBatch()).isTrue();
    }

    @Test
    void aDefectStopsTheNodeAndAnswersEveryCall() {
        List<Outcome> answers = new ArrayList<>();
        calls.take(calls.open(new Call(null, true, answers::add)));
        script = events -> {
            throw new IndexOutOfBoundsException("a defect");
        };
        host.take(tick(1));
        host.endBatch();
        assertThat(answers).singleElement().isInstanceOf(Outcome.Unknown.class);
        assertThat(halted).singleElement().asString().startsWith("null: ").contains("a defect", "restart");
        assertThat(host.status().halted()).contains("a defect");
        RequestId late = calls.open(new Call(GroupId.of("g"), false, answers::add));
        host.take(new Event.Barrier(late, GroupId.of("g"), 10));
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
        calls.take(calls.open(new Call(GroupId.of("g"), true, outcome -> answers.add("g"))));
        calls.take(calls.open(new Call(GroupId.of("h"), true, outcome -> answers.add("h"))));
        calls.open(new Call(GroupId.of("g"), true, outcome -> answers.add("on its way")));
        script = events -> List.of(new Effect.Halted(GroupId.of("g"), "apply threw"));
        host.take(tick(1));
        host.endBatch();
        assertThat(answers).containsExactly("g");
        assertThat(halted).containsExactly("g: apply threw");
    }

    /** Rule 20: neither what was gathered for the step that never comes nor what comes later waits for ever. */
    @Test
    void rule20_aDefectOnTheLoopAnswersAlsoWhatWasGathered() {
        List<String> answers = new ArrayList<>();
        RequestId gathered = calls.open(new Call(GroupId.of("g"), true, outcome -> answers.add("gathered")));
        RequestId later = calls.open(new Call(GroupId.of("g"), true, outcome -> answers.add("later")));
        host.take(new Event.Submit(gathered, GroupId.of("g"), Payload.EMPTY, 10));
        host.failed(new LinkageError("a defect"));
        host.take(new Event.Submit(later, GroupId.of("g"), Payload.EMPTY, 10));
        host.endBatch();
        assertThat(answers).containsExactlyInAnyOrder("gathered", "later");
        assertThat(steps).isEmpty();
        assertThat(halted).singleElement().asString().contains("a defect");
    }
}
