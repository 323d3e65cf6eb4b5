// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The state behind a {@link ReplicatedCounter}: a sum. What would take it beyond a long is a result, and changes nothing. */
public final class CounterState implements StateMachine<Long, Optional<Long>> {

    private long sum;

    @Override
    public Optional<Long> apply(ApplyContext context, Long summand) {
        long next = sum + summand;
        boolean overflow = ((sum ^ next) & (summand ^ next)) < 0;
        if (overflow) {
            return Optional.empty();
        }
        sum = next;
        return Optional.of(next);
    }

    /**
     * The sum of all that has been added.
     *
     * @return the sum
     */
    public long sum() {
        return sum;
    }

    @Override
    public Capture capture() {
        long captured = sum;
        return out -> new DataOutputStream(out).writeLong(captured);
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        sum = new DataInputStream(snapshot).readLong();
    }
}
