// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Payload;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The results that one session remembers, by the numbers of their commands, from a floor on. Every replica keeps one for
 * every command, so none of them costs an object: the numbers of a session follow upon each other, and what lies within
 * reach of the floor is kept in a ring that grows. Whatever lies farther is found as well, in a map.
 */
final class SessionResults {

    private static final int LEAST = 16;

    /**
     * About what it takes to know of a command besides its result, in bytes. An empty result counts as well, and so does
     * a fence: there may be as many of either as somebody likes to send.
     */
    static final int ENTRY_BYTES = 64;

    /** The ring grows only while so great a part of it is in use: numbers that lie far apart cost no memory in between. */
    private static final int USED_PART = 4;

    /** 0 where nothing is kept: slots count from 1. Negative where a fence is kept in the place of a result. */
    private long[] slots = new long[LEAST];

    private @Nullable Payload[] results = new Payload[LEAST];
    private final SortedMap<Long, Executed> far = new TreeMap<>();
    private long floor = 1;
    private int near;
    private long bytes;

    /** Every number below this one is answered, and nothing is kept there. */
    long floor() {
        return floor;
    }

    int size() {
        return near + far.size();
    }

    /** About what all that is remembered takes, in bytes. */
    long bytes() {
        return bytes;
    }

    /** The lowest number of which anything is remembered; there must be one. */
    long lowest() {
        long lowest = far.isEmpty() ? Long.MAX_VALUE : far.firstKey();
        // What lay far away when it came may be within reach of the ring by now, so neither goes first.
        for (int i = 0; near > 0 && i < slots.length && floor + i < lowest; i++) {
            if (slots[index(floor + i)] != 0) {
                return floor + i;
            }
        }
        return lowest;
    }

    /** What is remembered of a number, or null. */
    @Nullable
    Executed find(long sequence) {
        if (isNear(sequence)) {
            int at = index(sequence);
            if (slots[at] != 0) {
                return new Executed(slots[at], Objects.requireNonNull(results[at]));
            }
        }
        return far.isEmpty() ? null : far.get(sequence);
    }

    /** Remembers a result, in the place of any other of the same number; one below the floor is not remembered. */
    void put(long sequence, long slot, Payload result) {
        if (sequence < floor) {
            return;
        }
        Executed replaced = far.isEmpty() ? null : far.remove(sequence);
        bytes += weight(result) - (replaced == null ? 0 : weight(replaced.result()));
        while (!isNear(sequence) && near >= slots.length / USED_PART) {
            grow();
        }
        if (!isNear(sequence)) {
            far.put(sequence, new Executed(slot, result));
            return;
        }
        int at = index(sequence);
        if (slots[at] == 0) {
            near++;
        } else {
            bytes -= weight(Objects.requireNonNull(results[at]));
        }
        slots[at] = slot;
        results[at] = result;
    }

    private static long weight(Payload result) {
        return (long) ENTRY_BYTES + result.size();
    }

    /** Remembers that a command is never executed; not in the place of a result. */
    void fence(long sequence, long slot) {
        put(sequence, -slot, Payload.EMPTY);
    }

    /** Forgets what is below a floor, unless it is higher already. */
    void raiseFloor(long newFloor) {
        if (newFloor <= floor) {
            return;
        }
        long gone = newFloor - floor;
        // Not all around the ring more than once, however far the floor leaps.
        for (long i = 0; near > 0 && i < slots.length && i < gone; i++) {
            int at = index(floor + i);
            if (slots[at] != 0) {
                bytes -= weight(Objects.requireNonNull(results[at]));
                slots[at] = 0;
                results[at] = null;
                near--;
            }
        }
        floor = newFloor;
        if (!far.isEmpty()) {
            SortedMap<Long, Executed> below = far.headMap(newFloor);
            below.values().forEach(executed -> bytes -= weight(executed.result()));
            below.clear();
        }
    }

    /** Whether any command was fenced off that is remembered. */
    boolean hasFences() {
        for (int i = 0; near > 0 && i < slots.length; i++) {
            if (slots[i] < 0) {
                return true;
            }
        }
        return far.values().stream().anyMatch(Executed::isFence);
    }

    /** All of it by number, for what must not depend on where things lie. */
    SortedMap<Long, Executed> inOrder() {
        SortedMap<Long, Executed> all = new TreeMap<>(far);
        for (int i = 0; i < slots.length; i++) {
            int at = index(floor + i);
            if (slots[at] != 0) {
                all.put(floor + i, new Executed(slots[at], Objects.requireNonNull(results[at])));
            }
        }
        return all;
    }

    private void grow() {
        long[] oldSlots = slots;
        @Nullable Payload[] oldResults = results;
        slots = new long[2 * oldSlots.length];
        results = new Payload[2 * oldSlots.length];
        for (int i = 0; i < oldSlots.length; i++) {
            long sequence = floor + i;
            int from = (int) sequence & (oldSlots.length - 1);
            slots[index(sequence)] = oldSlots[from];
            results[index(sequence)] = oldResults[from];
        }
    }

    private boolean isNear(long sequence) {
        return sequence >= floor && sequence - floor < slots.length;
    }

    private int index(long sequence) {
        return (int) sequence & (slots.length - 1);
    }

    /** The result of a command and where it was executed; or, with a negative slot, that and where it was fenced off. */
    record Executed(long slot, Payload result) {

        boolean isFence() {
            return slot < 0;
        }
    }
}
