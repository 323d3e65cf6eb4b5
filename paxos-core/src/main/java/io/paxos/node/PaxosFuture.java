// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A future that refuses to be waited for on a thread that must run for it to complete (rule 20): such a wait would hang
 * the node for ever, so it throws instead. Stages derived from it do the same.
 */
final class PaxosFuture<T> extends CompletableFuture<T> {

    private final BooleanSupplier onNodeThread;

    PaxosFuture(BooleanSupplier onNodeThread) {
        this.onNodeThread = onNodeThread;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new PaxosFuture<>(onNodeThread);
    }

    @Override
    public T join() {
        requireMayWait();
        return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        requireMayWait();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        requireMayWait();
        return super.get(timeout, unit);
    }

    private void requireMayWait() {
        if (!isDone() && onNodeThread.getAsBoolean()) {
            throw new IllegalStateException(
                    "waiting on " + Thread.currentThread().getName()
                            + " for something that this very thread has to do; use thenApply, whenComplete or another thread");
        }
    }
}
