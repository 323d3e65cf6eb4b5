// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.replica.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the machine and has its effects carried out, one batch of events after another; each step ends with one write.
 * If a step throws, which only a defect of the library can make it do, nothing is stepped any more, and every call is
 * answered. Confined to the loop.
 */
final class MachineHost implements EventLoop.Handler {

    private static final Logger LOG = LoggerFactory.getLogger(MachineHost.class);

    private final NodeId node;
    private final Machine machine;
    private final EffectExecutor effects;
    private final Outbox outbox;
    private final GroupCommit commit;
    private final PendingCalls calls;
    private final Callbacks callbacks;
    private List<Event> gathered = new ArrayList<>();
    private @Nullable String broken;

    MachineHost(
            NodeId node,
            Machine machine,
            EffectExecutor effects,
            Outbox outbox,
            GroupCommit commit,
            PendingCalls calls,
            Callbacks callbacks) {
        this.node = node;
        this.machine = machine;
        this.effects = effects;
        this.outbox = outbox;
        this.commit = commit;
        this.calls = calls;
        this.callbacks = callbacks;
    }

    @Override
    public void begin() {
        guarded(machine::start);
    }

    @Override
    public void take(Event event) {
        if (broken != null && event instanceof Event.CloseGroup close) {
            effects.carryOut(List.of(new Effect.GroupClosed(close.group())));
        } else if (broken != null) {
            refuse(event, Outcome.Reason.STOPPED, broken);
        } else if (commit.isBehind() && (isBulk(event) || (commit.isFull() && comesFromOutside(event)))) {
            refuse(event, Outcome.Reason.OVERLOADED, "the store does not keep up; try again later");
        } else {
            gathered.add(event);
        }
    }

    @Override
    public void tick() {
        gathered.add(new Event.Tick(new LogTime(System.currentTimeMillis()), System.nanoTime()));
        commit.tick();
        effects.tick();
        callbacks.relieve();
    }

    @Override
    public boolean endBatch() {
        stepGathered();
        commit.flush();
        // What the node has to tell itself comes in the next batch: what it has to tell others may leave before.
        for (Event own = outbox.pollOwn(); own != null; own = outbox.pollOwn()) {
            gathered.add(own);
        }
        return !gathered.isEmpty();
    }

    @Override
    public void failed(Throwable problem) {
        fail(problem);
        // Whoever was on its way to the machine has not been taken, and would not be answered there either.
        gathered = new ArrayList<>();
        calls.abandonAll(String.valueOf(broken));
    }

    /** A last step, so that a leader resigns; from then on nothing is stepped, written or sent. */
    void end(String reason) {
        if (broken == null) {
            guarded(() -> machine.step(List.of(new Event.Close())));
        }
        broken = reason;
        commit.abandon();
    }

    /** How things stand. */
    NodeStatus status() {
        NodeStatus status = machine.status();
        return broken == null
                ? status
                : new NodeStatus(
                        status.self(),
                        status.formed(),
                        status.stranger(),
                        status.notice(),
                        broken,
                        status.decidedDecrees(),
                        status.openDecrees(),
                        status.groups(),
                        status.electorate());
    }

    private void stepGathered() {
        if (gathered.isEmpty()) {
            return;
        }
        List<Event> batch = gathered;
        gathered = new ArrayList<>();
        if (broken == null) {
            batch.removeIf(event -> !mayBeSeen(event));
            LOG.trace("{}: {}", node, batch);
            guarded(() -> machine.step(batch));
        }
    }

    /** A call that was ended while it waited, because this loop did not come to it, is not to have its effect now. */
    private boolean mayBeSeen(Event event) {
        RequestId request = request(event);
        return request == null || calls.take(request);
    }

    private void guarded(Supplier<List<Effect>> step) {
        try {
            effects.carryOut(step.get());
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            outbox.flush();
        }
    }

    private void fail(Throwable problem) {
        if (broken == null) {
            String reason = "a defect in the library: " + problem + "; restart the node and report this";
            broken = reason;
            commit.abandon();
            try {
                effects.halted(new Effect.Halted(null, reason), problem);
            } finally {
                effects.endClosing();
            }
        }
    }

    private void refuse(Event event, Outcome.Reason reason, String detail) {
        RequestId request = request(event);
        if (request == null) {
            LOG.debug("{}: dropped, {}: {}", node, detail, event);
        } else {
            calls.answer(request, new Outcome.Refused(reason, detail));
        }
    }

    private static boolean comesFromOutside(Event event) {
        return event instanceof Event.Received || request(event) != null;
    }

    private static boolean isBulk(Event event) {
        if (event instanceof Event.Received received) {
            return received.envelope().message().isBulk();
        }
        return event instanceof Event.Submit || event instanceof Event.Agree || event instanceof Event.ChangeRegister;
    }

    private static @Nullable RequestId request(Event event) {
        return event instanceof Event.Call call ? call.request() : null;
    }
}
