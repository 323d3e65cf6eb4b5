// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;

/** A sum that commands add to. */
final class Counter implements StateMachine<Long, Long> {

    private long sum;

    @Override
    public Long apply(ApplyContext context, Long amount) {
        sum += amount;
        return sum;
    }

    long sum() {
        return sum;
    }
}
