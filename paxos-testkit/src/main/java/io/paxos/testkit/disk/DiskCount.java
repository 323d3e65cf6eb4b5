// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

/** What a file system counts, so that a test can let the seventeenth of them fail. */
public enum DiskCount {
    /** Reads of file contents. */
    READS,
    /** Writes into files, and changes of their size. */
    WRITES,
    /** Bytes written. */
    BYTES,
    /** Forces of files and directories. */
    FORCES,
    /** Entries created, renamed and deleted. */
    ENTRIES
}
