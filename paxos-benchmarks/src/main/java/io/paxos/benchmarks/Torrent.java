// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.event.Outcome;
import io.paxos.model.Payload;
import io.paxos.node.RefusedException;
import io.paxos.node.ReplicatedLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Callers who submit at a rate of their own, whatever becomes of it, and count what they hear. */
final class Torrent {

    /** What a caller can hear. */
    enum Answer {
        APPLIED,
        OVERLOADED,
        REFUSED,
        UNKNOWN
    }

    private static final long SLICE_NANOS = 1_000_000;

    private final List<ReplicatedLog<Payload, Payload, TakingMachine>> logs;
    private final Payload command;
    private final AtomicLongArray answers;
    private final long[] submitted;
    private final int callers;

    /**
     * Nobody has submitted anything.
     *
     * @param logs the log at each node; the callers are spread over them
     */
    Torrent(List<ReplicatedLog<Payload, Payload, TakingMachine>> logs, int callers, Payload command) {
        this.logs = logs;
        this.callers = callers;
        this.command = command;
        this.answers = new AtomicLongArray(callers * Answer.values().length);
        this.submitted = new long[callers];
    }

    /** Submits for a while, each caller as often as the others; says how many a second it came to. */
    double run(double perSecond, Duration time) {
        long begun = System.nanoTime();
        long end = begun + time.toNanos();
        long count = 0;
        long skipped = 0;
        long now = begun;
        while (now < end) {
            long due = (long) ((now - begun) / 1e9 * perSecond);
            // What could not be submitted in time is not made up for, or a pause would be followed by a flood.
            long most = count + (long) Math.max(1, perSecond * SLICE_NANOS / 1e9 * 2);
            for (; count < Math.min(due - skipped, most); count++) {
                submit((int) (count % callers));
            }
            skipped = Math.max(skipped, due - count);
            LockSupport.parkNanos(SLICE_NANOS / 4);
            now = System.nanoTime();
        }
        return count / (time.toNanos() / 1e9);
    }

    private void submit(int caller) {
        submitted[caller]++;
        CompletableFuture<Payload> answer = logs.get(caller % logs.size()).submit(command);
        CompletableFuture<Payload> unused = answer.whenComplete((result, problem) -> answers.incrementAndGet(
                caller * Answer.values().length + kind(problem).ordinal()));
    }

    private static Answer kind(@Nullable Throwable problem) {
        if (problem == null) {
            return Answer.APPLIED;
        }
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
        if (cause instanceof RefusedException refused) {
            return refused.reason() == Outcome.Reason.OVERLOADED ? Answer.OVERLOADED : Answer.REFUSED;
        }
        return Answer.UNKNOWN;
    }

    int callers() {
        return callers;
    }

    long submitted(int caller) {
        return submitted[caller];
    }

    long count(int caller, Answer answer) {
        return answers.get(caller * Answer.values().length + answer.ordinal());
    }

    long count(Answer answer) {
        long sum = 0;
        for (int caller = 0; caller < callers; caller++) {
            sum += count(caller, answer);
        }
        return sum;
    }

    /** How many have not heard anything yet. */
    long unanswered() {
        long open = 0;
        for (int caller = 0; caller < callers; caller++) {
            open += submitted[caller];
            for (Answer answer : Answer.values()) {
                open -= count(caller, answer);
            }
        }
        return open;
    }
}
