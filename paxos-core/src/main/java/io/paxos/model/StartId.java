// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * One start of one store, by number and by chance (rules 1 and 7): the upper 23 bits count how often the store was
 * opened, the lower 40 are drawn anew at every start. The number tells an earlier start from a later one; the random
 * bits tell two processes apart that opened copies of one store, and make every ballot of a start its own even where
 * the store forgets how often it was opened.
 *
 * @param bits number and random bits, never negative; 0 is {@link #NONE}
 */
public record StartId(long bits) {

    /** Stands for "no start": the sender knows that its store is not counted. */
    public static final StartId NONE = new StartId(0);

    /** How many starts of one store can be told apart: 8,388,607. */
    public static final long MAX_NUMBER = (1L << 23) - 1;

    private static final int RANDOM_BITS = 40;

    /**
     * Checks the bits.
     *
     * @throws IllegalArgumentException if they are negative
     */
    public StartId {
        if (bits < 0) {
            throw new IllegalArgumentException("the bits of a start must not be negative, but are " + bits);
        }
    }

    /**
     * The start of a store that has been opened so many times.
     *
     * @param number how often, from 1 to {@link #MAX_NUMBER}
     * @param random drawn for this start; its lower 40 bits are used
     * @return the start
     * @throws IllegalArgumentException if the number is out of bounds
     */
    public static StartId of(long number, long random) {
        if (number < 1 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("a store's starts are counted from 1 to " + MAX_NUMBER + ", but this one"
                    + " is number " + number + "; start the node with an empty store, as a stranger that learns");
        }
        return new StartId((number << RANDOM_BITS) | (random & ((1L << RANDOM_BITS) - 1)));
    }

    /**
     * How often the store had been opened, this time included.
     *
     * @return the number in the upper bits
     */
    public long number() {
        return bits >>> RANDOM_BITS;
    }

    /**
     * Whether this start of a store came after another one of the same store.
     *
     * @param other a start of the same store
     * @return true if its number is greater; two starts of one number are copies, of which neither is the later
     */
    public boolean isAfter(StartId other) {
        return number() > other.number();
    }

    // Written out, as in Endpoint.
    @Override
    public boolean equals(Object other) {
        return other instanceof StartId o && bits == o.bits;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(bits);
    }

    @Override
    public String toString() {
        return bits == 0 ? "none" : number() + "." + Long.toHexString(bits & ((1L << RANDOM_BITS) - 1));
    }
}
