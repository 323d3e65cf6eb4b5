// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where calls enter a node: each gets a future and a place in the mailbox, or is refused on the spot. Nothing here ever
 * blocks. Safe for any thread.
 */
final class CallDoor {

    /** What a call takes beside its value: names, handles, its future. */
    private static final int OVERHEAD = 128;

    private final PendingCalls pending;
    private final EventLoop loop;
    private final Mailbox<Event> mailbox;
    private final Callbacks callbacks;
    private final BooleanSupplier onNodeThread;
    private final int maxValueBytes;
    private final Metering metering;
    /** Why nobody may enter, or null as long as everybody may. */
    private final Supplier<Outcome.@Nullable Refused> refusal;

    CallDoor(
            PendingCalls pending,
            EventLoop loop,
            Mailbox<Event> mailbox,
            Callbacks callbacks,
            BooleanSupplier onNodeThread,
            int maxValueBytes,
            Metering metering) {
        this(pending, loop, mailbox, callbacks, onNodeThread, maxValueBytes, metering, () -> null);
    }

    private CallDoor(
            PendingCalls pending,
            EventLoop loop,
            Mailbox<Event> mailbox,
            Callbacks callbacks,
            BooleanSupplier onNodeThread,
            int maxValueBytes,
            Metering metering,
            Supplier<Outcome.@Nullable Refused> refusal) {
        this.pending = pending;
        this.loop = loop;
        this.mailbox = mailbox;
        this.callbacks = callbacks;
        this.onNodeThread = onNodeThread;
        this.maxValueBytes = maxValueBytes;
        this.metering = metering;
        this.refusal = refusal;
    }

    /** The door of one log, which shuts when that is closed. */
    CallDoor of(GroupHandle group) {
        return new CallDoor(pending, loop, mailbox, callbacks, onNodeThread, maxValueBytes, metering, group::refusal);
    }

    /** A future that nobody can wait for on the node's own threads. */
    <T> CompletableFuture<T> newFuture() {
        return new PaxosFuture<>(onNodeThread);
    }

    /** A command for a log. Every command passes here, so nothing is made that is not kept. */
    <T> CompletableFuture<T> submit(GroupId group, Payload command, int ticks, Function<Outcome, T> result) {
        CompletableFuture<T> future = newFuture();
        if (fits(command, future)) {
            Call.Answer answer = new FutureAnswer<>(future, result);
            RequestId id = pending.open(
                    new Call(group, true, metering.isOn() ? new MeteredAnswer(metering, group, answer) : answer));
            enter(id, new Event.Submit(id, group, command, ticks), command.size());
        } else if (metering.isOn()) {
            metering.tell(meter -> meter.commandAnswered(group, NodeMeter.CommandOutcome.REFUSED, 0));
        }
        return future;
    }

    /** A call about a decree or a register that carries values and may change something. */
    <T> CompletableFuture<T> send(
            NodeMeter.CallKind kind,
            List<Payload> values,
            Function<RequestId, Event> event,
            Function<Outcome, T> result) {
        CompletableFuture<T> future = newFuture();
        int bytes = 0;
        for (Payload value : values) {
            if (!fits(value, future)) {
                if (metering.isOn()) {
                    metering.tell(meter -> meter.callAnswered(kind, NodeMeter.CallOutcome.REFUSED, 0));
                }
                return future;
            }
            bytes += value.size();
        }
        enter(new Call(null, true, metered(kind, new FutureAnswer<>(future, result))), bytes, event);
        return future;
    }

    /** A call that may change a register by a function, which is applied where callbacks run. */
    <T> CompletableFuture<T> compute(
            ComputingAnswer.Change change, Function<RequestId, Event> event, Function<Outcome, T> result) {
        CompletableFuture<T> future = newFuture();
        Call.Answer answer = new ComputingAnswer<>(future, change, result);
        enter(new Call(null, true, metered(NodeMeter.CallKind.CHANGE, answer)), 0, event);
        return future;
    }

    /** Where nobody measures, the answer as it is. */
    private Call.Answer metered(NodeMeter.CallKind kind, Call.Answer answer) {
        return metering.isOn() ? new MeteredCall(metering, kind, answer) : answer;
    }

    private boolean fits(Payload value, CompletableFuture<?> future) {
        if (value.size() <= maxValueBytes) {
            return true;
        }
        String detail = "the value takes " + value.size() + " bytes, and maxValueBytes is " + maxValueBytes
                + "; send a smaller one, or raise the limit on every node";
        callbacks.fail(future, new RefusedException(Outcome.Reason.TOO_LARGE, detail));
        return false;
    }

    /** A call that asks and changes nothing, and whose time says something. */
    <T> CompletableFuture<T> ask(
            NodeMeter.CallKind kind, Function<RequestId, Event> event, Function<Outcome, T> result) {
        CompletableFuture<T> future = newFuture();
        enter(new Call(null, false, metered(kind, new FutureAnswer<>(future, result))), 0, event);
        return future;
    }

    /** A call that asks and changes nothing. */
    <T> CompletableFuture<T> ask(Function<RequestId, Event> event, Function<Outcome, T> result) {
        CompletableFuture<T> future = newFuture();
        enter(new Call(null, false, new FutureAnswer<>(future, result)), 0, event);
        return future;
    }

    /** A call that may change something about a log, but carries no value. */
    <T> CompletableFuture<T> change(GroupId group, Function<RequestId, Event> event, Function<Outcome, T> result) {
        CompletableFuture<T> future = newFuture();
        enter(new Call(group, true, new FutureAnswer<>(future, result)), 0, event);
        return future;
    }

    /** A call that asks a log; its answer is taken on the loop, by something that never blocks. */
    void ask(GroupId group, Function<RequestId, Event> event, Call.Answer answer) {
        enter(new Call(group, false, answer), 0, event);
    }

    Callbacks callbacks() {
        return callbacks;
    }

    Metering metering() {
        return metering;
    }

    private void enter(Call call, int valueBytes, Function<RequestId, Event> event) {
        RequestId id = pending.open(call);
        enter(id, event.apply(id), valueBytes);
    }

    private void enter(RequestId id, Event event, int valueBytes) {
        Outcome.Refused shut = refusal.get();
        if (shut != null) {
            pending.answerHere(id, shut);
            return;
        }
        if (pending.isWaiting(id) && !loop.offer(Mailbox.Lane.CALLS, event, OVERHEAD + valueBytes)) {
            // Nobody has the future yet, so nothing of the caller's runs here. And where callers come faster than
            // they can be told elsewhere, those who wait to be told would fill the heap.
            pending.answerHere(
                    id,
                    new Outcome.Refused(
                            Outcome.Reason.OVERLOADED,
                            "too many calls wait at this node (" + mailbox.fill(Mailbox.Lane.CALLS)
                                    + "); try again later, or raise the limits of its queue"));
        }
    }
}
