// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Event;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which a node's machine runs: the transport's own, where it has one, so that a message changes no
 * thread on its way. It drains what waits and hands it over as one batch; under load batches grow by themselves,
 * and with them what shares a message and a write.
 */
final class EventLoop {

    private static final Logger LOG = LoggerFactory.getLogger(PaxosNode.class);

    /** What runs on the loop. No method is called by two threads, nor after {@link #stop} has run its last task. */
    interface Handler {

        /** Called once, before anything else. */
        void begin();

        /** Adds an event to the batch. */
        void take(Event event);

        /** Adds the passing of one tick to the batch. */
        void tick();

        /**
         * Does what the batch asks for.
         *
         * @return true if the handler has given itself more to do, and wants to be asked again soon
         */
        boolean endBatch();

        /**
         * A method of this handler has thrown, which only a defect can make it do. The handler ends what it serves, so
         * that nobody waits for ever; the loop goes on, and whatever comes from now on is to be refused.
         */
        void failed(Throwable problem);
    }

    /** After so many events the batch is closed, so that nobody waits long for its write. */
    private static final int MAX_BATCH = 512;

    private final ScheduledExecutorService executor;
    private final Mailbox<Event> mailbox;
    private final long tickNanos;
    private final Runnable executorLost;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile @Nullable Thread thread;
    private volatile boolean started;
    private volatile boolean stopped;
    private final AtomicBoolean lost = new AtomicBoolean();
    private @Nullable Handler handler;
    private @Nullable TickClock clock;
    private boolean moreToDo;
    private volatile @Nullable ScheduledFuture<?> timer;

    /**
     * A loop that does not run yet; its mailbox may be filled already.
     *
     * @param executor runs one task at a time on one thread
     * @param executorLost called, from any thread, when the executor takes no more tasks although the loop was not
     *     stopped
     */
    EventLoop(ScheduledExecutorService executor, Mailbox<Event> mailbox, long tickNanos, Runnable executorLost) {
        this.executor = executor;
        this.mailbox = mailbox;
        this.tickNanos = tickNanos;
        this.executorLost = executorLost;
        // Nobody needs to wake the loop before it has begun.
        scheduled.set(true);
    }

    /** Begins to run. To be called once. */
    void start(Handler newHandler) {
        started = true;
        executor.execute(() -> {
            thread = Thread.currentThread();
            handler = newHandler;
            clock = new TickClock(tickNanos, System.nanoTime());
            guarded(newHandler::begin);
            runBatch();
        });
        timer = executor.scheduleAtFixedRate(this::wake, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
    }

    /** Puts an event into the mailbox unless its lane is full or the loop is stopped. Any thread; never blocks. */
    boolean offer(Mailbox.Lane lane, Event event, int weight) {
        if (stopped || !mailbox.offer(lane, event, weight)) {
            return false;
        }
        wake();
        return true;
    }

    /**
     * Puts an event of which there is never too much into the mailbox, for which nothing waits: it is taken in with
     * whatever comes next, with the next tick at the latest. Any thread; never blocks.
     */
    void leave(Event event) {
        if (!stopped) {
            mailbox.offer(Mailbox.Lane.REPORTS, event, 0);
        }
    }

    /** Runs a task on the loop, between two batches. Dropped if the loop is stopped. Any thread; never blocks. */
    void execute(Runnable task) {
        submit(() -> {
            if (!stopped) {
                guarded(task);
                wake();
            }
        });
    }

    /** Runs a task on the loop that looks at how things stand, after a batch of what waits has been taken in. */
    void inspect(Runnable task) {
        execute(() -> {
            if (handler != null) {
                handleBatch();
            }
            task.run();
        });
    }

    /**
     * Stops for good, after the event in progress: the last task runs, on the loop or, if its executor is gone, here;
     * then nothing is handled any more. To be called once.
     */
    void stop(Runnable lastTask) {
        Runnable end = () -> {
            stopped = true;
            lastTask.run();
        };
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
        if (isLoopThread() || !started) {
            end.run();
            return;
        }
        try {
            executor.execute(end);
        } catch (RejectedExecutionException gone) {
            awaitLastTask();
            end.run();
        }
    }

    /** Whether the caller runs on the loop. */
    boolean isLoopThread() {
        return Thread.currentThread() == thread;
    }

    private void wake() {
        if (executor.isShutdown()) {
            // It may have dropped the batch that was to come, so nobody would notice otherwise.
            reportLost();
        } else if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            submit(this::runBatch);
        }
    }

    private void runBatch() {
        if (stopped) {
            return;
        }
        moreToDo = false;
        guarded(this::handleBatch);
        if (stopped) {
            return;
        }
        if (moreToDo || !mailbox.isEmpty()) {
            submit(this::runBatch);
            return;
        }
        scheduled.set(false);
        if (!mailbox.isEmpty()) {
            wake();
        }
    }

    private void handleBatch() {
        Handler running = Objects.requireNonNull(handler, "the loop has not begun");
        for (int i = 0; i < MAX_BATCH && !stopped; i++) {
            Event event = mailbox.poll();
            if (event == null) {
                break;
            }
            running.take(event);
        }
        deliverTicks(running);
        if (!stopped) {
            moreToDo = running.endBatch();
        }
    }

    /** An exception that got lost in an executor would leave a node that looks alive and never answers. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the loop met a defect of the library", e);
            Handler running = handler;
            if (running != null) {
                running.failed(e);
            }
        }
    }

    /** After the messages: a peer that was heard while this thread stood still is not to be found silent. */
    private void deliverTicks(Handler running) {
        if (clock == null) {
            return;
        }
        for (int due = clock.take(System.nanoTime()); due > 0 && !stopped; due--) {
            running.tick();
        }
    }

    private void submit(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException gone) {
            reportLost();
        }
    }

    private void reportLost() {
        if (started && !stopped && lost.compareAndSet(false, true)) {
            executorLost.run();
        }
    }

    /** An executor that takes no more tasks may still be in the middle of one. */
    private void awaitLastTask() {
        try {
            executor.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
