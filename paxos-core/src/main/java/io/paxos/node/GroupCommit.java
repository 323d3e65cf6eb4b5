// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.message.Envelope;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes votes durable before they leave: everything that waits goes into one write, and only when that returns, the
 * messages that waited for it are sent. The writer goes on with what has gathered meanwhile without asking the loop, so
 * that the device does not rest while somebody waits for it. Writes that only restate what a quorum holds, such as how
 * far slots are decided, join the next that somebody does wait for, instead of costing a force of their own and making
 * the next vote wait for that; when none comes they are written after a while. After a failed write nothing is written or
 * sent any more, for a force that failed cannot be retried as if nothing were lost. Confined to the loop, but for the
 * writes themselves where a writer is given.
 */
final class GroupCommit {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /** From here on the store is behind, and nothing bulky is taken in until it has caught up (rule 18). */
    private static final long BEHIND_BYTES = 64L << 20;

    /** So much more for votes and answers than for values. */
    private static final long FULL_BYTES = 2 * BEHIND_BYTES;

    /** About what a message takes that waits, besides what it says. */
    private static final long MESSAGE_BYTES = 128;

    /** So many ticks, and so many bytes, may wait for a write that somebody waits for. */
    private static final int LINGER_TICKS = 2;

    private static final long LINGER_BYTES = 256 << 10;

    /** Waiting for more votes may lengthen a write by this part, if that is so long that a clock can measure it. */
    private static final int PATIENCE_DIVISOR = 8;

    private static final long MIN_PATIENCE_NANOS = 20_000;
    private static final long MAX_PATIENCE_NANOS = 1_000_000;

    private final NodeId node;
    private final StoreGate store;
    private final Outbox outbox;
    private final @Nullable Executor writer;
    private final Executor loop;
    private final WriteQueue handed = new WriteQueue();

    private List<Write> writes = new ArrayList<>();
    private List<Envelope> waiting = new ArrayList<>();
    private long gatheredBytes;
    private boolean urgent;
    private int lingered;
    private int unfinished;
    private boolean failed;

    /** Confined to the writer, whose tasks run one after another. */
    private long lastWriteNanos;

    /**
     * Nothing waits at first.
     *
     * @param store where to write; once it is shut, this ends by itself
     * @param writer runs the writes one after another, or null if they are to run on the loop
     * @param loop runs a task on the loop
     */
    GroupCommit(NodeId node, StoreGate store, Outbox outbox, @Nullable Executor writer, Executor loop) {
        this.node = node;
        this.store = store;
        this.outbox = outbox;
        this.writer = writer;
        this.loop = loop;
    }

    /** Lets a write, and the messages that wait for it, join the next batch. */
    void add(Effect.Persist persist) {
        if (failed) {
            return;
        }
        writes.addAll(persist.writes());
        waiting.addAll(persist.afterDurable());
        urgent |= !persist.afterDurable().isEmpty();
        for (Envelope message : persist.afterDurable()) {
            gatheredBytes += MESSAGE_BYTES + message.message().weight();
        }
        for (Write write : persist.writes()) {
            gatheredBytes += weight(write);
            urgent |= !restates(write);
        }
    }

    /** Whether a write says only what others hold: were it lost in a crash, it would be learned again. */
    private static boolean restates(Write write) {
        return write instanceof Write.DecidedWrite
                || write instanceof Write.LearnWrite
                || write instanceof Write.TrimWrite
                || write instanceof Write.DecreeDecidedWrite;
    }

    /** A tick has passed; what has lingered for long enough goes with the next {@link #flush}. */
    void tick() {
        if (!writes.isEmpty()) {
            lingered++;
        }
    }

    /** Writes what somebody waits for, or what has waited for long; at once, or when the write in progress has returned. */
    void flush() {
        if (failed || !isDue()) {
            return;
        }
        WriteQueue.Batch batch = new WriteQueue.Batch(writes, waiting, gatheredBytes);
        writes = new ArrayList<>();
        waiting = new ArrayList<>();
        gatheredBytes = 0;
        urgent = false;
        lingered = 0;
        if (batch.writes().isEmpty() && unfinished == 0) {
            // All earlier writes have returned, so there is nothing to wait for.
            send(batch);
        } else if (writer == null) {
            finish(batch, write(batch));
        } else {
            unfinished++;
            if (handed.add(batch)) {
                wake(writer);
            }
        }
    }

