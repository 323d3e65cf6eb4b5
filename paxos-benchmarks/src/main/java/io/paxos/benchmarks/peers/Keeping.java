// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

/** Where a node keeps what it has accepted before it says so. */
public enum Keeping {
    /** Nowhere but in memory. */
    MEMORY,
    /** In files, which the operating system writes to the disk when it likes. */
    FILES,
    /** In files, each vote forced to the disk before it is sent. */
    FORCED
}
