// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How many writes have been acknowledged to all clients together, and when. Safe for any thread. */
final class WriteCount {

    private long count;
    private long latest;
    private long longestPause;

    synchronized void increment() {
        long now = System.nanoTime();
        if (count > 0) {
            longestPause = Math.max(longestPause, now - latest);
        }
        latest = now;
        count++;
        notifyAll();
    }

    synchronized long get() {
        return count;
    }

    /** The longest time between two acknowledgements, to whichever clients, since this was asked last; in milliseconds. */
    synchronized long longestPauseMillis() {
        long millis = TimeUnit.NANOSECONDS.toMillis(longestPause);
        longestPause = 0;
        return millis;
    }

    /** Waits for more writes; fails, saying when that was, if they do not come. */
    synchronized void awaitMore(long more, Duration patience, String when) throws InterruptedException {
        long start = count;
        long end = System.nanoTime() + patience.toNanos();
        while (count < start + more) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("only " + (count - start) + " of " + more + " writes were acknowledged within "
                        + patience.toSeconds() + " s " + when);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
