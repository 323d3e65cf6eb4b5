// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.Ballot;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import org.jspecify.annotations.Nullable;

/**
 * What some consecutive slots hold, and in which segment that was written. Pages are shared with whoever was given the
 * recovered state: a shared one is copied before it is changed.
 */
final class SlotPage {

    static final int BITS = 8;
    static final int SLOTS = 1 << BITS;

    private static final int MASK = SLOTS - 1;

    private final Ballot[] ballots;
    private final Value[] values;
    private final int[] segments;
    private int held;
    private boolean shared;

    SlotPage() {
        this(new Ballot[SLOTS], new Value[SLOTS], new int[SLOTS], 0);
    }

    private SlotPage(Ballot[] ballots, Value[] values, int[] segments, int held) {
        this.ballots = ballots;
        this.values = values;
        this.segments = segments;
        this.held = held;
    }

    static long numberOf(long slot) {
        return slot >> BITS;
    }

    static long firstOf(long page) {
        return page << BITS;
    }

    boolean isShared() {
        return shared;
    }

    void share() {
        shared = true;
    }

    SlotPage copy() {
        return new SlotPage(ballots.clone(), values.clone(), segments.clone(), held);
    }

    boolean isEmpty() {
        return held == 0;
    }

    int held() {
        return held;
    }

    /** Where the slot's content was written; 0 if it holds nothing. */
    int segment(long slot) {
        return segments[(int) slot & MASK];
    }

    Ballot ballot(long slot) {
        return ballots[(int) slot & MASK];
    }

    Value value(long slot) {
        return values[(int) slot & MASK];
    }

    @Nullable
    Proposal<Value> at(long slot) {
        int at = (int) slot & MASK;
        return segments[at] == 0 ? null : new Proposal<>(ballots[at], values[at]);
    }

    void put(long slot, Ballot ballot, Value value, int segment) {
        int at = (int) slot & MASK;
        if (segments[at] == 0) {
            held++;
        }
        ballots[at] = ballot;
        values[at] = value;
        segments[at] = segment;
    }

    @SuppressWarnings("NullAway") // A slot that holds nothing has segment 0, and nobody looks at the rest.
    void clear(long slot) {
        int at = (int) slot & MASK;
        if (segments[at] != 0) {
            held--;
            ballots[at] = null;
            values[at] = null;
            segments[at] = 0;
        }
    }
}
