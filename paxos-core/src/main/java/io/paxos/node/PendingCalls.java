// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for an answer. Whoever takes a call out answers it, so each is answered exactly once, whatever
 * races: its answer, its refusal, and the end of the node. Safe for any thread.
 */
final class PendingCalls {

    /** For so many open calls nothing has to be looked for. */
    private static final int PLACES = 1 << 12;

    private static final Executor HERE = Runnable::run;

    private final CallTable calls;
    private final AtomicLong numbers = new AtomicLong();
    private final Executor callbacks;
    private volatile @Nullable String closed;

    /** @param callbacks runs what belongs to callers, unless whoever answers brings something better */
    PendingCalls(Executor callbacks) {
        this(callbacks, PLACES);
    }

    PendingCalls(Executor callbacks, int places) {
        this.callbacks = callbacks;
        this.calls = new CallTable(places);
    }

    /** Keeps a call; if there will be no answers any more, it is refused at once. */
    RequestId open(Call call) {
        RequestId id = new RequestId(numbers.incrementAndGet());
        call.opened(id.number());
        calls.add(call);
        // Looked at only after the call is in the table: of two threads that do this and close(), at least one sees it.
        String reason = closed;
        if (reason != null) {
            answer(id, new Outcome.Refused(Outcome.Reason.STOPPED, reason));
        }
        return id;
    }

    /** Answers a call, unless that has been done. */
    void answer(RequestId id, Outcome outcome) {
        answer(id, outcome, callbacks);
    }

    /** Answers a call, unless that has been done, on a thread that is lent to callers. */
    void answerHere(RequestId id, Outcome outcome) {
        answer(id, outcome, HERE);
    }

    private void answer(RequestId id, Outcome outcome, Executor runner) {
        Call call = calls.remove(id.number());
        if (call != null) {
            call.answer(outcome, runner);
        }
    }

    /** The call, if it still waits for its answer. */
    @Nullable
    Call get(RequestId id) {
        return calls.get(id.number());
    }

    /** Whether the call still waits for its answer. */
    boolean isWaiting(RequestId id) {
        return calls.get(id.number()) != null;
    }

    /**
     * The machine is about to see the call: from now on it may have its effect.
     *
     * @return false if it must not see it any more: the call has been ended, and its caller may have been told that it
     *     has no effect
     */
    boolean take(RequestId id) {
        Call call = calls.get(id.number());
        return call != null && call.take();
    }

    /** Ends the calls that the machine has seen and will not answer; those still on their way to it are answered there. */
    void abandonTaken(Predicate<Call> which, String detail) {
        abandon(call -> call.isTaken() && which.test(call), detail);
    }

    /** From now on no call is kept: new ones are refused, for this reason. */
    void close(String reason) {
        closed = reason;
    }

    /** Ends every call. */
    void abandonAll(String detail) {
        abandon(call -> true, detail);
    }

    private void abandon(Predicate<Call> which, String detail) {
        calls.forEach(call -> {
            if (which.test(call) && calls.remove(call.number()) != null) {
                call.abandon(detail, callbacks);
            }
        });
    }

    int size() {
        AtomicInteger count = new AtomicInteger();
        calls.forEach(call -> count.incrementAndGet());
        return count.get();
    }
}
