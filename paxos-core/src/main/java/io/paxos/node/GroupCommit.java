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
 * messages that waited for it are sent. After a failed write nothing is written or sent any more, for a force that
 * failed cannot be retried as if nothing were lost. Confined to the loop, but for the write itself where a writer is given.
 */
final class GroupCommit {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /** From here on the store is behind, and nothing bulky is taken in until it has caught up (rule 18). */
    private static final long BEHIND_BYTES = 64L << 20;

    private final NodeId node;
    private final StoreGate store;
    private final Outbox outbox;
    private final @Nullable Executor writer;
    private final Executor loop;

    private List<Write> writes = new ArrayList<>();
    private List<Envelope> waiting = new ArrayList<>();
    private long waitingBytes;
    private boolean writing;
    private boolean failed;

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
        if (writing) {
            for (Write write : persist.writes()) {
                waitingBytes += weight(write);
            }
        }
    }

    /** Writes what waits, or leaves it for when the write in progress has returned. */
    void flush() {
        if (writing || failed || (writes.isEmpty() && waiting.isEmpty())) {
            return;
        }
        List<Write> batch = writes;
        List<Envelope> after = waiting;
        writes = new ArrayList<>();
        waiting = new ArrayList<>();
        waitingBytes = 0;
        if (batch.isEmpty()) {
            // All earlier writes have returned, so there is nothing to wait for.
            after.forEach(outbox::send);
        } else if (writer == null) {
            finish(after, write(batch));
        } else {
            writing = true;
            hand(writer, batch, after);
        }
    }

    private void hand(Executor to, List<Write> batch, List<Envelope> after) {
        try {
            to.execute(() -> {
                Throwable problem = write(batch);
                loop.execute(() -> finish(after, problem));
            });
        } catch (RejectedExecutionException e) {
            // The node was closed without this thread, which hung.
            abandon();
        }
    }

    /** Whether so much waits for the store that values should be turned away. */
    boolean isBehind() {
        return waitingBytes > BEHIND_BYTES;
    }

    /** Writes and sends nothing any more, neither what waits nor what comes. */
    void abandon() {
        failed = true;
        writes = List.of();
        waiting = List.of();
        waitingBytes = 0;
    }

    private @Nullable Throwable write(List<Write> batch) {
        try {
            store.write(batch);
            return null;
        } catch (IOException | RuntimeException | Error e) {
            return e;
        }
    }

    private void finish(List<Envelope> after, @Nullable Throwable problem) {
        writing = false;
        if (failed) {
            return;
        }
        if (store.isShut()) {
            abandon();
            return;
        }
        if (problem == null) {
            after.forEach(outbox::send);
            return;
        }
        LOG.error("{}: a write to the store failed; this node votes no more until it is restarted", node, problem);
        abandon();
        outbox.report(new Event.WriteFailed(problem.toString()));
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
