// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Outcome;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Completes the future of a call with what its answer comes to; itself the task that does it, so that no other is made. */
final class FutureAnswer<T> implements Call.Answer, Runnable {

    private final CompletableFuture<T> future;
    private final Function<Outcome, T> result;
    private @Nullable Outcome outcome;

    /**
     * Nothing has been answered yet.
     *
     * @param result the result of an outcome; throws what the future is to fail with
     */
    FutureAnswer(CompletableFuture<T> future, Function<Outcome, T> result) {
        this.future = future;
        this.result = result;
    }

    @Override
    public void take(Outcome answer, Executor callbacks) {
        outcome = answer;
        callbacks.execute(this);
    }

    @Override
    public void run() {
        T value;
        try {
            value = result.apply(Objects.requireNonNull(outcome));
        } catch (RuntimeException | Error e) {
            future.completeExceptionally(e);
            return;
        }
        future.complete(value);
    }
}
