// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import java.util.concurrent.TimeUnit;

/** Measures the longest time in which somebody was waiting for an ID and nobody got one. Safe for any thread. */
final class Pauses {

    private int waiting;
    private long since;
    private long longest;

    /** Somebody asks. */
    synchronized void asked(long nanoTime) {
        if (waiting++ == 0) {
            since = nanoTime;
        }
    }

    /** Somebody got one. */
    synchronized void answered(long nanoTime) {
        longest = Math.max(longest, nanoTime - since);
        since = nanoTime;
        waiting--;
    }

    /** How long it is now that somebody waits and nobody gets any, in milliseconds. */
    synchronized long currentMillis(long nanoTime) {
        return waiting == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanoTime - since);
    }

    /** In milliseconds. */
    synchronized long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }
}