    private void wake(Executor to) {
        try {
            to.execute(this::writeHanded);
        } catch (RejectedExecutionException e) {
            // The node was closed without this thread, which hung.
            abandon();
        }
    }

    private boolean isDue() {
        return urgent || lingered >= LINGER_TICKS || gatheredBytes >= LINGER_BYTES;
    }

    /** About how many bytes the writer has not taken yet. Any thread. */
    long handedBytes() {
        return handed.bytes();
    }

    /** Whether so much waits for the store that values should be turned away. */
    boolean isBehind() {
        return gatheredBytes + handed.bytes() > BEHIND_BYTES;
    }

    /**
     * Whether so much waits that nothing at all should be taken in that could add to it: a store that hangs does not keep
     * peers from asking again and again, and each answer waits for what was written before.
     */
    boolean isFull() {
        return gatheredBytes + handed.bytes() > FULL_BYTES;
    }

    /** Writes and sends nothing any more, neither what waits nor what comes. */
    void abandon() {
        failed = true;
        writes = List.of();
        waiting = List.of();
        gatheredBytes = 0;
        handed.abandon();
    }

    /** Runs on the writer, until nothing waits or a write fails. */
    private void writeHanded() {
        @Nullable Throwable last = null;
        for (WriteQueue.Batch batch = take(); batch != null; batch = take()) {
            WriteQueue.Batch written = batch;
            long begun = System.nanoTime();
            Throwable problem = write(batch);
            lastWriteNanos = System.nanoTime() - begun;
            if (problem != null) {
                // Before the loop hears of it: nothing may be written behind what may be missing.
                handed.abandon();
            }
            loop.execute(() -> {
                unfinished -= written.parts();
                finish(written, problem);
            });
            last = problem;
        }
        if (last == null) {
            rest();
        }
    }

    /** Nobody waits for what the store does now; but if it fails, nothing may be written behind it. */
    private void rest() {
        try {
            store.idle();
        } catch (IOException | RuntimeException | Error e) {
            handed.abandon();
            loop.execute(() -> finish(WriteQueue.Batch.NOTHING, e));
        }
    }

    private WriteQueue.@Nullable Batch take() {
        long patience = Math.min(MAX_PATIENCE_NANOS, lastWriteNanos / PATIENCE_DIVISOR);
        return handed.take(patience < MIN_PATIENCE_NANOS ? 0 : patience);
    }

    private @Nullable Throwable write(WriteQueue.Batch batch) {
        try {
            store.write(batch.writes());
            return null;
        } catch (IOException | RuntimeException | Error e) {
            return e;
        }
    }

    private void finish(WriteQueue.Batch batch, @Nullable Throwable problem) {
        if (failed) {
            return;
        }
        if (store.isShut()) {
            abandon();
            return;
        }
        if (problem == null) {
            send(batch);
            return;
        }
        LOG.error("{}: a write to the store failed; this node votes no more until it is restarted", node, problem);
        abandon();
        outbox.report(new Event.WriteFailed(problem.toString()));
    }

    private void send(WriteQueue.Batch batch) {
        batch.afterDurable().forEach(outbox::send);
        outbox.flush();
    }

    private static long weight(Write write) {
        if (write instanceof Write.AcceptWrite accept) {
            return weight(accept.values());
        }
        if (write instanceof Write.LearnWrite learn) {
            return weight(learn.values());
        }
        if (write instanceof Write.DecreeDecidedWrite decided) {
            return 128L + decided.value().size();
        }
        if (write instanceof Write.DecreeWrite decree && decree.accepted() != null) {
            return 128L + decree.accepted().value().size();
        }
        if (write instanceof Write.RegisterWrite register && register.accepted() != null) {
            return 128L + register.accepted().value().size();
        }
        return 128;
    }

    private static long weight(List<Value> values) {
        long sum = 128;
        for (Value value : values) {
            sum += value.weight();
        }
        return sum;
    }
}
