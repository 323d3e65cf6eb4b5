// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.testkit.check.DurableState;
import org.jspecify.annotations.Nullable;

/** The place of a node, with its clock and its disk, which outlives its starts and its stores. */
final class Station {

    /** What a node takes for one unit of time, in microseconds of a clock that goes right. */
    private static final long TICK = 10_000;

    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private final int index;
    private final NodeId id;
    private final double drift;
    private double pace;
    private long paceSince;
    private double microsShown;
    private DurableState store;
    private @Nullable DurableState copy;
    private @Nullable Host host;
    private int epoch;
    private long pausedUntil;
    private long clockMillis;
    private boolean full;
    private int applyFactor = 1;
    private FeatureLevel level = FeatureLevel.LATEST;

    /**
     * A place.
     *
     * @param drift how many times faster than they should its clocks go of themselves
     */
    Station(int index, NodeId id, double drift, DurableState store) {
        this.index = index;
        this.id = id;
        this.drift = drift;
        this.pace = drift;
        this.store = store;
    }

    int index() {
        return index;
    }

    NodeId id() {
        return id;
    }

    /** What the version of the library supports that is installed here. */
    FeatureLevel level() {
        return level;
    }

    /** Installs another version of the library, for the next start. */
    void install(FeatureLevel supported) {
        level = supported;
    }

    /** The store it has now, and its node's name. */
    Endpoint endpoint() {
        return new Endpoint(id, store.incarnation());
    }

    /** The start of the node that is under way, or null if it is down. */
    @Nullable
    Host host() {
        return host;
    }

    boolean isUp() {
        return host != null;
    }

    /** Counts the starts: what was meant for an earlier one does not happen any more. */
    int epoch() {
        return epoch;
    }

    void up(Host started) {
        host = started;
    }

    /** The start that was under way is over. */
    void down() {
        epoch++;
        host = null;
        pausedUntil = 0;
    }

    DurableState store() {
        return store;
    }

    void replaceStore(DurableState other) {
        store = other;
    }

    /** What was copied of the store, or null. */
    @Nullable
    DurableState copy() {
        return copy;
    }

    void keepCopy(@Nullable DurableState kept) {
        copy = kept;
    }

    /** A store that is made now knows nothing of starts, so while such a copy may vote none must be made. */
    boolean isUntoldCopy() {
        return store.isOldCopy() && store.startOf(endpoint()).equals(StartId.NONE);
    }

    long pausedUntil() {
        return pausedUntil;
    }

    void pauseUntil(long time) {
        pausedUntil = time;
    }

    void stepClock(long millis) {
        clockMillis += millis;
    }

    /** From now on its clocks go so many times faster than of themselves; at 0 they stand still. */
    void setPace(long now, double times) {
        microsShown = micros(now);
        paceSince = now;
        pace = drift * times;
    }

    private double micros(long now) {
        return microsShown + (now - paceSince) * pace;
    }

    /** What its clock shows at a moment of the run. */
    LogTime clock(long now) {
        return new LogTime(EPOCH_MILLIS + (long) (micros(now) / 1000) + clockMillis);
    }

    /** What its monotonic clock shows at a moment of the run; nobody sets that one. */
    long nanos(long now) {
        return (long) (micros(now) * 1000);
    }

    boolean clocksStandStill() {
        return pace == 0;
    }

    /** How many microseconds of the run it takes for one tick, or till someone looks whether the clocks go again. */
    long tickMicros() {
        return pace == 0 ? TICK : (long) (TICK / pace);
    }

    boolean isFull() {
        return full;
    }

    void fill(boolean noRoom) {
        full = noRoom;
    }

    /** How many times slower than usual it executes commands. */
    int applyFactor() {
        return applyFactor;
    }

    void slowApply(int factor) {
        applyFactor = factor;
    }

    /** From now on the place and its node stand in nobody's way. */
    void mend(long now) {
        setPace(now, 1);
        pausedUntil = 0;
        full = false;
        if (host != null) {
            host.mend();
        }
    }
}
