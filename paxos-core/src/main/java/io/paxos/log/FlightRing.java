// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.model.Value;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The slots in flight in a ring that grows: found by slot without hashing, added behind, removed in front. What is known
 * of each lies in arrays, since a slot is too short a thing to be worth an object.
 */
final class FlightRing {

    private static final int LEAST = 64;

    private @Nullable Value[] values = new Value[LEAST];
    private long[] sentAt = new long[LEAST];
    private long[] votes = new long[LEAST];
    private long first = 1;
    private long end = 1;

    void startAt(long slot) {
        first = slot;
        end = slot;
    }

    long first() {
        return first;
    }

    long end() {
        return end;
    }

    long add(Value value, long sent) {
        if (end - first == values.length) {
            grow();
        }
        int at = index(end);
        values[at] = value;
        sentAt[at] = sent;
        votes[at] = 0;
        return end++;
    }

    Value value(long slot) {
        return Objects.requireNonNull(values[index(slot)]);
    }

    /** When the slot was last sent. */
    long sentAt(long slot) {
        return sentAt[index(slot)];
    }

    void resent(long slot, long now) {
        sentAt[index(slot)] = now;
    }

    /** Who has accepted the slot, as {@link io.paxos.quorum.VoteMasks} has it. */
    long votes(long slot) {
        return votes[index(slot)];
    }

    void vote(long slot, long bit) {
        votes[index(slot)] |= bit;
    }

    Value removeFirst() {
        int at = index(first);
        Value value = Objects.requireNonNull(values[at]);
        values[at] = null;
        first++;
        return value;
    }

    private void grow() {
        int length = values.length;
        values = Arrays.copyOf(values, 2 * length);
        sentAt = Arrays.copyOf(sentAt, 2 * length);
        votes = Arrays.copyOf(votes, 2 * length);
        // Of the two places a slot may have in a ring twice as long, it lies in the first so far.
        for (long slot = first; slot < end; slot++) {
            int from = (int) (slot & (length - 1));
            int to = index(slot);
            if (to != from) {
                values[to] = values[from];
                values[from] = null;
                sentAt[to] = sentAt[from];
                votes[to] = votes[from];
            }
        }
    }

    private int index(long slot) {
        return (int) (slot & (values.length - 1));
    }
}
