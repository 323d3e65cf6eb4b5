package io.paxos.node;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for an answer. Whoever takes a call out answers it, so each is answered exactly once, whatever
 * races: its answer, its refusal, and the end of the node. Safe for any thread.
 */
final class PendingCalls {

    private final Map<Long, Call> calls = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile @Nullable String closed;

    /** Keeps a call; if there will be no answers any more, it is refused at once. */
    RequestId open(Call call) {
        RequestId id = new RequestId(numbers.incrementAndGet());
        calls.put(id.number(), call);
        // Looked at only after the call is in the map: of two threads that do this and close(), at least one sees it.
        String reason = closed;
        if (reason != null) {
            answer(id, new Outcome.Refused(Outcome.Reason.STOPPED, reason));
        }
        return id;
    }

    /** Answers a call, unless that has been done. */
    void answer(RequestId id, Outcome outcome) {
        Call call = calls.remove(id.number());
        if (call != null) {
            call.answer(outcome);
        }
    }

    /** Whether the call still waits for its answer. */
    boolean isWaiting(RequestId id) {
        return calls.containsKey(id.number());
    }

    /** The machine is about to see the call: from now on it may have its effect. */
    void take(RequestId id) {
        Call call = calls.get(id.number());
        if (call != null) {
            call.take();
        }
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
        for (Long number : calls.keySet()) {
            Call call = calls.get(number);
            if (call != null && which.test(call) && calls.remove(number, call)) {
                call.abandon(detail);
            }
        }
    }

    int size() {
        return calls.size();
    }
}
