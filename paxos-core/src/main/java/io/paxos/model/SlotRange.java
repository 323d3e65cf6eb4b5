// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * Consecutive slots, from {@code first} up to but not including {@code end}.
 *
 * @param first the first slot of the range, at least 0
 * @param end the slot behind the last one
 */
public record SlotRange(long first, long end) {

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if {@code first} is negative or {@code end} lies before it
     */
    public SlotRange {
        if (first < 0 || end < first) {
            throw new IllegalArgumentException("not a range of slots: [" + first + ", " + end + ")");
        }
    }

    /**
     * How many slots the range holds.
     *
     * @return {@code end - first}
     */
    public long size() {
        return end - first;
    }

    /**
     * Whether a slot lies in the range.
     *
     * @param slot the slot asked about
     * @return true if {@code first <= slot < end}
     */
    public boolean contains(long slot) {
        return slot >= first && slot < end;
    }

    @Override
    public String toString() {
        return size() == 1 ? Long.toString(first) : first + ".." + (end - 1);
    }
}
