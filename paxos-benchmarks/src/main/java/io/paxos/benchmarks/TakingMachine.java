// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.InputStream;

/** Does nothing, and takes its time, without using a processor: like a state that lies somewhere slow. */
final class TakingMachine implements StateMachine<Payload, Payload> {

    private static final int AT_ONCE = 64;

    private final LeastTime each;
    private long begun;
    private int count;

    TakingMachine(long micros) {
        this.each = new LeastTime(micros * AT_ONCE);
    }

    /** Nobody sleeps for a few microseconds, so it is done once for many commands. */
    @Override
    public Payload apply(ApplyContext context, Payload command) {
        if (count++ % AT_ONCE == 0) {
            each.await(begun);
            begun = System.nanoTime();
        }
        return Payload.EMPTY;
    }

    @Override
    public Capture capture() {
        return out -> {};
    }

    @Override
    public void restore(InputStream snapshot) {
        // What it keeps is nothing.
    }
}
