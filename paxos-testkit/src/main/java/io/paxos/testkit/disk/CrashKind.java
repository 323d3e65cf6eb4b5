// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

/**
 * What a crash does with the operations that were asked for and not forced. Bytes that were forced are never touched, not
 * even where they share a sector with bytes that were being written, nor where the same bytes were being written again.
 */
public enum CrashKind {
    /** The power fails, and nothing that was not forced has reached the disk. */
    NOTHING,
    /** The power fails, and everything has reached the disk though it was not forced. */
    EVERYTHING,
    /** The first so many operations have reached the disk. */
    PREFIX,
    /** Any of the operations have, others not, in whatever order. */
    SUBSET,
    /** The operations up to one write have, of which only the first sectors were written. */
    TORN_SECTOR,
    /** The operations up to one write have, of which only the first bytes were written. */
    TORN_BYTE,
    /** Everything has, but of one write only the last sectors were written. */
    END_ONLY,
    /** Everything has, but in the place of one sector there is still what was there before. */
    SECTOR_OLD,
    /** Everything has, but in the place of one sector there are zeros. */
    SECTOR_ZERO,
    /** Everything has, but in the place of one sector there is garbage. */
    SECTOR_GARBAGE,
    /** Everything has, but one file has grown without its data: there are zeros. */
    LENGTH_ZERO,
    /** Everything has, but one file has grown without its data: there is garbage. */
    LENGTH_GARBAGE,
    /** All data have, but some of the changes of directories have not. */
    ENTRIES_LOST,
    /** Some of the changes of directories have, but no data. */
    ENTRIES_ONLY,
    /** The process dies and the machine lives on: everything can be read, and nothing more than before is durable. */
    KILLED
}
