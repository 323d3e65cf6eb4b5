package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
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

    CallDoor(
            PendingCalls pending,
            EventLoop loop,
            Mailbox<Event> mailbox,
            Callbacks callbacks,
            BooleanSupplier onNodeThread,
            int maxValueBytes) {
        this.pending = pending;
        this.loop = loop;
        this.mailbox = mailbox;
        this.callbacks = callbacks;
        this.onNodeThread = onNodeThread;
        this.maxValueBytes = maxValueBytes;
    }

    /** A future that nobody can wait for on the node's own threads. */
    <T> CompletableFuture<T> newFuture() {
        return new PaxosFuture<>(onNodeThread);
    }

    /** A call that carries a value and may change something. */
    <T> CompletableFuture<T> send(
            @Nullable GroupId group, Payload value, Function<RequestId, Event> event, Function<Outcome, T> result) {
        CompletableFuture<T> future = newFuture();
        if (value.size() > maxValueBytes) {
            String detail = "the value takes " + value.size() + " bytes, and maxValueBytes is " + maxValueBytes
                    + "; send a smaller one, or raise the limit on every node";
            callbacks.fail(future, new RefusedException(Outcome.Reason.TOO_LARGE, detail));
            return future;
        }
        enter(new Call(group, true, completing(future, result)), value.size(), event);
        return future;
    }

    /** A call that asks and changes nothing. */
    <T> CompletableFuture<T> ask(Function<RequestId, Event> event, Function<Outcome, T> result) {
        CompletableFuture<T> future = newFuture();
        enter(new Call(null, false, completing(future, result)), 0, event);
        return future;
    }

    /** A call that asks a log; its answer is taken on the loop, by something that never blocks. */
    void ask(GroupId group, Function<RequestId, Event> event, Consumer<Outcome> answer) {
        enter(new Call(group, false, answer), 0, event);
    }

    Callbacks callbacks() {
        return callbacks;
    }

    private <T> Consumer<Outcome> completing(CompletableFuture<T> future, Function<Outcome, T> result) {
        return outcome -> callbacks.complete(future, () -> result.apply(outcome));
    }

    private void enter(Call call, int valueBytes, Function<RequestId, Event> event) {
        RequestId id = pending.open(call);
        if (pending.isWaiting(id) && !loop.offer(Mailbox.Lane.CALLS, event.apply(id), OVERHEAD + valueBytes)) {
            pending.answer(
                    id,
                    new Outcome.Refused(
                            Outcome.Reason.OVERLOADED,
                            "too many calls wait at this node (" + mailbox.fill(Mailbox.Lane.CALLS)
                                    + "); try again later, or raise the limits of its queue"));
        }
    }
}
