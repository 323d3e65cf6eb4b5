// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.GroupId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreMeter;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in a directory: a journal that all groups and decrees of a node share, and snapshots. What {@link #write} has
 * confirmed survives the end of the process and of the machine; what a disk damages is found when the store is opened,
 * and refused, never guessed. {@code docs/durability.md} tells what is promised and how the files look.
 *
 * <p>A directory serves one node, and one process at a time. All files are reached by way of {@link java.nio.file}, so
 * the directory may lie in any file system whose channels can be forced. A thread that is interrupted while it writes
 * closes the journal's channel, which is a failed write like any other: do not interrupt the threads of a node.
 *
 * <p>When a write fails, for whatever reason, nothing is written any more until the store is closed and opened again.
 *
 * <p>Safe for use by several threads as {@link Storage} says.
 */
public final class FileStorage implements Storage {

    private static final Logger LOG = LoggerFactory.getLogger(FileStorage.class);

    private final StoreDirectory directory;
    private final FileStorageOptions options;
    private volatile @Nullable StoreMeter meter;
    private volatile @Nullable OpenStore store;

    private FileStorage(Path path, FileStorageOptions options) {
        this.directory = new StoreDirectory(path);
        this.options = options;
    }

    /**
     * The store in a directory, with the options that are right for almost everybody. The directory is not touched before
     * the node starts; then it is created if it is missing.
     *
     * @param directory where the store is or is to be: one that is empty or missing, or that was a store of this node
     * @return the store, to be given to one node
     */
    public static FileStorage open(Path directory) {
        return open(directory, FileStorageOptions.defaults());
    }

    /**
     * The store in a directory, as {@link #open(Path)}.
     *
     * @param directory where the store is or is to be
     * @param options how it is kept
     * @return the store, to be given to one node
     */
    public static FileStorage open(Path directory, FileStorageOptions options) {
        return new FileStorage(directory, options);
    }

    @Override
    public void meter(StoreMeter newMeter) {
        meter = newMeter;
    }

    @Override
    public synchronized RecoveredState recover(StoreOwner owner) throws IOException {
        if (store != null) {
            throw new IOException(directory.path() + " is in use by a running node; close that node first, or give this"
                    + " one a directory of its own");
        }
        directory.create();
        new Recovery(directory, options).requireStoreOrNothing();
        StoreLock lock = StoreLock.take(directory);
        try {
            Recovery.Opened opened = new Recovery(directory, options).open(owner);
            store = new OpenStore(directory, options, lock, opened, meter);
            return opened.state();
        } catch (IOException | RuntimeException | Error e) {
            lock.close();
            if (e instanceof IOException problem && DiskErrors.isFull(problem)) {
                throw DiskErrors.explain(
                        directory.path() + " cannot be opened",
                        options.segmentBytes(),
                        problem,
                        "then start the node again");
            }
            throw e;
        }
    }

    @Override
    public synchronized void write(List<Write> batch) throws IOException {
        require().write(batch);
    }

    @Override
    public synchronized void idle() throws IOException {
        if (store != null) {
            store.idle();
        }
    }

    @Override
    public boolean blocks() {
        return true;
    }

    @Override
    public SnapshotWriter writeSnapshot(GroupId group, long slot) throws IOException {
        return require().snapshots().write(group, slot);
    }

    @Override
    public @Nullable SnapshotReader readSnapshot(GroupId group) throws IOException {
        return require().snapshots().read(group);
    }

    /**
     * Copies the store, as it is between two writes, while the node that has it goes on. The copy holds all that
     * {@link #write} had confirmed; it is no store that a node can be started with, but what
     * {@link Rescue} founds a new cluster on. What was acknowledged to callers before and this node has not yet heard of,
     * or has learned from others and not yet written, is not in it: let a linearizable read of each log end on this node
     * first, and then a snapshot of it. {@code docs/operations.md} tells the rest.
     * Any thread may call it; writes wait only until all files are held open.
     *
     * @param target where to put the copy: a directory that is missing or empty, better on another disk
     * @throws IOException if the store is not open or its writing has failed, if the directory holds something, or if
     *     the copy may not be durable; then there is no file {@code BACKUP} in it, and it is of no use
     */
    public void backup(Path target) throws IOException {
        StoreDirectory copy = new StoreDirectory(target);
        try (StoreBackup cut = cut()) {
            copy.create();
            if (!copy.names().isEmpty()) {
                throw new IOException(target + " holds " + copy.names()
                        + "; name a directory that is missing or empty for" + " each backup");
            }
            cut.copyTo(copy);
        }
        LOG.info("{}: backed up to {}", directory.path(), target);
    }

    private synchronized StoreBackup cut() throws IOException {
        return require().cut();
    }

    private OpenStore require() throws IOException {
        OpenStore open = store;
        if (open == null) {
            throw new IOException(directory.path() + " is not open; a node opens its store when it starts");
        }
        return open;
    }

    @Override
    public synchronized void close() throws IOException {
        OpenStore open = store;
        if (open != null) {
            store = null;
            open.close();
            LOG.info("{}: closed", directory.path());
        }
    }
}
