// SPDX-License-Identifier: Apache-2.0
package io.paxos.event;

/** What a read of a log must have in it. All moments are those of this node's own monotonic clock, in nanoseconds. */
public sealed interface Freshness {

    /** Everything that was acknowledged to anyone before the read came, as a quorum tells (rule 13). */
    record Acknowledged() implements Freshness {}

    /**
     * The same, told by this node alone if it holds a lease (rule 14), else as a quorum tells.
     *
     * @param calledAt a moment between the call and its answer
     */
    record UnderLease(long calledAt) implements Freshness {}

    /**
     * The slots up to one.
     *
     * @param slot the last of them
     */
    record AtLeast(long slot) implements Freshness {}

    /**
     * Everything that was acknowledged to anyone before a moment.
     *
     * @param since the moment
     */
    record MarkedSince(long since) implements Freshness {}

    /** What a read has that says nothing else. */
    Freshness ACKNOWLEDGED = new Acknowledged();
}
