// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

/**
 * One thing that was asked of the disk, in the order in which it was asked. Until a {@link Force} of the file or
 * directory that it {@linkplain #touches touches}, nobody knows whether it has reached the platter. Files and directories
 * are known by number, so that renaming does not confuse them.
 */
sealed interface DiskOperation {

    /** Whether forcing this file or directory makes this operation durable. */
    boolean touches(int number);

    /** Bytes written into a file. */
    record Write(int file, long offset, byte[] bytes) implements DiskOperation {
        @Override
        public boolean touches(int number) {
            return number == file;
        }

        long end() {
            return offset + bytes.length;
        }
    }

    /** A file cut to a size, or grown to it. */
    record Resize(int file, long size) implements DiskOperation {
        @Override
        public boolean touches(int number) {
            return number == file;
        }
    }

    /** A file grown to at least a size, by writes whose bytes were lost. */
    record Grow(int file, long size) implements DiskOperation {
        @Override
        public boolean touches(int number) {
            return number == file;
        }
    }

    /** A new entry of a directory. */
    record Link(int directory, String name, int number, boolean isDirectory) implements DiskOperation {
        @Override
        public boolean touches(int forced) {
            return forced == directory;
        }
    }

    /** An entry removed from a directory. */
    record Unlink(int directory, String name) implements DiskOperation {
        @Override
        public boolean touches(int number) {
            return number == directory;
        }
    }

    /** An entry moved, in place of any other that was there: either all of that or nothing. */
    record Rename(int from, String oldName, int to, String newName, int number) implements DiskOperation {
        @Override
        public boolean touches(int forced) {
            return forced == from || forced == to;
        }
    }

    /**
     * What was asked of a file or directory before is durable. If it failed, the data are not, and never will be: the
     * system counts the pages as clean and goes on showing them, and another force finds nothing to do.
     */
    record Force(int number, boolean failed) implements DiskOperation {
        @Override
        public boolean touches(int forced) {
            return false;
        }
    }

    /** Whether it changes the entries of a directory rather than a file. */
    default boolean changesEntries() {
        return this instanceof Link || this instanceof Unlink || this instanceof Rename;
    }
}
