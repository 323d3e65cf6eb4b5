// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import java.util.PriorityQueue;

/** What is going to happen, ordered by time and, at one time, by the order in which it was scheduled. */
final class EventQueue {

    /** Stands for no particular node, or for whichever start of a node. */
    static final int ANY = -1;

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(256);
    private long sequence;

    /**
     * Something that is going to happen.
     *
     * @param time when, in microseconds
     * @param sequence the order of scheduling
     * @param node to which node, or ANY
     * @param epoch to which start of it, or ANY
     * @param action what
     */
    record Entry(long time, long sequence, int node, int epoch, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    void add(long time, int node, int epoch, Runnable action) {
        // What comes from outside comes first at its time, whenever it was settled: so a plan that is played again has
        // it there.
        long order = node == ANY ? sequence + Long.MIN_VALUE : sequence;
        sequence++;
        entries.add(new Entry(time, order, node, epoch, action));
    }

    /** When the next thing happens; {@link Long#MAX_VALUE} if nothing does. */
    long earliest() {
        Entry entry = entries.peek();
        return entry == null ? Long.MAX_VALUE : entry.time();
    }

    Entry next() {
        Entry entry = entries.poll();
        if (entry == null) {
            throw new IllegalStateException("nothing is going to happen any more");
        }
        return entry;
    }
}
