// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits for something in another process, which can only be asked again and again. */
public final class Poll implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 50;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    /** Asks until there is an answer; fails, naming what it waited for, when the deadline passes or asking throws. */
    public <T> T until(String what, Duration deadline, Supplier<Optional<T>> question)
            throws InterruptedException, ExecutionException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        ScheduledFuture<?> asking = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        question.get().ifPresent(answer::complete);
                    } catch (RuntimeException | Error e) {
                        answer.completeExceptionally(e);
                    }
                },
                0,
                INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("waited " + deadline.toSeconds() + " s in vain for " + what, e);
        } finally {
            asking.cancel(false);
        }
    }

    /** Lets time pass, where what is waited for cannot be seen. */
    public void pause(long millis) throws InterruptedException, ExecutionException {
        timer.schedule(() -> {}, millis, TimeUnit.MILLISECONDS).get();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
