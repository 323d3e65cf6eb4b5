// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what belongs to callers, the completion of their futures and their listeners, away from the node's own threads.
 * An executor that refuses a task loses no future: the task then runs where asynchronous stages of the JDK run by
 * default.
 */
final class Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    /** So many threads at most are lent by others. */
    static final int MAX_LENT = 3;

    private final Executor executor;
    private final boolean given;
    private final Queue<Batch> lentTo = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lent = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    private long begunAtLastLook;
    private final Executor spare = new CompletableFuture<Void>().defaultExecutor();
    private final Queue<Runnable> ordered = new ArrayDeque<>();
    private boolean draining;

    /**
     * Nothing runs yet.
     *
     * @param given whether the executor was given by the user, who then decides alone on which threads callbacks run
     */
    Callbacks(Executor executor, boolean given) {
        this.executor = executor;
        this.given = given;
    }

    /**
     * Runs tasks, on the current thread if it can be lent: one that has done its own work needs no other to be woken. If
     * a task makes it wait, perhaps for one behind it, {@link #relieve} brings in another thread for those.
     *
     * @param tasks what to run; on a thread that holds no lock and that nothing waits for
     */
    void runAll(List<Runnable> tasks) {
        if (tasks.isEmpty()) {
            return;
        }
        if (given || lent.incrementAndGet() > MAX_LENT) {
            if (!given) {
                lent.decrementAndGet();
            }
            tasks.forEach(this::run);
            return;
        }
        lentTo.add(new Batch(tasks));
        try {
            NodeThreads.lend(this::drainLent);
        } finally {
            lent.decrementAndGet();
        }
    }

    /** Tasks of which each is taken by one of the threads that run them; together they wait in line only once. */
    private static final class Batch {

        private final List<Runnable> tasks;
        private final AtomicInteger taken = new AtomicInteger();

        Batch(List<Runnable> tasks) {
            this.tasks = tasks;
        }

        @Nullable
        Runnable next() {
            int place = taken.getAndIncrement();
            return place < tasks.size() ? tasks.get(place) : null;
        }

        boolean isUsedUp() {
            return taken.get() >= tasks.size();
        }
    }

    /** The task that has waited longest, or null. */
    private @Nullable Runnable nextLent() {
        for (Batch batch = lentTo.peek(); batch != null; batch = lentTo.peek()) {
            Runnable task = batch.next();
            if (batch.isUsedUp()) {
                lentTo.remove(batch);
            }
            if (task != null) {
                return task;
            }
        }
        return null;
    }

    private void drainLent() {
        for (Runnable task = nextLent(); task != null; task = nextLent()) {
            begun.incrementAndGet();
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a callback threw; the node is not affected by that", e);
            }
        }
    }

    /** To be called now and then by one thread: brings in another thread where tasks wait behind one that waits itself. */
    void relieve() {
        long now = begun.get();
        if (now == begunAtLastLook && !lentTo.isEmpty()) {
            run(this::drainLent);
        }
        begunAtLastLook = now;
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
        run(() -> completeNow(future, result));
    }

    /** Completes a future with what the supplier returns or throws, on the current thread. */
    static <T> void completeNow(CompletableFuture<T> future, Supplier<T> result) {
        T value;
        try {
            value = result.get();
        } catch (RuntimeException | Error e) {
            future.completeExceptionally(e);
            return;
        }
        future.complete(value);
    }

    /** Completes a future with a failure. */
    void fail(CompletableFuture<?> future, Throwable problem) {
        run(() -> future.completeExceptionally(problem));
    }

    /** Runs a task after all tasks given to this method or to {@link #lineUp} before, never two of them at once. */
    void runInOrder(Runnable task) {
        lineUp(task);
        runLinedUp();
    }

    /**
     * Puts a task in line and runs nothing, so that it may be called with a lock held that the task's owner might wait for:
     * the executor of callbacks may be the calling thread. {@link #runLinedUp} must follow without that lock.
     */
    void lineUp(Runnable task) {
        synchronized (ordered) {
            ordered.add(task);
        }
    }

    /** Sees to it that what is in line is run; to be called without a lock. */
    void runLinedUp() {
        synchronized (ordered) {
            if (draining || ordered.isEmpty()) {
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
