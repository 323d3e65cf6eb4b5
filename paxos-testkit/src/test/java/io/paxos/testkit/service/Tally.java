// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** A state machine to plant bugs in: a sum of all commands, and how many there were. */
class Tally implements StateMachine<Long, Long> {

    private long sum;
    private long count;

    @Override
    public Long apply(ApplyContext context, Long command) {
        sum += command;
        count++;
        return sum;
    }

    @Override
    public Capture capture() {
        long sumNow = sum;
        long countNow = count;
        return out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeLong(sumNow);
            data.writeLong(countNow);
            data.flush();
        };
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        DataInputStream data = new DataInputStream(snapshot);
        restore(data.readLong(), data.readLong());
    }

    void restore(long newSum, long newCount) {
        sum = newSum;
        count = newCount;
    }

    long sum() {
        return sum;
    }

    long count() {
        return count;
    }
}
