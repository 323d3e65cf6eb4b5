// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A caller, a thread of its own, that keeps a number of commands outstanding: for each that is answered it submits the
 * next. With one outstanding it waits for the answer as any thread does that needs it.
 */
final class Load {

    /** At a steady rate so many may wait for an answer; a library that falls behind is not buried. */
    private static final int MOST_PACED = 20_000;

    private static final long HIGHEST_NANOS = Duration.ofMinutes(1).toNanos();

    /** What a while of it came to. */
    record Result(double seconds, long commands, Histogram nanos, Meter used, long peakMib) {

        double commandsPerSecond() {
            return commands / seconds;
        }

        /** The time that a part of all answers did not exceed. */
        double micros(double part) {
            return nanos.getValueAtPercentile(100 * part) / 1e3;
        }

        double medianMicros() {
            return micros(0.5);
        }

        double cpuSecondsPerMillion() {
            return used.cpuNanos() / 1e3 / commands;
        }

        double bytesPerCommand() {
            return (double) used.allocatedBytes() / commands;
        }
    }

    private final Supplier<? extends CompletableFuture<?>> submit;
    private final int outstanding;
    private final Histogram nanos = new ConcurrentHistogram(HIGHEST_NANOS, 3);
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    private final Semaphore free;

    private Load(Supplier<? extends CompletableFuture<?>> submit, int outstanding) {
        this.submit = submit;
        this.outstanding = outstanding;
        this.free = new Semaphore(outstanding);
    }

    /** Keeps commands outstanding for a while, and waits for the last answers. The calling thread is the caller. */
    static Result run(Supplier<? extends CompletableFuture<?>> submit, int outstanding, Duration time)
            throws InterruptedException {
        Load load = new Load(submit, outstanding);
        return load.measure(
                end -> {
                    if (outstanding == 1) {
                        load.callOneByOne(end);
                    } else {
                        load.call(end);
                    }
                },
                time);
    }

    /**
     * Submits commands at a steady rate, whatever becomes of those before, and waits for the last answers. Time is taken
     * from when a command is due, so that one that is submitted late has waited already.
     */
    static Result paced(Supplier<? extends CompletableFuture<?>> submit, double perSecond, Duration time)
            throws InterruptedException {
        Load load = new Load(submit, MOST_PACED);
        return load.measure(end -> load.callWhenDue(end, perSecond), time);
    }

    /** What the calling thread does until some time. */
    private interface Calling {
        void until(long end) throws InterruptedException;
    }

    private Result measure(Calling calling, Duration time) throws InterruptedException {
        Heap.forgetPeak();
        Meter before = Meter.now();
        long begun = System.nanoTime();
        calling.until(begun + time.toNanos());
        double seconds = (System.nanoTime() - begun) / 1e9;
        Meter used = Meter.now().since(before);
        Throwable problem = failed.get();
        if (problem != null) {
            throw new IllegalStateException("a command failed, so nothing has been measured", problem);
        }
        return new Result(seconds, nanos.getTotalCount(), nanos, used, Heap.peak());
    }

    private void callOneByOne(long end) {
        long now = System.nanoTime();
        while (now < end && failed.get() == null) {
            try {
                submit.get().join();
            } catch (CompletionException e) {
                failed.set(e);
            }
            long then = System.nanoTime();
            nanos.recordValue(Math.min(HIGHEST_NANOS, then - now));
            now = then;
        }
    }

    private void call(long end) throws InterruptedException {
        while (System.nanoTime() < end && failed.get() == null) {
            free.acquire();
            submit(System.nanoTime());
        }
        free.acquire(outstanding);
    }

    private void callWhenDue(long end, double perSecond) throws InterruptedException {
        long begun = System.nanoTime();
        long due = begun;
        for (long i = 1; due < end && failed.get() == null; i++) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            free.acquire();
            submit(due);
            due = begun + (long) (i * 1e9 / perSecond);
        }
        free.acquire(outstanding);
    }

    private void submit(long asked) {
        CompletableFuture<?> unused = submit.get().whenComplete((result, problem) -> {
            if (problem != null) {
                failed.compareAndSet(null, problem);
            }
            nanos.recordValue(Math.min(HIGHEST_NANOS, System.nanoTime() - asked));
            free.release();
        });
    }
}
