// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Looks on while cases are tried, and tells which it was if one of them does not end. */
public final class Watch {

    private final long seconds;
    private volatile Object trying = "nothing yet";
    private final AtomicLong cases = new AtomicLong();

    /**
     * A new one.
     *
     * @param seconds how long a single case may take, at least, before it counts as stuck
     */
    public Watch(long seconds) {
        this.seconds = seconds;
    }

    void trying(Case next) {
        trying = next;
        long unused = cases.incrementAndGet();
    }

    /**
     * Runs something on a thread of its own, for as long as it keeps on trying cases.
     *
     * @param exploration what to run
     * @throws AssertionError the one that it ended with; or one that names the case in which it got stuck
     * @throws InterruptedException if the caller is interrupted
     */
    public void over(Runnable exploration) throws InterruptedException {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        exploration.run();
                        end.complete(null);
                    } catch (RuntimeException | Error e) {
                        end.completeExceptionally(e);
                    }
                },
                "storage-contract");
        thread.setDaemon(true);
        thread.start();
        long before = -1;
        while (true) {
            try {
                end.get(seconds, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                if (cases.get() == before) {
                    thread.interrupt();
                    throw stuck(e);
                }
                before = cases.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw new AssertionError("the exploration failed in case: " + trying, e.getCause());
            }
        }
    }

    private AssertionError stuck(TimeoutException e) {
        String message = "the store is stuck for " + seconds + " seconds";
        StorageViolation violation = new StorageViolation(message, e);
        return trying instanceof Case tried ? tried.failure(violation) : violation;
    }
}
