// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import java.util.function.BooleanSupplier;

/**
 * Virtual time: takes what is going to happen in its order and lets it happen. What is meant for a node waits while the
 * node stands still, and what is meant for one start of it does not happen to another.
 */
final class Timeline {

    /** So many microseconds go by between two looks at whether something is so. */
    private static final long LOOK_EVERY = 1_000;

    private final EventQueue queue = new EventQueue();
    private final Stations stations;
    private long now;
    private long happened;

    Timeline(Stations stations) {
        this.stations = stations;
    }

    /** The current time in microseconds. */
    long now() {
        return now;
    }

    /** How many events have happened. */
    long happened() {
        return happened;
    }

    /** Something happens after so many microseconds, whatever the nodes do meanwhile. */
    void after(long delay, Runnable action) {
        queue.add(now + delay, EventQueue.ANY, EventQueue.ANY, action);
    }

    /** Something happens to one start of a node, unless that is over by then. */
    void after(long delay, Host host, Runnable action) {
        queue.add(now + delay, host.index(), host.epoch(), action);
    }

    /** Something happens at a node, whichever start of it is under way then. */
    void at(long time, int node, Runnable action) {
        queue.add(time, node, EventQueue.ANY, action);
    }

    /** Goes on until something is so; false if it is not so after that much virtual time. */
    boolean runUntil(BooleanSupplier condition, long mostMicros) {
        long end = now + mostMicros;
        while (!condition.getAsBoolean()) {
            if (now > end) {
                return false;
            }
            long look = now + LOOK_EVERY;
            while (now < look) {
                next();
            }
        }
        return true;
    }

    /** Lets the next thing happen if it comes before a moment; otherwise that moment has come, and false is returned. */
    boolean nextBefore(long time) {
        if (queue.earliest() >= time) {
            now = Math.max(now, time);
            return false;
        }
        next();
        return true;
    }

    /** Lets the next thing happen. */
    void next() {
        EventQueue.Entry entry = queue.next();
        now = entry.time();
        if (entry.node() != EventQueue.ANY) {
            Station station = stations.get(entry.node());
            if (entry.epoch() != EventQueue.ANY && entry.epoch() != station.epoch()) {
                return; // it was meant for a start that is over
            }
            if (station.pausedUntil() > now) {
                queue.add(station.pausedUntil(), entry.node(), entry.epoch(), entry.action());
                return;
            }
        }
        happened++;
        entry.action().run();
    }
}
