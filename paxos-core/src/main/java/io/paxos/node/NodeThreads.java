// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.NodeId;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes a node's threads: daemons, named for the node and for what they do. */
final class NodeThreads {

    /** So many at least execute commands, while others are lent to callbacks: see {@link Callbacks#runAll}. */
    private static final int APPLY_THREADS = 4 + Callbacks.MAX_LENT;

    private static final int CALLBACK_THREADS = 4;

    /** Marks the threads that execute commands, which nothing may make wait for a command. */
    private static final class ApplyThread extends Thread {
        private final NodeThreads owner;
        private boolean lent;

        ApplyThread(NodeThreads owner, Runnable task, String name) {
            super(task, name);
            this.owner = owner;
        }
    }

    private final String prefix;

    NodeThreads(NodeId node) {
        this.prefix = "paxos-" + node;
    }

    /** Whether the caller executes commands of this node. */
    boolean isApplyThread() {
        return Thread.currentThread() instanceof ApplyThread thread && thread.owner == this && !thread.lent;
    }

    /** Runs what belongs to callers on the current thread, which executes no commands meanwhile and may be made to wait. */
    static void lend(Runnable task) {
        if (Thread.currentThread() instanceof ApplyThread thread) {
            thread.lent = true;
            try {
                task.run();
            } finally {
                thread.lent = false;
            }
        } else {
            task.run();
        }
    }

    /** One thread for the loop, for a transport that brings none. */
    ScheduledExecutorService loop() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, single("loop"));
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** One thread for a store that blocks. */
    ExecutorService writer() {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), single("writer"));
    }

    /** One thread for snapshots, so that however long they take nothing waits for them. */
    ExecutorService snapshots() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), single("snapshots"));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** A few threads on which all groups take turns to execute their commands. */
    ExecutorService apply() {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                APPLY_THREADS, APPLY_THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new ApplyThread(this, task, prefix + "-apply-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Threads for callbacks. A fork-join pool, because it brings in another thread when a callback waits for a future,
     * so that callbacks that wait for one another do not hang.
     */
    ExecutorService callbacks() {
        AtomicInteger count = new AtomicInteger();
        return new ForkJoinPool(
                CALLBACK_THREADS,
                pool -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                    thread.setName(prefix + "-callback-" + count.incrementAndGet());
                    return thread;
                },
                null,
                true);
    }

    private ThreadFactory single(String purpose) {
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + purpose);
            thread.setDaemon(true);
            return thread;
        };
    }
}
