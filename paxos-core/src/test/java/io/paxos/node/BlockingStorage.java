// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.GroupId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Memory that behaves like a device: written by a thread of its own, and able to fail. */
final class BlockingStorage implements Storage {

    private final InMemoryStorage memory = new InMemoryStorage();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean failing;
    private volatile boolean closed;
    private final AtomicInteger writesAfterFailure = new AtomicInteger();

    void failFromNowOn() {
        failing = true;
    }

    int writesAfterFailure() {
        return writesAfterFailure.get();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public RecoveredState recover(StoreOwner owner) throws IOException {
        return memory.recover(owner);
    }

    @Override
    public void write(List<Write> batch) throws IOException {
        if (inside.getAndIncrement() != 0) {
            throw new IOException("two threads at once");
        }
        try {
            if (failing) {
                writesAfterFailure.incrementAndGet();
                throw new IOException("no space left on device");
            }
            memory.write(batch);
        } finally {
            inside.decrementAndGet();
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
        closed = true;
        memory.close();
    }
}
