// SPDX-License-Identifier: Apache-2.0
package io.paxos.node.trace;

import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreMeter;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store whose batches are looked at when they have become durable. */
final class TracedStorage implements Storage {

    private final Storage storage;
    private final CommandTrace trace;
    private volatile @Nullable NodeId owner;

    TracedStorage(Storage storage, CommandTrace trace) {
        this.storage = storage;
        this.trace = trace;
    }

    @Override
    public void meter(StoreMeter meter) {
        storage.meter(meter);
    }

    @Override
    public RecoveredState recover(StoreOwner newOwner) throws IOException {
        owner = newOwner.node();
        return storage.recover(newOwner);
    }

    @Override
    public void write(List<Write> batch) throws IOException {
        storage.write(batch);
        Following current = trace.following();
        NodeId node = owner;
        if (current != null && node != null) {
            current.written(node, batch);
        }
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
