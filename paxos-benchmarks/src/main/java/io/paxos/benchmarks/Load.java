package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.node.ReplicatedLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Callers that never wait: a number of commands is outstanding at any time, for each that is answered the next is
 * submitted at once.
 */
final class Load {

    /** What a while of it came to. */
    record Result(double commandsPerSecond, long commands, Latencies latencies) {}

    private final ReplicatedLog<Payload, Payload, ?> log;
    private final Payload command;
    private final Latencies latencies = new Latencies();
    private final Semaphore ended = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    private final long end;

    private Load(ReplicatedLog<Payload, Payload, ?> log, int commandBytes, Duration time) {
        this.log = log;
        this.command = Payload.wrap(new byte[commandBytes]);
        this.end = System.nanoTime() + time.toNanos();
    }

    /** Keeps commands outstanding for a while, and waits for the last answers. */
    static Result run(ReplicatedLog<Payload, Payload, ?> log, int commandBytes, int outstanding, Duration time)
            throws InterruptedException {
        Load load = new Load(log, commandBytes, time);
        long begun = System.nanoTime();
        for (int i = 0; i < outstanding; i++) {
            load.submit();
        }
        load.ended.acquire(outstanding);
        double seconds = (System.nanoTime() - begun) / 1e9;
        Throwable problem = load.failed.get();
        if (problem != null) {
            throw new IllegalStateException("a command failed, so nothing has been measured", problem);
        }
        int count = load.latencies.count();
        return new Result(count / seconds, count, load.latencies);
    }

    private void submit() {
        long asked = System.nanoTime();
        if (asked >= end) {
            ended.release();
            return;
        }
        CompletableFuture<?> unused = log.submit(command).whenComplete((result, problem) -> {
            if (problem != null) {
                failed.compareAndSet(null, problem);
                ended.release();
                return;
            }
            latencies.add(System.nanoTime() - asked);
            submit();
        });
    }
}
