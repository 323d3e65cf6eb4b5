// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.util.concurrent.locks.LockSupport;

/** Makes a disk seem slower than it is: what took less waits for the rest. */
final class LeastTime {

    private final long nanos;

    LeastTime(long micros) {
        this.nanos = micros * 1_000;
    }

    /** Returns when so much time has passed since something began. */
    void await(long begun) {
        for (long left = begun + nanos - System.nanoTime(); left > 0; left = begun + nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
