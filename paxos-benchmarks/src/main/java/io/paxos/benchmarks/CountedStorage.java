// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.GroupId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A store that counts its writes. */
final class CountedStorage implements Storage {

    private final Storage storage;
    private final LeastTime leastTime;
    private final AtomicLong batches = new AtomicLong();
    private volatile long recoveryNanos;

    /**
     * Counts from nothing.
     *
     * @param leastTime how long each write takes at least
     */
    CountedStorage(Storage storage, LeastTime leastTime) {
        this.storage = storage;
        this.leastTime = leastTime;
    }

    long batches() {
        return batches.get();
    }

    /** How long it took to open the store. */
    long recoveryNanos() {
        return recoveryNanos;
    }

    @Override
    public RecoveredState recover(StoreOwner owner) throws IOException {
        long begun = System.nanoTime();
        RecoveredState state = storage.recover(owner);
        recoveryNanos = System.nanoTime() - begun;
        return state;
    }

    @Override
    public void write(List<Write> batch) throws IOException {
        long begun = System.nanoTime();
        storage.write(batch);
        leastTime.await(begun);
        batches.incrementAndGet();
    }

    @Override
    public void idle() throws IOException {
        storage.idle();
    }

    @Override
    public boolean blocks() {
        return storage.blocks();
    }

    @Override
    public SnapshotWriter writeSnapshot(GroupId group, long slot) throws IOException {
        return storage.writeSnapshot(group, slot);
    }

    @Override
    public @Nullable SnapshotReader readSnapshot(GroupId group) throws IOException {
        return storage.readSnapshot(group);
    }

    @Override
    public void close() throws IOException {
        storage.close();
    }
}
