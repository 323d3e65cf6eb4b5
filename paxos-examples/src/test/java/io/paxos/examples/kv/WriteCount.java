package io.paxos.examples.kv;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How many writes have been acknowledged to all clients together. Safe for any thread. */
final class WriteCount {

    private long count;

    synchronized void increment() {
        count++;
        notifyAll();
    }

    synchronized long get() {
        return count;
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
