// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that a script writes.
 *
 * @param group of which log
 * @param info its description
 * @param bytes what is in it; nobody changes them
 */
public record Snapshot(GroupId group, SnapshotInfo info, byte[] bytes) {

    /**
     * Makes up a snapshot.
     *
     * @param group of which log
     * @param slot where it ends
     * @param size how large it is, in bytes
     * @param seed decides its bytes
     * @return the snapshot
     */
    public static Snapshot drawn(GroupId group, long slot, int size, long seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return new Snapshot(group, new SnapshotInfo(slot, size, checksum.getValue()), bytes);
    }

    /** The description tells the bytes: what it describes is held against them where they are read. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Snapshot s && s.group.equals(group) && s.info.equals(info);
    }

    @Override
    public int hashCode() {
        return Objects.hash(group, info);
    }

    @Override
    public String toString() {
        return info + " of log " + group;
    }
}
