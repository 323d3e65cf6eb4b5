// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.time.Duration;

/**
 * Turns durations into the ticks by which the machine counts time, rounded up: a deadline never comes early because of
 * rounding.
 *
 * @param length one tick
 */
record Ticks(Duration length) {

    /** What lasts so long lasts for ever; its nanoseconds just fit into a long. */
    private static final Duration CENTURIES = Duration.ofNanos(Long.MAX_VALUE);

    Ticks {
        if (length.compareTo(Duration.ofMillis(1)) < 0 || length.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("a tick must last 1 ms to 1 min, but " + length
                    + " was given; leave it out for the default of 10 ms");
        }
    }

    /** The number of ticks that cover a duration: at least 1, and capped at the greatest int. */
    int in(String what, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(what + " must be longer than nothing, but is " + duration);
        }
        if (duration.compareTo(CENTURIES) > 0) {
            return Integer.MAX_VALUE;
        }
        // Every call comes by here, and the arithmetic of Duration is that of BigDecimal.
        long tick = length.toNanos();
        return (int) Math.min(Integer.MAX_VALUE, (duration.toNanos() - 1) / tick + 1);
    }
}
