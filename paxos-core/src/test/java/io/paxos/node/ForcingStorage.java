// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.GroupId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreMeter;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Memory that says it forces each write. */
final class ForcingStorage implements Storage {

    private final InMemoryStorage memory = new InMemoryStorage();
    private volatile @Nullable StoreMeter meter;

    @Override
    public void meter(StoreMeter newMeter) {
        meter = newMeter;
    }

    @Override
    public RecoveredState recover(StoreOwner owner) throws java.io.IOException {
        return memory.recover(owner);
    }

    @Override
    public void write(List<Write> batch) throws java.io.IOException {
        StoreMeter told = meter;
        if (told != null) {
            told.forceBegins();
        }
        memory.write(batch);
        if (told != null) {
            told.forceEnds();
        }
    }

    @Override
    public SnapshotWriter writeSnapshot(GroupId group, long slot) {
        return memory.writeSnapshot(group, slot);
    }

    @Override
    public @Nullable SnapshotReader readSnapshot(GroupId group) {
        return memory.readSnapshot(group);
    }

    @Override
    public void close() {
        memory.close();
    }
}
