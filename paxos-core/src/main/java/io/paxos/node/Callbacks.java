package io.paxos.node;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what belongs to callers, the completion of their futures and their listeners, away from the node's own threads.
 * An executor that refuses a task loses no future: the task then runs where asynchronous stages of the JDK run by
 * default.
 */
final class Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private final Executor executor;
    private final Executor spare = new CompletableFuture<Void>().defaultExecutor();
    private final Queue<Runnable> ordered = new ArrayDeque<>();
    private boolean draining;

    Callbacks(Executor executor) {
        this.executor = executor;
    }

    /** Runs a task. */
    void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RuntimeException refused) {
            LOG.debug("the callback executor refused a task; running it elsewhere", refused);
            spare.execute(task);
        }
    }

    /** Completes a future with what the supplier returns or throws. */
    <T> void complete(CompletableFuture<T> future, Supplier<T> result) {
        run(() -> {
            T value;
            try {
                value = result.get();
            } catch (RuntimeException | Error e) {
                future.completeExceptionally(e);
                return;
            }
            future.complete(value);
        });
    }

    /** Completes a future with a failure. */
    void fail(CompletableFuture<?> future, Throwable problem) {
        run(() -> future.completeExceptionally(problem));
    }

    /** Runs a task after all tasks given to this method before, never two of them at once. */
    void runInOrder(Runnable task) {
        synchronized (ordered) {
            ordered.add(task);
            if (draining) {
                return;
            }
            draining = true;
        }
        run(this::drainOrdered);
    }

    private void drainOrdered() {
        while (true) {
            Runnable task;
            synchronized (ordered) {
                task = ordered.poll();
                if (task == null) {
                    draining = false;
                    return;
                }
            }
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a listener of the node threw; the node is not affected by that", e);
            }
        }
    }
}
