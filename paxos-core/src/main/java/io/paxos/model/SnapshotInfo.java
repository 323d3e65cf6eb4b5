// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * Which snapshot of a log: two with equal descriptions hold the same bytes, so one can be fetched in parts from several
 * peers.
 *
 * @param slot every slot up to here is executed in it, at least 1
 * @param bytes how many bytes it has, at least 1
 * @param checksum the CRC32C of all of them, 0 to 2<sup>32</sup> − 1
 */
public record SnapshotInfo(long slot, long bytes, long checksum) {

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException naming the value out of bounds
     */
    public SnapshotInfo {
        if (slot < 1) {
            throw new IllegalArgumentException("a snapshot ends at slot 1 or later, not " + slot);
        }
        if (bytes < 1) {
            throw new IllegalArgumentException("a snapshot has at least one byte, not " + bytes);
        }
        if (checksum >>> 32 != 0) {
            throw new IllegalArgumentException("a CRC32C has 32 bits, " + checksum + " has more");
        }
    }

    @Override
    public String toString() {
        return "snapshot(slot " + slot + ", " + bytes + " bytes, " + Long.toHexString(checksum) + ")";
    }
}
