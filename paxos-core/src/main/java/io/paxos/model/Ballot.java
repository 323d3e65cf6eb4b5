// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * A ballot number: the total order on which Paxos stands. A ballot belongs to one start of one node and is never used
 * twice (rule 1): {@code start} is a nonce that the host draws at every start of the node, so that a node whose memory
 * was lost cannot reuse a ballot of its former life by counting from zero again.
 *
 * @param round the major part, compared first; at least 0
 * @param proposer the node that may propose at this ballot
 * @param start the nonce of the start of that node
 */
public record Ballot(long round, NodeId proposer, long start) implements Comparable<Ballot> {

    /**
     * Below every ballot that anyone proposes at: what an acceptor has promised before its first promise. No other
     * ballot has round 0.
     */
    public static final Ballot ZERO = new Ballot(0, new NodeId("-"), 0);

    private static final long FARTHEST_LEAP = 1L << 40;

    /**
     * Checks the round.
     *
     * @throws IllegalArgumentException if the round is negative, or 0 in a ballot other than {@link #ZERO}
     */
    public Ballot {
        if (round < 0) {
            throw new IllegalArgumentException("a ballot's round must not be negative, but is " + round);
        }
        if (round == 0 && (start != 0 || !proposer.name().equals("-"))) {
            throw new IllegalArgumentException("round 0 is below every proposer's ballots, but one of " + proposer
                    + " was given; proposers begin at round 1");
        }
    }

    /**
     * A ballot of the given proposer above this one. Whoever takes it must run phase 1 for it.
     *
     * @param newProposer the node that will propose
     * @param newStart the nonce of that node's start
     * @return a ballot greater than this one
     * @throws ArithmeticException if the rounds are used up
     */
    public Ballot next(NodeId newProposer, long newStart) {
        return new Ballot(Math.addExact(round, 1), newProposer, newStart);
    }

    /**
     * Whether this is no ballot at all, but the mark that stands below all of them.
     *
     * @return true for {@link #ZERO}
     */
    public boolean isZero() {
        return round == 0;
    }

    /**
     * Whether this lies farther above another ballot than campaigns ever lead, so that only damage or malice can be behind
     * it. Whoever followed it would use up the rounds, for everybody and for ever.
     *
     * @param known a ballot that was met before
     * @return true if the rounds between them are more than a node could use in centuries
     */
    public boolean isBeyondReasonAfter(Ballot known) {
        return round - known.round > FARTHEST_LEAP;
    }

    @Override
    public int compareTo(Ballot other) {
        int byRound = Long.compare(round, other.round);
        if (byRound != 0) {
            return byRound;
        }
        int byProposer = proposer.compareTo(other.proposer);
        return byProposer != 0 ? byProposer : Long.compare(start, other.start);
    }

    /**
     * The greater of two ballots.
     *
     * @param a a ballot
     * @param b a ballot
     * @return {@code a} if it is at least {@code b}, else {@code b}
     */
    public static Ballot max(Ballot a, Ballot b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    // Written out, as in Endpoint.
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Ballot o && round == o.round && start == o.start && proposer.equals(o.proposer));
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(round) + proposer.hashCode()) + Long.hashCode(start);
    }

    @Override
    public String toString() {
        return isZero() ? "0" : round + "." + proposer + "." + Integer.toHexString(Long.hashCode(start));
    }
}
