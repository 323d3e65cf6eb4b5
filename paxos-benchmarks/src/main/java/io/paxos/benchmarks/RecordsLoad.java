// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.node.ReplicatedLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Callers that replace one record after another, 16 of them, until it is closed. */
final class RecordsLoad implements AutoCloseable {

    private static final int OUTSTANDING = 16;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final ReplicatedLog<Payload, Payload, RecordsMachine> log;
    private final LongAdder answered = new LongAdder();
    private final Semaphore ended = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    private volatile boolean closed;

    RecordsLoad(ReplicatedLog<Payload, Payload, RecordsMachine> log) {
        this.log = log;
        for (long caller = 1; caller <= OUTSTANDING; caller++) {
            submit(caller * GOLDEN);
        }
    }

    private void submit(long number) {
        if (closed || failed.get() != null) {
            ended.release();
            return;
        }
        CompletableFuture<?> unused = log.submit(RecordsMachine.replace(number >>> 1, number, number))
                .whenComplete((result, problem) -> {
                    if (problem == null) {
                        answered.increment();
                    } else {
                        failed.compareAndSet(null, problem);
                    }
                    submit(number * GOLDEN + 1);
                });
    }

    /** How many commands have been answered so far. */
    long count() {
        Throwable problem = failed.get();
        if (problem != null) {
            throw new IllegalStateException("a command failed", problem);
        }
        return answered.sum();
    }

    /** Commands per second while some time passes. */
    double rateDuring(Duration time) throws InterruptedException {
        long before = count();
        Thread.sleep(time.toMillis());
        return (count() - before) / (time.toNanos() / 1e9);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        ended.acquire(OUTSTANDING);
    }
}
