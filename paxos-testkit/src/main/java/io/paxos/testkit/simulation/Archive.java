// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.log.SnapshotTransfer;
import io.paxos.message.LogMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.replica.CapturedState;
import io.paxos.testkit.check.StoredSnapshot;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.coverage.Mark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of one start of one node on the way to and from its store: one thing at a time, each after a while. A
 * crash loses what is under way, unless it was just about to become durable: then the store holds it, though the node
 * never heard.
 */
final class Archive {

    /** Peers that ask for more at a time ask again. */
    private static final int MOST_READS = 16;

    /** Three of one transfer, as many of one that was given up just before, and one more. */
    private static final int MOST_PARTS_WAITING = 7;

    /** So much longer than a write to the log a snapshot takes to be written. */
    private static final int WRITE_FACTOR = 10;

    /** Something that takes a while. */
    private interface Task {
        void end();

        /** The node crashes while this is under way. */
        default void crash() {}
    }

    private record Waiting(Task task, long delay) {}

    /** What has been received of a snapshot so far. */
    private record Receiving(SnapshotInfo info, ByteArrayOutputStream bytes, Endpoint sender) {}

    private final World world;
    private final Host host;
    private final RandomGenerator random;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Map<GroupId, Receiving> receiving = new HashMap<>();
    private final Map<GroupId, StoredSnapshot> open = new HashMap<>();
    private final Set<GroupId> received = new HashSet<>();
    private final Map<GroupId, Long> unstored = new HashMap<>();
    private int reads;
    private boolean failNextWrite;

    Archive(World world, Host host, RandomGenerator random) {
        this.world = world;
        this.host = host;
        this.random = random;
    }

    /** Lets the next snapshot that is written fail. */
    void failNextWrite() {
        failNextWrite = true;
    }

    void mend() {
        failNextWrite = false;
    }

    private void await(Task task, long mean) {
        waiting.add(new Waiting(task, Draw.exponential(random, mean)));
        if (waiting.size() == 1) {
            begin();
        }
    }

    private void begin() {
        // As fast as the disk is now: what waited while it was slow is not slow for that.
        long delay = waiting.element().delay * host.disk().factor();
        world.timeline().after(delay, host, this::end);
    }

    private void end() {
        Task task = waiting.element().task;
        task.end();
        waiting.remove();
        if (!waiting.isEmpty()) {
            begin();
        }
    }

    void crash() {
        if (!waiting.isEmpty()) {
            waiting.element().task.crash();
        }
    }

    /** What a node hears of its snapshots it hears a little later; a crash may come first. */
    private void tell(Event event, @Nullable Runnable also) {
        long delay = Draw.exponential(random, world.disks().meanDelay());
        world.timeline().after(delay, host, () -> {
            host.step(event);
            if (also != null) {
                also.run();
            }
        });
    }

    private boolean writeFails() {
        boolean fails = failNextWrite || host.isFull();
        failNextWrite = false;
        if (fails) {
            world.coverage().count(Mark.SNAPSHOT_WRITE_FAILURE);
        }
        return fails;
    }

    /** Writes what was captured, while commands go on. */
    void write(GroupId group, CapturedState state, Runnable ended) {
        await(
                new Task() {
                    @Override
                    public void end() {
                        if (writeFails()) {
                            ended.run();
                        } else {
                            SnapshotInfo info = commit(group, state);
                            world.coverage().count(Mark.SNAPSHOT_TAKEN);
                            tell(new Event.SnapshotStored(group, info), ended);
                        }
                    }

                    @Override
                    public void crash() {
                        if (Draw.chance(random, 0.3)) {
                            commit(group, state);
                            world.coverage().count(Mark.SNAPSHOT_UNHEARD);
                        } else {
                            world.coverage().count(Mark.SNAPSHOT_UNWRITTEN);
                        }
                    }
                },
                WRITE_FACTOR * world.disks().meanDelay());
    }

