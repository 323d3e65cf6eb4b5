package io.paxos.benchmarks;

import java.util.Arrays;

/** Durations in nanoseconds. Safe for any thread. */
final class Latencies {

    private long[] nanos = new long[1 << 16];
    private int count;

    synchronized void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    void addAll(Latencies others) {
        long[] sorted = others.sorted();
        for (long duration : sorted) {
            add(duration);
        }
    }

    synchronized int count() {
        return count;
    }

    double medianMicros() {
        return micros(0.5);
    }

    /** The duration that a part of all do not exceed. */
    double micros(double part) {
        long[] sorted = sorted();
        return sorted.length == 0 ? Double.NaN : sorted[(int) ((sorted.length - 1) * part)] / 1e3;
    }

    private synchronized long[] sorted() {
        long[] copy = Arrays.copyOf(nanos, count);
        Arrays.sort(copy);
        return copy;
    }
}
