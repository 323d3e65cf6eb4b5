// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import java.util.concurrent.CompletableFuture;

/** Nodes of one library in this process, with a leader and a state machine that only answers. */
public interface Cluster extends AutoCloseable {

    /**
     * Submits a command at the leader; one thread at a time may do so.
     *
     * @return completed when the leader's state machine has answered, exceptionally if it never will
     */
    CompletableFuture<?> submit(byte[] command);

    /** How often the leader's store has been forced so far; 0 if nobody counts. */
    default long forces() {
        return 0;
    }

    /** Ends the nodes, and returns when their threads and ports are gone or are about to go. */
    @Override
    void close();
}
