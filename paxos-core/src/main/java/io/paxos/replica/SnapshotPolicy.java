// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.LogTime;

/**
 * When snapshots are taken, how much of the log is kept behind them, and how fast one is fetched. All nodes of a cluster
 * should have the same: what decides when to take one follows from the log alone, so that equal policies give equal
 * snapshots, and one that was begun can be fetched from any node.
 *
 * @param everySlots one is due whenever the slot is a multiple of this, at least 1
 * @param everyBytes one is due whenever the commands executed so far pass a multiple of so many bytes, at least 1
 * @param everyMillis one is due whenever the log's time passes a multiple of so many milliseconds; 0 for never. It needs
 *     commands: the time of an idle log stands still
 * @param retainedSlots how many slots before a snapshot are kept at most, so that who lags a little need not fetch it
 * @param retainedBytes about how many bytes of values those may hold
 * @param bytesPerTick about how many bytes of a snapshot are fetched in one tick, at least 1
 */
public record SnapshotPolicy(
        long everySlots, long everyBytes, long everyMillis, long retainedSlots, long retainedBytes, long bytesPerTick) {

    /** What is used where nothing else is said; a tick is meant to be 10 ms. */
    public static final SnapshotPolicy DEFAULTS =
            new SnapshotPolicy(1_000_000, 64L << 20, 0, 10_000, 16L << 20, 1 << 20);

    /** For those who want none: the log grows for ever. */
    public static final SnapshotPolicy NEVER =
            new SnapshotPolicy(Long.MAX_VALUE, Long.MAX_VALUE, 0, Long.MAX_VALUE, Long.MAX_VALUE, 1 << 20);

    /**
     * Checks every bound.
     *
     * @throws IllegalArgumentException naming the bound, its value and what is possible
     */
    public SnapshotPolicy {
        requireAtLeast("everySlots", everySlots, 1);
        requireAtLeast("everyBytes", everyBytes, 1);
        requireAtLeast("everyMillis", everyMillis, 0);
        requireAtLeast("retainedSlots", retainedSlots, 0);
        requireAtLeast("retainedBytes", retainedBytes, 0);
        requireAtLeast("bytesPerTick", bytesPerTick, 1);
    }

    /**
     * The same, but due more or less often.
     *
     * @param slots due whenever the slot is a multiple of this, at least 1
     * @param bytes due whenever the commands executed so far pass a multiple of so many bytes, at least 1
     * @return the policy
     */
    public SnapshotPolicy withEvery(long slots, long bytes) {
        return new SnapshotPolicy(slots, bytes, everyMillis, retainedSlots, retainedBytes, bytesPerTick);
    }

    /**
     * The same, but with more or less of the log kept behind a snapshot.
     *
     * @param slots how many slots at most
     * @param bytes about how many bytes of values at most
     * @return the policy
     */
    public SnapshotPolicy withRetained(long slots, long bytes) {
        return new SnapshotPolicy(everySlots, everyBytes, everyMillis, slots, bytes, bytesPerTick);
    }

    /**
     * The same, but fetching faster or slower.
     *
     * @param bytes about how many bytes of a snapshot are fetched in one tick, at least 1
     * @return the policy
     */
    public SnapshotPolicy withBytesPerTick(long bytes) {
        return new SnapshotPolicy(everySlots, everyBytes, everyMillis, retainedSlots, retainedBytes, bytes);
    }

    private static void requireAtLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " must be at least " + least + ", but is " + value);
        }
    }

    /** In each of the three measures, the first point behind one of the log at which a snapshot is due. */
    LogPoint nextAfter(LogPoint point) {
        return new LogPoint(
                nextMultiple(point.slot(), everySlots),
                nextMultiple(point.bytes(), everyBytes),
                new LogTime(
                        everyMillis == 0
                                ? Long.MAX_VALUE
                                : nextMultiple(point.time().millis(), everyMillis)));
    }

    private static long nextMultiple(long value, long of) {
        long multiple = Math.floorDiv(value, of) * of;
        return multiple > Long.MAX_VALUE - of ? Long.MAX_VALUE : multiple + of;
    }
}
