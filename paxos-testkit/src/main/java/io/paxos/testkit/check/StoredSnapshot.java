// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;

/** A snapshot as it lies in a store. Its bytes are those written, but a part of them may have become unreadable. */
public final class StoredSnapshot {

    private static final int SOUND = -1;

    private final SnapshotInfo info;
    private final Payload bytes;
    private int damagedAt = SOUND;

    /**
     * A snapshot without damage.
     *
     * @param info which one
     * @param bytes all of it
     */
    public StoredSnapshot(SnapshotInfo info, Payload bytes) {
        this.info = info;
        this.bytes = bytes;
    }

    /** The same bytes with the same damage, elsewhere. */
    StoredSnapshot copy() {
        StoredSnapshot copy = new StoredSnapshot(info, bytes);
        copy.damagedAt = damagedAt;
        return copy;
    }

    /**
     * Which snapshot this is.
     *
     * @return its description
     */
    public SnapshotInfo info() {
        return info;
    }

    /**
     * What was written.
     *
     * @return all bytes; who reads them sees first whether they are {@link #isReadable readable}
     */
    public Payload bytes() {
        return bytes;
    }

    /**
     * Flips a bit, which whoever reads it finds out by a checksum.
     *
     * @param offset where, 0 to the length of the snapshot
     */
    public void damage(int offset) {
        damagedAt = offset;
    }

    /**
     * Whether some part of the snapshot cannot be read.
     *
     * @return true from {@link #damage} on
     */
    public boolean isDamaged() {
        return damagedAt != SOUND;
    }

    /**
     * Whether a part of the snapshot can be read.
     *
     * @param from the offset of its first byte
     * @param end the offset behind its last byte
     * @return true unless the damage lies in it
     */
    public boolean isReadable(long from, long end) {
        return damagedAt < from || damagedAt >= end;
    }
}
