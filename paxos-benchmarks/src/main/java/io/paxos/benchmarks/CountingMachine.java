// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts its commands and does nothing else, so that what is measured is not it. */
final class CountingMachine implements StateMachine<Payload, Payload> {

    private long count;

    long count() {
        return count;
    }

    @Override
    public Payload apply(ApplyContext context, Payload command) {
        count++;
        return Payload.EMPTY;
    }

    @Override
    public Capture capture() {
        long captured = count;
        return out -> new DataOutputStream(out).writeLong(captured);
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        count = new DataInputStream(snapshot).readLong();
    }
}
