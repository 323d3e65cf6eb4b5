// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

/**
 * Counts the ticks that are due. After a stall, of the thread or of the whole machine, only a few of the missed ticks
 * are delivered and the rest never: a burst of them would make every peer look silent before its waiting messages have
 * been read.
 *
 * <p>Not safe for use by several threads.
 */
final class TickClock {

    /** So many ticks may come at once, which evens out a late timer and is far from any timeout. */
    static final int MAX_AT_ONCE = 2;

    private final long tickNanos;
    private long deliveredUpTo;

    TickClock(long tickNanos, long nowNanos) {
        this.tickNanos = tickNanos;
        this.deliveredUpTo = nowNanos;
    }

    /** How many ticks to deliver now; the time they stand for is used up. */
    int take(long nowNanos) {
        long due = (nowNanos - deliveredUpTo) / tickNanos;
        if (due <= 0) {
            return 0;
        }
        deliveredUpTo += due * tickNanos;
        return (int) Math.min(due, MAX_AT_ONCE);
    }
}
