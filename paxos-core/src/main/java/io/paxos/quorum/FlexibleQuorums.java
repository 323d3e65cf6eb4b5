// SPDX-License-Identifier: Apache-2.0
package io.paxos.quorum;

import io.paxos.model.NodeId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Quorums of different size in the two phases (Howard, Malkhi, Spiegelman, "Flexible Paxos", 2016): any {@code phase1}
 * acceptors complete phase 1, any {@code phase2} acceptors choose. Small phase-2 quorums make commands cheaper and
 * leader changes dearer. The sizes must add up to more than the number of acceptors; otherwise two quorums exist that
 * share nobody, and two values could be chosen.
 *
 * @param members the acceptors
 * @param phase1 how many acceptors complete phase 1
 * @param phase2 how many acceptors choose a value
 */
public record FlexibleQuorums(Set<NodeId> members, int phase1, int phase2) implements QuorumSystem {

    /**
     * Copies the members and proves that the quorums intersect.
     *
     * @throws IllegalArgumentException if there are no members, if a size is not between 1 and their number, or if a
     *     phase-1 and a phase-2 quorum exist that share no acceptor; the message names two such quorums
     */
    public FlexibleQuorums {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a quorum system needs at least one member");
        }
        members = Set.copyOf(members);
        int n = members.size();
        requireSize("phase-1", phase1, n);
        requireSize("phase-2", phase2, n);
        if (phase1 + phase2 <= n) {
            List<NodeId> sorted = List.copyOf(new TreeSet<>(members));
            throw new IllegalArgumentException("quorums must intersect, but the phase-1 quorum "
                    + sorted.subList(0, phase1) + " and the phase-2 quorum " + sorted.subList(n - phase2, n)
                    + " share no member; choose sizes whose sum is at least " + (n + 1));
        }
    }

    private static void requireSize(String phase, int size, int n) {
        if (size < 1 || size > n) {
            throw new IllegalArgumentException(
                    "a " + phase + " quorum of " + n + " members must have 1 to " + n + " of them, not " + size);
        }
    }

    @Override
    public String description() {
        return "phase 1: " + phase1 + ", phase 2: " + phase2 + " of " + new TreeSet<>(members);
    }

    @Override
    public boolean isPhase1Quorum(Set<NodeId> acceptors) {
        return count(acceptors) >= phase1;
    }

    @Override
    public boolean isPhase2Quorum(Set<NodeId> acceptors) {
        return count(acceptors) >= phase2;
    }

    private int count(Set<NodeId> acceptors) {
        int counted = 0;
        for (NodeId acceptor : acceptors) {
            if (members.contains(acceptor)) {
                counted++;
            }
        }
        return counted;
    }
}
