// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.log.SnapshotTransfer;
import io.paxos.message.LogMessage;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.replica.CapturedState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes, reads and receives snapshots, on a thread of its own. A snapshot is no vote: if one fails, the node goes on
 * with a longer log. Safe for any thread.
 */
final class SnapshotDesk {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotDesk.class);

    /** Peers that ask for more at a time ask again. */
    private static final int MAX_READS = 64;

    private static final long CLOSE_WAIT_SECONDS = 10;

    /** Hears what became of a snapshot taken here. */
    interface Taken {

        /** It ended: durable up to a slot, or with a problem. */
        void ended(@Nullable SnapshotInfo snapshot, @Nullable Throwable problem);
    }

    private record Receiving(SnapshotInfo snapshot, SnapshotWriter writer, SnapshotStreams.Out out) {}

    private final NodeId node;
    private final Storage storage;
    private final ExecutorService thread;
    private final Consumer<Event> report;
    private final Metering metering;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean closed;

    /** Both confined to the desk's thread. */
    private final Map<GroupId, Receiving> receiving = new HashMap<>();

    private final Map<GroupId, SnapshotReader> readers = new HashMap<>();

    /**
     * Nothing open at first.
     *
     * @param thread runs one task at a time, and is shut down with this desk
     * @param report takes what happened into the machine; never blocks
     * @param metering hears how snapshots end
     */
    SnapshotDesk(NodeId node, Storage storage, ExecutorService thread, Consumer<Event> report, Metering metering) {
        this.node = node;
        this.storage = storage;
        this.thread = thread;
        this.report = report;
        this.metering = metering;
    }

    /** Writes what was captured. */
    void write(GroupId group, CapturedState state, Taken taken) {
        if (!run(() -> writeNow(group, state, taken))) {
            taken.ended(null, new IOException("node " + node + " has been closed"));
        }
    }

    private void writeNow(GroupId group, CapturedState state, Taken taken) {
        SnapshotInfo info;
        try (SnapshotWriter writer = storage.writeSnapshot(group, state.slot())) {
            SnapshotStreams.Out out = new SnapshotStreams.Out(writer, () -> closed);
            state.writeTo(out);
            info = out.finish(state.slot());
            writer.commit(info);
        } catch (IOException | RuntimeException | Error e) {
            if (!closed) {
                LOG.warn(
                        "{}: no snapshot of group {} at slot {}, so its log stays longer; the next one that is due is"
                                + " tried again",
                        node,
                        group,
                        state.slot(),
                        e);
            }
            count(group, NodeMeter.SnapshotOutcome.FAILED, 0);
            taken.ended(null, e);
            return;
        }
        LOG.debug("{}: took {} of group {}", node, info, group);
        count(group, NodeMeter.SnapshotOutcome.TAKEN, info.bytes());
        report.accept(new Event.SnapshotStored(group, info));
        taken.ended(info, null);
    }

    /** Reads a part for a peer, unless too many wait already. */
    void read(Effect.ReadChunk read) {
        if (reads.incrementAndGet() > MAX_READS || !run(() -> readNow(read))) {
            reads.decrementAndGet();
        }
    }

    private void readNow(Effect.ReadChunk read) {
        reads.decrementAndGet();
        LogMessage.SnapshotRequest request = read.request();
        try {
            SnapshotReader reader = reader(read.group(), request.snapshot());
            if (reader == null) {
                return;
            }
            boolean wanted = reader.info().equals(request.snapshot());
            long offset = wanted ? request.offset() : 0;
            byte[] part = new byte
                    [(int) Math.max(
                            0, Math.min(request.maxBytes(), reader.info().bytes() - offset))];
            if (part.length == 0) {
                return;
            }
            ByteBuffer buffer = ByteBuffer.wrap(part);
            while (buffer.hasRemaining()) {
                if (reader.read(offset + buffer.position(), buffer) < 0) {
                    throw new IOException(reader.info() + " ends too early");
                }
            }
            Payload bytes = Payload.wrap(part);
            report.accept(new Event.ChunkRead(
                    read.group(),
                    read.to(),
                    new LogMessage.SnapshotChunk(reader.info(), offset, SnapshotTransfer.checksum(bytes), bytes)));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: the snapshot of group {} cannot be read for {}", node, read.group(), read.to(), e);
            closeQuietly(readers.remove(read.group()));
        }
    }

    /** The snapshot asked for, if it is open still, or else the newest. */
    private @Nullable SnapshotReader reader(GroupId group, @Nullable SnapshotInfo wanted) throws IOException {
        SnapshotReader open = readers.get(group);
        if (open != null && open.info().equals(wanted)) {
            return open;
        }
        SnapshotReader newest = storage.readSnapshot(group);
        if (newest == null) {
            return null;
        }
        closeQuietly(readers.put(group, newest));
        return newest;
    }

    /** Stores a part that a peer has sent. */
    void store(Effect.StoreChunk store) {
        if (!run(() -> storeNow(store.group(), store.chunk()))) {
            LOG.debug("{}: closed while receiving a snapshot of group {}", node, store.group());
        }
    }

    private void storeNow(GroupId group, LogMessage.SnapshotChunk chunk) {
        try {
            Receiving current = chunk.offset() == 0 ? begin(group, chunk.snapshot()) : receiving.get(group);
            if (current == null || !current.snapshot.equals(chunk.snapshot())) {
                throw new IOException("a part of " + chunk.snapshot() + " came after it had been given up");
            }
            current.out.write(chunk.bytes().unwrap(), 0, chunk.bytes().size());
            if (chunk.end() < chunk.snapshot().bytes()) {
                report.accept(new Event.ChunkStored(group, chunk.snapshot(), chunk.end()));
                return;
            }
            current.out.finish(chunk.snapshot().slot());
            current.writer.commit(chunk.snapshot());
            abandonNow(group);
            LOG.info("{}: received {} of group {}", node, chunk.snapshot(), group);
            count(group, NodeMeter.SnapshotOutcome.RECEIVED, chunk.snapshot().bytes());
            report.accept(new Event.SnapshotStored(group, chunk.snapshot()));
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                LOG.warn("{}: receiving {} of group {} failed; it begins anew", node, chunk.snapshot(), group, e);
            }
            abandonNow(group);
            count(group, NodeMeter.SnapshotOutcome.FAILED, 0);
            report.accept(new Event.SnapshotFailed(group, e.toString()));
        }
    }

    private Receiving begin(GroupId group, SnapshotInfo snapshot) throws IOException {
        abandonNow(group);
        SnapshotWriter writer = storage.writeSnapshot(group, snapshot.slot());
        Receiving begun = new Receiving(snapshot, writer, new SnapshotStreams.Out(writer, () -> closed));
        receiving.put(group, begun);
        return begun;
    }

    /** Throws away what has been received so far. */
    void abandon(GroupId group) {
        if (!run(() -> abandonNow(group))) {
            LOG.debug("{}: closed while giving up a snapshot of group {}", node, group);
        }
    }

    /**
     * A log is closed: gives up what is under way of it.
     *
     * @param then run once, when nothing of it is written, read or reported any more
     */
    void forget(GroupId group, Runnable then) {
        boolean isRun = run(() -> {
            abandonNow(group);
            closeQuietly(readers.remove(group));
            then.run();
        });
        if (!isRun) {
            then.run();
        }
    }

    private void abandonNow(GroupId group) {
        Receiving given = receiving.remove(group);
        if (given != null) {
            closeQuietly(given.writer);
        }
    }

    private void count(GroupId group, NodeMeter.SnapshotOutcome outcome, long bytes) {
        if (metering.isOn()) {
            metering.tell(meter -> meter.snapshotEnded(group, outcome, bytes));
        }
    }

    private void closeQuietly(@Nullable AutoCloseable open) {
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (Exception e) {
            LOG.warn("{}: a snapshot could not be closed", node, e);
        }
    }

    private boolean run(Runnable task) {
        try {
            thread.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Gives up everything under way, and waits until the store is not used any more. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        run(() -> {
            receiving.values().forEach(given -> closeQuietly(given.writer));
            readers.values().forEach(this::closeQuietly);
            receiving.clear();
            readers.clear();
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{}: a snapshot does not come to an end; closing without it", node);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
