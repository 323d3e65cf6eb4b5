// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Things by numbers that are given out one after another, in a ring that grows: found without hashing and kept without
 * an object for each. As long as it is bounded how far the numbers of those kept lie apart, so is its size. Not safe for
 * use by several threads.
 *
 * @param <T> what is kept
 */
final class SequenceRing<T> {

    private static final int LEAST = 16;

    private @Nullable Object[] ring = new Object[LEAST];
    private long first;
    private long end;
    private int size;

    /** @param first the first number */
    SequenceRing(long first) {
        this.first = first;
        this.end = first;
    }

    /** The number that the next thing will have. */
    long next() {
        return end;
    }

    /** The lowest number of all that is kept; where nothing is, that of the next thing. */
    long first() {
        return first;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Keeps a thing under the next number. */
    void add(T thing) {
        if (end - first == ring.length) {
            grow();
        }
        ring[index(end)] = thing;
        end++;
        size++;
    }

    @Nullable
    @SuppressWarnings("unchecked") // Only add puts anything in.
    T get(long number) {
        return number < first || number >= end ? null : (T) ring[index(number)];
    }

    boolean contains(long number) {
        return get(number) != null;
    }

    /** Takes out what has a number, if anything has. */
    @Nullable
    T remove(long number) {
        T thing = get(number);
        if (thing != null) {
            ring[index(number)] = null;
            size--;
            while (first < end && ring[index(first)] == null) {
                first++;
            }
        }
        return thing;
    }

    /** All that is kept, by number, as it is now. */
    List<T> all() {
        List<T> all = new ArrayList<>(size);
        for (long number = first; number < end; number++) {
            T thing = get(number);
            if (thing != null) {
                all.add(thing);
            }
        }
        return all;
    }

    /** Keeps nothing any more; numbers go on where they were. */
    void clear() {
        ring = new Object[LEAST];
        first = end;
        size = 0;
    }

    private void grow() {
        @Nullable Object[] old = ring;
        ring = new Object[2 * old.length];
        for (long number = first; number < end; number++) {
            ring[index(number)] = old[(int) (number & (old.length - 1))];
        }
    }

    private int index(long number) {
        return (int) (number & (ring.length - 1));
    }
}
