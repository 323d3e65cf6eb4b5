// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** A sum that can be captured, with as much ballast as a test wants, and tells when it has reached a number. */
final class SnapshotCounter implements StateMachine<Long, Long> {

    private final long goal;
    private final int ballast;
    private final CompletableFuture<Long> reached = new CompletableFuture<>();
    private volatile long restoredFrom;
    private long executed;
    private long sum;

    SnapshotCounter(long goal, int ballast) {
        this.goal = goal;
        this.ballast = ballast;
    }

    @Override
    public Long apply(ApplyContext context, Long amount) {
        sum += amount;
        executed++;
        tell();
        return sum;
    }

    private void tell() {
        if (sum >= goal) {
            reached.complete(sum);
        }
    }

    @Override
    public Capture capture() {
        long now = sum;
        return out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeLong(now);
            data.writeInt(ballast);
            data.write(new byte[ballast]);
        };
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        DataInputStream data = new DataInputStream(snapshot);
        sum = data.readLong();
        int bytes = data.readInt();
        if (data.readNBytes(bytes).length != bytes || data.read() != -1) {
            throw new IOException("the ballast is not what it was");
        }
        restoredFrom = sum;
        tell();
    }

    /** Completes when the sum has reached the number. */
    CompletableFuture<Long> reached() {
        return reached;
    }

    /** The sum in the last snapshot restored, 0 if none was. */
    long restoredFrom() {
        return restoredFrom;
    }

    /** How many commands were executed here. */
    long executed() {
        return executed;
    }

    long sum() {
        return sum;
    }
}
