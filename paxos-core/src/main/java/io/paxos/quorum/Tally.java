// SPDX-License-Identifier: Apache-2.0
package io.paxos.quorum;

import io.paxos.model.NodeId;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Counts the votes of one phase of one ballot: each acceptor once, and only acceptors that the quorum system counts
 * (rule 2). Not safe for use by several threads.
 */
public final class Tally {

    private final QuorumSystem quorums;
    private final Predicate<Set<NodeId>> suffices;
    private final Set<NodeId> voted = new HashSet<>();

    private Tally(QuorumSystem quorums, Predicate<Set<NodeId>> suffices) {
        this.quorums = quorums;
        this.suffices = suffices;
    }

    /**
     * An empty count of promises.
     *
     * @param quorums who counts, and how many suffice
     * @return a tally that is reached by a phase-1 quorum
     */
    public static Tally phase1(QuorumSystem quorums) {
        return new Tally(quorums, quorums::isPhase1Quorum);
    }

    /**
     * An empty count of acceptances.
     *
     * @param quorums who counts, and how many suffice
     * @return a tally that is reached by a phase-2 quorum
     */
    public static Tally phase2(QuorumSystem quorums) {
        return new Tally(quorums, quorums::isPhase2Quorum);
    }

    /**
     * Counts a vote. A second vote of the same acceptor, or one of a stranger, changes nothing.
     *
     * @param acceptor who voted
     * @return true if the vote is new and counts
     */
    public boolean add(NodeId acceptor) {
        return quorums.members().contains(acceptor) && voted.add(acceptor);
    }

    /**
     * Whether this acceptor's vote has been counted.
     *
     * @param acceptor the acceptor asked about
     * @return true if it has voted
     */
    public boolean has(NodeId acceptor) {
        return voted.contains(acceptor);
    }

    /**
     * Whether the votes counted so far are a quorum. Once true, it stays true.
     *
     * @return true if a quorum voted
     */
    public boolean isReached() {
        return suffices.test(voted);
    }

    @Override
    public String toString() {
        return voted + " of " + quorums.members();
    }
}
