// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs what it is given when it is told to, on the thread that tells it; keeps the timers for the test to fire. */
final class ManualExecutor extends AbstractExecutorService implements ScheduledExecutorService {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private Runnable timer = () -> {};
    private boolean shutdown;

    /** Runs everything that waits, and what that brings, and says how much it was. */
    int runAll() {
        int count = 0;
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
            count++;
        }
        return count;
    }

    private Runnable next() {
        synchronized (tasks) {
            return tasks.poll();
        }
    }

    /** Lets the periodic task run once. */
    void fireTimer() {
        timer.run();
    }

    int waiting() {
        synchronized (tasks) {
            return tasks.size();
        }
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            if (shutdown) {
                throw new RejectedExecutionException("shut down");
            }
            tasks.add(task);
        }
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
        timer = task;
        return new Timer(() -> timer = () -> {});
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        synchronized (tasks) {
            shutdown = true;
        }
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }

    private static final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {

        private final Runnable onCancel;

        Timer(Runnable onCancel) {
            super(() -> {}, null);
            this.onCancel = onCancel;
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            onCancel.run();
            return super.cancel(mayInterrupt);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }
    }
}
