// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreContents;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory: it lives as long as the object. A node that is restarted with the same object comes back with all
 * it had; a new object is a new store, so its node comes back as a stranger, whose votes no longer count (rule 7). When
 * the process ends, everything agreed is gone from this node; when all processes end, from the cluster.
 *
 * <p>Safe for any thread. A store serves one node at a time, and may be opened again after it was closed.
 */
public final class InMemoryStorage implements Storage {

    private final Incarnation incarnation;
    private final StoreContents contents = new StoreContents();
    private final MemorySnapshots snapshots = new MemorySnapshots();
    private long starts;
    private @Nullable StoreOwner owner;
    private boolean open;

    /** A new store, with an identity drawn at random. */
    public InMemoryStorage() {
        this(new Incarnation(new SecureRandom().nextLong() | 1));
    }

    /**
     * A new store with a given identity, for tests that must be repeatable. No two stores may have the same.
     *
     * @param incarnation the identity
     * @throws IllegalArgumentException if it is not a definite one
     */
    public InMemoryStorage(Incarnation incarnation) {
        if (incarnation.equals(Incarnation.ANY)) {
            throw new IllegalArgumentException("a store needs a definite incarnation, not " + incarnation);
        }
        this.incarnation = incarnation;
    }

    @Override
    public synchronized RecoveredState recover(StoreOwner newOwner) throws IOException {
        if (owner != null && !owner.equals(newOwner)) {
            throw new IOException("this store belongs to " + describe(owner) + " and cannot serve " + describe(newOwner)
                    + "; give each node a store of its own");
        }
        if (open) {
            throw new IOException("this store is in use by a running " + describe(newOwner)
                    + "; close that node first, or give this one a store of its own");
        }
        owner = newOwner;
        open = true;
        starts++;
        return contents.recovered(incarnation, starts, snapshots::info);
    }

    @Override
    public synchronized void write(List<Write> batch) throws IOException {
        if (!open) {
            throw new IOException("this store is not open; a node opens it when it starts");
        }
        batch.forEach(contents::apply);
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public SnapshotWriter writeSnapshot(GroupId group, long slot) {
        return snapshots.write(group, slot);
    }

    @Override
    public @Nullable SnapshotReader readSnapshot(GroupId group) {
        return snapshots.read(group);
    }

    @Override
    public synchronized void close() {
        open = false;
    }

    private static String describe(StoreOwner owner) {
        return "node " + owner.node() + " of cluster " + owner.cluster();
    }
}
