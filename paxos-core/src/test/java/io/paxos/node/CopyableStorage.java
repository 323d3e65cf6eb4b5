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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store that can be copied as a directory can, with its identity and the number of its starts. */
final class CopyableStorage implements Storage {

    private final Incarnation incarnation;
    private final List<Write> writes;
    private long starts;
    private boolean closed;

    CopyableStorage() {
        this(new Incarnation(new SecureRandom().nextLong() | 1), List.of(), 0);
    }

    private CopyableStorage(Incarnation incarnation, List<Write> writes, long starts) {
        this.incarnation = incarnation;
        this.writes = new ArrayList<>(writes);
        this.starts = starts;
    }

    /** A copy of what it holds now. */
    synchronized CopyableStorage copy() {
        return new CopyableStorage(incarnation, writes, starts);
    }

    /** Makes the next start have this number. */
    synchronized void nextStart(long number) {
        starts = number - 1;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized RecoveredState recover(StoreOwner owner) {
        starts++;
        StoreContents contents = new StoreContents();
        writes.forEach(contents::apply);
        return contents.recovered(incarnation, starts, group -> null);
    }

    @Override
    public synchronized void write(List<Write> batch) {
        writes.addAll(batch);
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public SnapshotWriter writeSnapshot(GroupId group, long slot) throws IOException {
        throw new IOException("this store keeps no snapshots");
    }

    @Override
    public @Nullable SnapshotReader readSnapshot(GroupId group) {
        return null;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
