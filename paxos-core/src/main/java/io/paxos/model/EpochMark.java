// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * How far a node has come through the epochs of the decrees and registers (rule 16). Both numbers only grow. A node votes
 * in an epoch if it has come to just that one, holds what the ones before have left, and is one of its members.
 *
 * @param epoch the epoch it has come to; it never votes in an earlier one again: those are sealed here
 * @param covered the latest epoch for which this node holds, of every name, what the epochs before it have left; at most
 *     {@code epoch}
 */
public record EpochMark(long epoch, long covered) {

    /** Of a node that has seen no change: in the vector with which a cluster forms nothing was left by anyone. */
    public static final EpochMark FIRST = new EpochMark(0, 0);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is negative, or if it covers an epoch that it has not come to
     */
    public EpochMark {
        if (covered < 0 || epoch < covered) {
            throw new IllegalArgumentException("a node in epoch " + epoch + " cannot hold what was left for epoch "
                    + covered + "; epochs are counted from 0, and covered ones come first");
        }
    }

    /**
     * Whether it holds all that was left for the epoch it has come to.
     *
     * @return true if nothing is to be taken over
     */
    public boolean isReady() {
        return covered == epoch;
    }

    @Override
    public String toString() {
        return isReady() ? "epoch " + epoch : "epoch " + epoch + ", covering " + covered;
    }
}
