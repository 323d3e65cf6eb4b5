// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** The pauses between attempts to connect: each up to twice the one before, up to a limit, none quite like another. */
final class Backoff {

    private final long minMillis;
    private final long maxMillis;
    private final RandomGenerator random;
    private long nextMillis;

    Backoff(Duration min, Duration max, RandomGenerator random) {
        this.minMillis = min.toMillis();
        this.maxMillis = max.toMillis();
        this.random = random;
        this.nextMillis = minMillis;
    }

    /** Between half of the present pause and all of it, so that nodes that failed together do not return together. */
    long nextMillis() {
        long ceiling = nextMillis;
        nextMillis = Math.min(maxMillis, ceiling > maxMillis / 2 ? maxMillis : ceiling * 2);
        return ceiling - random.nextLong(ceiling / 2 + 1);
    }

    void reset() {
        nextMillis = minMillis;
    }
}