    private SnapshotInfo commit(GroupId group, CapturedState state) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            state.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        Payload bytes = Payload.wrap(out.toByteArray());
        SnapshotInfo info = new SnapshotInfo(state.slot(), bytes.size(), SnapshotTransfer.checksum(bytes));
        commit(group, info, bytes);
        return info;
    }

    private void commit(GroupId group, SnapshotInfo info, Payload bytes) {
        world.trace().add(world.now(), Trace.Kind.DURABLE, host.name(), group + " " + info);
        world.judge().stored(host, group, new StoredSnapshot(info, bytes));
    }

    /** Reads a part for a peer, unless too many wait already. */
    void read(Effect.ReadChunk read) {
        if (reads < MOST_READS) {
            reads++;
            await(() -> readNow(read), world.disks().meanDelay() / 4);
        }
    }

    private void readNow(Effect.ReadChunk read) {
        reads--;
        LogMessage.SnapshotRequest request = read.request();
        StoredSnapshot snapshot = open.get(read.group());
        if (snapshot == null || !snapshot.info().equals(request.snapshot())) {
            snapshot = host.durable().snapshot(read.group());
            if (snapshot == null) {
                return;
            }
            open.put(read.group(), snapshot);
        }
        long offset = snapshot.info().equals(request.snapshot()) ? request.offset() : 0;
        long end = Math.min(offset + request.maxBytes(), snapshot.info().bytes());
        if (end <= offset) {
            return;
        }
        if (!snapshot.isReadable(offset, end)) {
            world.coverage().count(Mark.SNAPSHOT_UNREADABLE);
            open.remove(read.group());
            return;
        }
        Payload part = Payload.wrap(Arrays.copyOfRange(snapshot.bytes().unwrap(), (int) offset, (int) end));
        world.coverage().count(Mark.SNAPSHOT_PART);
        host.step(new Event.ChunkRead(
                read.group(),
                read.to(),
                new LogMessage.SnapshotChunk(snapshot.info(), offset, SnapshotTransfer.checksum(part), part)));
    }

    /** Stores a part that a peer has sent. */
    void store(Effect.StoreChunk store, Endpoint sender) {
        GroupId group = store.group();
        LogMessage.SnapshotChunk chunk = store.chunk();
        long waitingBytes = unstored.merge(group, (long) chunk.bytes().size(), Long::sum);
        if (waitingBytes > MOST_PARTS_WAITING * (long) world.scenario().config().messageBytes()) {
            throw new Violation(
                    "few parts of a snapshot wait to be stored",
                    host.name() + " has taken in " + waitingBytes + " bytes of snapshots of " + group
                            + " that are not stored yet, and takes in " + chunk);
        }
        await(
                new Task() {
                    @Override
                    public void end() {
                        unstored.merge(group, -(long) chunk.bytes().size(), Long::sum);
                        storeNow(group, chunk, sender);
                    }

                    @Override
                    public void crash() {
                        if (Draw.chance(random, 0.5)) {
                            storeUnheard(group, chunk, sender);
                        }
                    }
                },
                world.disks().meanDelay() / 4);
    }

    private void storeNow(GroupId group, LogMessage.SnapshotChunk chunk, Endpoint sender) {
        Receiving current = receiving.get(group);
        if (chunk.offset() == 0 && current != null) {
            world.coverage().count(Mark.TRANSFER_RESTARTED);
        } else if (chunk.offset() > 0 && current != null && !current.sender.equals(sender)) {
            world.coverage().count(Mark.TRANSFER_RESUMED);
        }
        boolean whole;
        try {
            whole = complete(group, chunk, sender);
        } catch (IOException e) {
            receiving.remove(group);
            host.step(new Event.SnapshotFailed(group, String.valueOf(e.getMessage())));
            return;
        }
        if (whole) {
            received.add(group);
            world.coverage().count(Mark.SNAPSHOT_RECEIVED);
            tell(new Event.SnapshotStored(group, chunk.snapshot()), null);
        } else {
            host.step(new Event.ChunkStored(group, chunk.snapshot(), chunk.end()));
        }
    }

    private void storeUnheard(GroupId group, LogMessage.SnapshotChunk chunk, Endpoint sender) {
        try {
            if (complete(group, chunk, sender)) {
                world.coverage().count(Mark.SNAPSHOT_UNHEARD);
            }
        } catch (IOException e) {
            world.trace().add(world.now(), Trace.Kind.NOTE, host.name(), String.valueOf(e.getMessage()));
        }
    }

    /** Adds a part; true if that makes the snapshot whole, which is durable then. */
    private boolean complete(GroupId group, LogMessage.SnapshotChunk chunk, Endpoint sender) throws IOException {
        Receiving current = chunk.offset() == 0
                ? new Receiving(chunk.snapshot(), new ByteArrayOutputStream(), sender)
                : receiving.get(group);
        if (writeFails()) {
            throw new IOException("no space is left on the simulated disk");
        }
        if (current == null || !current.info.equals(chunk.snapshot()) || current.bytes.size() != chunk.offset()) {
            throw new IOException("a part of " + chunk.snapshot() + " came after it had been given up");
        }
        current.bytes.writeBytes(chunk.bytes().unwrap());
        receiving.put(group, new Receiving(current.info, current.bytes, sender));
        if (chunk.end() < chunk.snapshot().bytes()) {
            return false;
        }
        receiving.remove(group);
        Payload bytes = Payload.wrap(current.bytes.toByteArray());
        if (bytes.size() != chunk.snapshot().bytes()
                || SnapshotTransfer.checksum(bytes) != chunk.snapshot().checksum()) {
            throw new IOException(chunk.snapshot() + " does not have the bytes it should have");
        }
        commit(group, chunk.snapshot(), bytes);
        return true;
    }

    /** Throws away what has been received so far. */
    void abandon(GroupId group) {
        await(() -> receiving.remove(group), 0);
    }

    /** A log is closed: what has been received of it is thrown away, and somebody is told when nothing of it is under way. */
    void forget(GroupId group, Runnable then) {
        await(
                () -> {
                    receiving.remove(group);
                    open.remove(group);
                    received.remove(group);
                    then.run();
                },
                0);
    }

    /** Whether the newest snapshot of a log came from a peer, since this start of the node. */
    boolean hasReceived(GroupId group) {
        return received.contains(group);
    }
}
