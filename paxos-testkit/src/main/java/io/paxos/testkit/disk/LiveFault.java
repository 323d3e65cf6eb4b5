// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

/**
 * Something that goes wrong while the disk is in use, once unless its kind says otherwise. Written as text, it can be
 * read back.
 *
 * @param kind what goes wrong
 * @param at at which operation of its sort, counted from 1 since the file system was made; for {@link Kind#FULL_AFTER},
 *     how many bytes can still be written
 */
public record LiveFault(Kind kind, long at) {

    /** What can go wrong. */
    public enum Kind {
        /** A read fails. */
        READ_ERROR(DiskCount.READS),
        /** A write fails when half of its bytes are written. */
        WRITE_ERROR(DiskCount.WRITES),
        /** A write takes half of its bytes and says so, as a write may. */
        SHORT_WRITE(DiskCount.WRITES),
        /** A write finds no room; later ones do. */
        FULL_ONCE(DiskCount.WRITES),
        /** From some byte on, there is no room any more. */
        FULL_AFTER(DiskCount.BYTES),
        /**
         * A force fails, and those after it succeed. What had been written is lost for good, though it can be read until
         * the power fails.
         */
        FORCE_ERROR(DiskCount.FORCES),
        /** An entry of a directory cannot be created, renamed or deleted. */
        ENTRY_ERROR(DiskCount.ENTRIES);

        private final DiskCount counted;

        Kind(DiskCount counted) {
            this.counted = counted;
        }

        /**
         * What {@link LiveFault#at} counts.
         *
         * @return the sort of operation that is counted
         */
        public DiskCount counted() {
            return counted;
        }
    }

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if {@code at} is below 1
     */
    public LiveFault {
        if (at < 1) {
            throw new IllegalArgumentException("operations are counted from 1, not " + at);
        }
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @param text two parts with a slash between them
     * @return the fault
     * @throws IllegalArgumentException if it is no such text
     */
    public static LiveFault parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a fault reads like FORCE_ERROR/17, not " + text);
        }
        return new LiveFault(Kind.valueOf(parts[0]), Long.parseLong(parts[1]));
    }

    @Override
    public String toString() {
        return kind + "/" + at;
    }
}
