// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.replica.NodeStatus;
import io.paxos.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Callers, the loop, and whoever closes the node. Rule 20: when it is closed nobody is left waiting, and nobody is
 * answered twice. Rule 11: what is refused has not reached the machine, and never will.
 */
public class CloseInterleavingsTest {

    private static final NodeId NODE = NodeId.of("n1");
    private static final Instruments INSTRUMENTS = Instruments.of(NODE);
    private static final GroupId GROUP = GroupId.of("g");
    private static final long HOUR_NANOS = 3_600_000_000_000L;
    private static final String CLOSED = "closed";

    /** One caller's side of a call. */
    private static final class Asked {

        private final Queue<Outcome> heard = new ConcurrentLinkedQueue<>();
        private volatile RequestId id = new RequestId(0);
    }

    /** Knows which calls reached it, and answers those that it is sent alone. */
    private static final class Recorder implements Machine {

        private final Queue<RequestId> reached = new ConcurrentLinkedQueue<>();

        @Override
        public List<Effect> start() {
            return List.of();
        }

        @Override
        public List<Effect> step(List<Event> events) {
            List<Effect> effects = new ArrayList<>();
            for (Event event : events) {
                if (event instanceof Event.Submit submit) {
                    reached.add(submit.request());
                    if (events.size() == 1) {
                        effects.add(new Effect.Respond(submit.request(), new Outcome.Applied(1, Payload.EMPTY)));
                    }
                }
            }
            return effects;
        }

        @Override
        public NodeStatus status() {
            return new NodeStatus(
                    new Endpoint(NODE, new Incarnation(1)), null, null, null, null, 0, 0, new TreeMap<>());
        }
    }

    private static final class Deaf implements Transport {
        @Override
        public void start(Local local, Receiver receiver) {}

        @Override
        public void send(Envelope envelope) {}

        @Override
        public void close() {}
    }

    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final Recorder machine = new Recorder();
    private final ManualExecutor executor = new ManualExecutor();
    private final PendingCalls calls = new PendingCalls(Runnable::run, 2);
    private final Mailbox<Event> mailbox = Mailbox.within(Limits.DEFAULTS.withQueue(2, 1 << 20));
    private final EventLoop loop = new EventLoop(executor, mailbox, HOUR_NANOS, () -> {});
    private final Callbacks callbacks = new Callbacks(Runnable::run, true);
    private final CallDoor door = new CallDoor(calls, loop, mailbox, callbacks, () -> false, 1 << 20, new Metering());
    private final MachineHost host = host();
    private volatile boolean closed;

    public CloseInterleavingsTest() {
        loop.start(host);
    }

    private MachineHost host() {
        Outbox outbox = new Outbox(NODE, new Deaf());
        InMemoryStorage storage = new InMemoryStorage();
        GroupCommit commit = new GroupCommit(NODE, new StoreGate(NODE, storage), outbox, null, Runnable::run);
        Announcer announcer =
                new Announcer(NODE, callbacks, new NodeListener() {}, new CompletableFuture<>(), INSTRUMENTS);
        SnapshotDesk snapshots = new SnapshotDesk(NODE, storage, executor, event -> {}, INSTRUMENTS.metering());
        Updates updates = new Updates(calls, callbacks, event -> {});
        EffectExecutor effects =
                new EffectExecutor(NODE, outbox, commit, new Groups(), snapshots, calls, updates, announcer);
        return new MachineHost(NODE, machine, effects, outbox, commit, calls, callbacks);
    }

    /** Any caller, on any thread. */
    @Operation
    public void submit() {
        Asked caller = new Asked();
        asked.add(caller);
        CompletableFuture<Boolean> unused = door.send(
                NodeMeter.CallKind.CHANGE,
                List.of(Payload.EMPTY),
                id -> {
                    caller.id = id;
                    return new Event.Submit(id, GROUP, Payload.EMPTY, 10);
                },
                caller.heard::add);
    }

    /** The loop takes turns, as many as there is something for. */
    @Operation(nonParallelGroup = "the loop")
    public void turns() {
        executor.runAll();
    }

    /** As the node is closed when its loop does not come to an end in time, but goes on later. */
    @Operation(runOnce = true)
    public void close() {
        calls.close(CLOSED);
        loop.stop(() -> {
            host.end(CLOSED);
            calls.abandonAll(CLOSED);
        });
        calls.abandonAll(CLOSED);
        closed = true;
    }

    @Validate
    public void everyCallerHearsOneTrueWord() {
        executor.runAll();
        List<Event> left = new ArrayList<>();
        for (Event event = mailbox.poll(); event != null; event = mailbox.poll()) {
            left.add(event);
        }
        if (!closed && !left.isEmpty()) {
            throw new IllegalStateException("the loop was not woken for " + left);
        }
        for (Asked caller : asked) {
            boolean reached = machine.reached.contains(caller.id);
            int times = caller.heard.size();
            if (times > 1 || (times == 0 && (closed || !reached))) {
                throw new IllegalStateException("call " + caller.id + " was answered " + times + " times");
            }
            if (reached && caller.heard.peek() instanceof Outcome.Refused refused) {
                throw new IllegalStateException("call " + caller.id + " reached the machine, but was " + refused);
            }
        }
    }

    @Test
    void everyCallerHearsOneTrueWordInEveryInterleaving() {
        Interleavings.oneByOne(2, 30).check(CloseInterleavingsTest.class);
    }

    @Test
    void everyCallerHearsOneTrueWordUnderStress() {
        Interleavings.asTheyCome().check(CloseInterleavingsTest.class);
    }
}
