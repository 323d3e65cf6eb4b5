// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import io.aeron.cluster.client.AeronCluster;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A session with the leader, and the thread that owns it, as a session belongs to one thread: it offers what is
 * submitted, polls for answers, and completes the futures. One session's commands are answered in their order.
 */
final class AeronCaller implements AutoCloseable {

    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Submitted(byte[] command, CompletableFuture<Void> answered) {}

    private final AeronCluster session;
    private final Queue<Submitted> submitted = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean closed;
    private long offered;
    private long answered;

    AeronCaller(String aeronDirectory) {
        session = AeronCluster.connect(new AeronCluster.Context()
                .aeronDirectoryName(aeronDirectory)
                .ingressChannel("aeron:ipc?term-length=1m")
                .egressChannel("aeron:ipc?term-length=1m")
                .egressListener((sessionId, timestamp, buffer, offset, length, header) ->
                        answered(buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN))));
        thread = new Thread(this::run, "aeron-caller");
        thread.start();
    }

    CompletableFuture<Void> submit(byte[] command) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        submitted.add(new Submitted(command, future));
        return future;
    }

    private void run() {
        IdleStrategy idle = new BackoffIdleStrategy();
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
        long keptAlive = System.nanoTime();
        while (!closed) {
            int work = session.pollEgress();
            for (Submitted next = submitted.peek(); next != null && offer(buffer, next); next = submitted.peek()) {
                submitted.remove();
                work++;
            }
            if (System.nanoTime() - keptAlive > KEEP_ALIVE_NANOS && session.sendKeepAlive()) {
                keptAlive = System.nanoTime();
            }
            idle.idle(work);
        }
        session.close();
    }

    /** Whether there was room for it. */
    private boolean offer(UnsafeBuffer buffer, Submitted next) {
        byte[] numbered = next.command().clone();
        buffer.wrap(numbered);
        buffer.putLong(0, offered, ByteOrder.LITTLE_ENDIAN);
        if (session.offer(buffer, 0, numbered.length) < 0) {
            return false;
        }
        offered++;
        waiting.add(next.answered());
        return true;
    }

    private void answered(long number) {
        if (number != answered) {
            throw new IllegalStateException(
                    "Aeron Cluster answered command " + number + " where " + answered + " was next");
        }
        answered++;
        waiting.remove().complete(null);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
