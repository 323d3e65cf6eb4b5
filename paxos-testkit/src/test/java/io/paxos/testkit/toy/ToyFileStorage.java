// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.toy;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreContents;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A storage that is as small as a sound one can be, and as wrong as one likes: the contract is tried on it. It keeps one
 * journal of a fixed size, an identity, and a file for each snapshot.
 */
public final class ToyFileStorage implements Storage {

    private static final String IDENTITY = "identity";
    private static final String LOCK = "lock";
    private static final byte START = 1;
    private static final byte CLOSED = 2;
    private static final byte WRITTEN = 3;

    private final ToyFiles files;
    private ToySnapshots snapshots;
    private FileChannel lock;
    private ToyJournal journal;
    private boolean failed;

    public ToyFileStorage(Path directory, Set<ToyFault> faults) {
        files = new ToyFiles(directory, faults);
        snapshots = new ToySnapshots(files);
    }

    @Override
    public RecoveredState recover(StoreOwner owner) throws IOException {
        files.createDirectory();
        lock();
        try {
            return recoverLocked(owner);
        } catch (IOException e) {
            release();
            throw e;
        }
    }

    private RecoveredState recoverLocked(StoreOwner owner) throws IOException {
        removeTemporaries();
        if (!files.has(ToyFault.RENAMED_NOT_MADE_SURE)) {
            files.forceDirectory();
        }
        Incarnation incarnation = identity(owner);
        snapshots = new ToySnapshots(files);
        snapshots.load();
        journal = ToyJournal.open(files);
        StoreContents contents = new StoreContents();
        long start = 1;
        List<Write> writes = new ArrayList<>();
        for (List<byte[]> batch : journal.replay()) {
            for (byte[] payload : batch) {
                DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload));
                byte kind = in.readByte();
                if (kind == START) {
                    start = in.readLong() + 1;
                } else if (kind == WRITTEN) {
                    writes.add(ToyCodec.write(in));
                }
            }
        }
        if (!files.has(ToyFault.START_NOT_WRITTEN)) {
            journal.append(
                    List.of(ByteBuffer.allocate(9).put(START).putLong(start).array()));
        }
        forgotten(writes).forEach(contents::apply);
        for (GroupId group : contents.groups()) {
            SnapshotInfo info = snapshots.info(group);
            if (contents.compacted(group) > 0 && (info == null || info.slot() < contents.compacted(group))) {
                throw files.damaged(
                        ToyJournal.NAME,
                        0,
                        "log " + group + " is trimmed to " + contents.compacted(group)
                                + ", but its snapshot is gone or too old");
            }
        }
        failed = false;
        return resurrected(contents.recovered(incarnation, start, snapshots::info), writes);
    }

    private void lock() throws IOException {
        if (lock != null) {
            throw inUse(null);
        }
        FileChannel channel = FileChannel.open(files.path(LOCK), CREATE, WRITE);
        if (files.has(ToyFault.NO_LOCK)) {
            lock = channel;
            return;
        }
        try {
            FileLock taken = channel.tryLock();
            if (taken == null) {
                throw inUse(null);
            }
            lock = channel;
        } catch (OverlappingFileLockException e) {
            throw inUse(e);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private IOException inUse(Throwable cause) {
        return new IOException(files.path(LOCK) + " is held: the store is in use; stop the node that uses it", cause);
    }

    private void release() throws IOException {
        if (journal != null) {
            journal.close();
            journal = null;
        }
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    private void removeTemporaries() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(files.directory(), "*.tmp")) {
            for (Path path : all) {
                Files.delete(path);
            }
        }
    }

    private Incarnation identity(StoreOwner owner) throws IOException {
        boolean known = Files.exists(files.path(IDENTITY));
        boolean written = ToyJournal.exists(files);
        if (known && !written && !files.has(ToyFault.MISSING_JOURNAL_IS_FRESH)) {
            throw files.damaged(ToyJournal.NAME, 0, "the file is missing");
        }
        if (!known && ((written && !ToyJournal.isEmpty(files)) || ToySnapshots.any(files))) {
            throw files.damaged(IDENTITY, 0, "the file is missing");
        }
        if (!written) {
            ToyJournal.create(files);
        }
        if (!known) {
            Incarnation incarnation = new Incarnation(new SecureRandom().nextLong() | 1);
            ByteArrayOutputStream buffer = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(buffer);
            out.writeLong(incarnation.bits());
            out.writeUTF(owner.cluster().name());
            out.writeUTF(owner.node().name());
            out.writeLong(checksum(buffer.toByteArray(), buffer.size()));
            files.create(IDENTITY, ByteBuffer.wrap(buffer.toByteArray()), 0);
            return incarnation;
        }
        byte[] bytes = Files.readAllBytes(files.path(IDENTITY));
        if (bytes.length < 8 || ByteBuffer.wrap(bytes).getLong(bytes.length - 8) != checksum(bytes, bytes.length - 8)) {
            throw files.damaged(IDENTITY, 0, "the identity is damaged");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        Incarnation incarnation = new Incarnation(in.readLong());
        StoreOwner of = new StoreOwner(new ClusterName(in.readUTF()), new NodeId(in.readUTF()));
        if (!of.equals(owner) && !files.has(ToyFault.SERVES_ANYBODY)) {
            throw new IOException(files.path(IDENTITY) + ": the store belongs to " + of + ", not to " + owner
                    + "; give each node a directory of its own");
        }
        return files.has(ToyFault.IDENTITY_DRAWN_AGAIN)
                ? new Incarnation(new SecureRandom().nextLong() | 1)
                : incarnation;
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return checksum.getValue();
    }

    private List<Write> forgotten(List<Write> writes) {
        Map<GroupId, Integer> lastTrim = new HashMap<>();
        Set<GroupId> groups = new HashSet<>();
        List<Write> kept = new ArrayList<>();
        for (int i = 0; i < writes.size(); i++) {
            if (writes.get(i) instanceof Write.TrimWrite trim) {
                lastTrim.put(trim.group(), i);
            }
        }
        for (int i = 0; i < writes.size(); i++) {
            Write write = writes.get(i);
            if (write instanceof Write.PromiseWrite promise) {
                groups.add(promise.group());
                boolean lost = i < lastTrim.getOrDefault(promise.group(), 0);
                if ((lost && files.has(ToyFault.TRIM_LOWERS_PROMISE))
                        || (groups.size() > 100 && files.has(ToyFault.FORGETS_GROUPS))) {
                    continue;
                }
            }
            kept.add(write);
        }
        return kept;
    }

    private RecoveredState resurrected(RecoveredState state, List<Write> writes) {
        if (!files.has(ToyFault.DECREE_RESURRECTED)) {
            return state;
        }
        Map<DecreeName, Write.DecreeWrite> open = new HashMap<>(state.decrees());
        Map<DecreeName, Payload> decided = new HashMap<>(state.decided());
        for (Write write : writes) {
            if (write instanceof Write.DecreeWrite w) {
                open.put(w.name(), w);
                decided.remove(w.name());
            } else if (write instanceof Write.DecreeDecidedWrite w) {
                open.remove(w.name());
                decided.put(w.name(), w.value());
            }
        }
        return new RecoveredState(
                state.incarnation(),
                state.start(),
                state.formation(),
                state.peerStarts(),
                state.groups(),
                open,
                decided,
                state.registers());
    }

    @Override
    public void write(List<Write> batch) throws IOException {
        if (journal == null) {
            throw new IOException(files.directory() + " is not open; open it before writing");
        }
        if (failed) {
            throw new IOException(files.directory() + ": a write has failed; open the store again");
        }
        if (batch.isEmpty()) {
            return;
        }
        List<byte[]> payloads = new ArrayList<>();
        for (Write write : batch) {
            ByteArrayOutputStream buffer = new ByteArrayOutputStream();
            buffer.write(WRITTEN);
            ToyCodec.put(new DataOutputStream(buffer), write);
            payloads.add(buffer.toByteArray());
        }
        boolean done = false;
        try {
            journal.append(payloads);
            done = true;
        } finally {
            failed = !done && !files.has(ToyFault.GOES_ON_AFTER_FAILURE);
        }
    }

    @Override
    public SnapshotWriter writeSnapshot(GroupId group, long slot) throws IOException {
        return snapshots.write(group, slot);
    }

    @Override
    public SnapshotReader readSnapshot(GroupId group) throws IOException {
        return snapshots.read(group);
    }

    @Override
    public void close() throws IOException {
        try {
            if (journal != null && !failed) {
                journal.append(List.of(new byte[] {CLOSED}));
            }
        } finally {
            release();
        }
    }
}
