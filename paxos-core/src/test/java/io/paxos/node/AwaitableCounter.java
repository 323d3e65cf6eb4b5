// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.util.concurrent.CompletableFuture;

/** A sum that tells when it has reached a number. */
final class AwaitableCounter implements StateMachine<Long, Long> {

    private final long goal;
    private final CompletableFuture<Long> reached = new CompletableFuture<>();
    private long sum;

    AwaitableCounter(long goal) {
        this.goal = goal;
    }

    @Override
    public Long apply(ApplyContext context, Long amount) {
        sum += amount;
        if (sum >= goal) {
            reached.complete(sum);
        }
        return sum;
    }

    CompletableFuture<Long> reached() {
        return reached;
    }

    long sum() {
        return sum;
    }
}
