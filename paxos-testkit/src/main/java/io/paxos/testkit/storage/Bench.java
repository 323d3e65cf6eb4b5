// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.model.GroupId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import io.paxos.testkit.disk.CrashFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One store on a disk of its own, for tests that do one thing with it. */
public final class Bench {

    /** Whom the store belongs to. */
    public static final StoreOwner OWNER = Life.OWNER;

    private final StorageMaker maker;
    private final CrashFileSystem disk = Stage.ready(true);
    private final Path directory = Stage.directory(disk);
    private @Nullable Storage storage;

    /**
     * A disk without a store.
     *
     * @param maker makes the storage
     */
    public Bench(StorageMaker maker) {
        this.maker = maker;
    }

    /**
     * The directory of the store.
     *
     * @return a path on this disk
     */
    public Path directory() {
        return directory;
    }

    /**
     * The same directory as another process sees it.
     *
     * @return a path on the same disk
     */
    public Path directoryOfAnotherProcess() {
        return Stage.directory(disk.otherProcess());
    }

    /**
     * The store.
     *
     * @return the storage that was opened last
     */
    public Storage storage() {
        if (storage == null) {
            throw new IllegalStateException("not opened");
        }
        return storage;
    }

    /**
     * Opens the store, after closing it if it is open.
     *
     * @return what was recovered
     * @throws IOException if the store does not open or close
     */
    public RecoveredState reopen() throws IOException {
        if (storage != null) {
            storage.close();
        }
        Storage opened = maker.open(directory);
        storage = opened;
        return opened.recover(OWNER);
    }

    /**
     * Writes one batch.
     *
     * @param batch the writes
     * @throws IOException if the store does not take it
     */
    public void write(Write... batch) throws IOException {
        storage().write(List.of(batch));
        storage().idle();
    }

    /**
     * Writes a snapshot and commits it.
     *
     * @param snapshot the snapshot
     * @throws IOException if the store does not take it
     */
    public void commit(Snapshot snapshot) throws IOException {
        try (SnapshotWriter writer =
                storage().writeSnapshot(snapshot.group(), snapshot.info().slot())) {
            writer.write(ByteBuffer.wrap(snapshot.bytes()));
            writer.commit(snapshot.info());
        }
    }

    /**
     * Reads the snapshot that the store hands out, all of it.
     *
     * @param group of which log
     * @return the snapshot, or null if there is none
     * @throws IOException if it cannot be read
     */
    public @Nullable Snapshot snapshot(GroupId group) throws IOException {
        try (SnapshotReader reader = storage().readSnapshot(group)) {
            return reader == null
                    ? null
                    : new Snapshot(group, reader.info(), Found.bytes(reader, reader.info(), group));
        }
    }

    /**
     * Plays a script to its end, restarts included, and holds what is found after each of them against what was written.
     *
     * @param seed the seed of the script
     * @param batches how many batches it has
     * @throws AssertionError if the store breaks the contract
     */
    public void play(long seed, int batches) {
        Life life = new Life(maker, disk, directory, Script.draw(seed, batches), Bounds.FRESH);
        try {
            life.open();
            life.playAll();
            life.close();
            Life again = life.sameDisk();
            again.open();
            again.close();
        } catch (StorageViolation e) {
            throw new Case.Crash(seed, List.of()).failure(e);
        }
    }
}
