// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The time a leader wrote into the log beside a value. It is part of the value, so every replica sees the same one;
 * the time given to {@code apply} is made monotone along the log.
 *
 * @param millis milliseconds since 1970-01-01T00:00Z by the clock of the node that led
 */
public record LogTime(long millis) implements Comparable<LogTime> {

    /** Before every other time. */
    public static final LogTime ZERO = new LogTime(0);

    @Override
    public int compareTo(LogTime other) {
        return Long.compare(millis, other.millis);
    }

    // Written out, as in Endpoint.
    @Override
    public boolean equals(Object other) {
        return other instanceof LogTime o && millis == o.millis;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(millis);
    }

    @Override
    public String toString() {
        return millis + "ms";
    }
}
