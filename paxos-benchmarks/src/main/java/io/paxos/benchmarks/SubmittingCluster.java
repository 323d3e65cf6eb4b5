// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Cluster;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A cluster that is no other library's. */
record SubmittingCluster(Function<byte[], CompletableFuture<?>> submitting, Forces counting, Runnable closing)
        implements Cluster {

    /** Counts the forces of a store. */
    interface Forces {
        long count();
    }

    @Override
    public CompletableFuture<?> submit(byte[] command) {
        return submitting.apply(command);
    }

    @Override
    public long forces() {
        return counting.count();
    }

    @Override
    public void close() {
        closing.run();
    }
}
