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
            call.answer().accept(outcome);
        }
    }

    /** Whether the call still waits for its answer. */
    boolean isWaiting(RequestId id) {
        return calls.containsKey(id.number());
    }

    /** Ends the calls to which the predicate applies; effectful ones as unknown. */
    void abandon(Predicate<Call> which, String detail) {
        for (Long number : calls.keySet()) {
            Call call = calls.get(number);
            if (call != null && which.test(call) && calls.remove(number, call)) {
                call.abandon(detail);
            }
        }
    }

    /** From now on every new call is refused, for this reason. */
    void close(String reason) {
        closed = reason;
    }

    int size() {
        return calls.size();
    }
}
