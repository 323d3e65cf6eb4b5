// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import java.util.concurrent.CompletableFuture;

/** One node of one library, with a state machine that only answers. */
public interface PeerNode extends AutoCloseable {

    /** Whether it leads, as far as it knows. */
    boolean leads();

    /**
     * Submits a command; one thread at a time may do so, and only where the node leads.
     *
     * @return completed when this node's state machine has answered, exceptionally if it never will; not at all, with
     *     some libraries, if it does not lead
     */
    CompletableFuture<?> submit(byte[] command);

    /** Ends the node, and returns when its threads and ports are gone or are about to go. */
    @Override
    void close();
}
