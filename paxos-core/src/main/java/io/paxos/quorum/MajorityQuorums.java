// SPDX-License-Identifier: Apache-2.0
package io.paxos.quorum;

import io.paxos.model.NodeId;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * More than half of the acceptors, in both phases: any two such sets share an acceptor. Of an even number, half is not
 * enough.
 *
 * @param members the acceptors
 */
public record MajorityQuorums(Set<NodeId> members) implements QuorumSystem {

    /**
     * Copies and checks the members.
     *
     * @throws IllegalArgumentException if there are none
     */
    public MajorityQuorums {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a quorum system needs at least one member");
        }
        members = Set.copyOf(members);
    }

    /**
     * Majorities of the given acceptors.
     *
     * @param members the acceptors; repetitions count once
     * @return the quorum system
     */
    public static MajorityQuorums of(Collection<NodeId> members) {
        return new MajorityQuorums(Set.copyOf(members));
    }

    @Override
    public String description() {
        return "majority of " + new TreeSet<>(members);
    }

    @Override
    public boolean isPhase1Quorum(Set<NodeId> acceptors) {
        return isMajority(acceptors);
    }

    @Override
    public boolean isPhase2Quorum(Set<NodeId> acceptors) {
        return isMajority(acceptors);
    }

    private boolean isMajority(Set<NodeId> acceptors) {
        int counted = 0;
        for (NodeId acceptor : acceptors) {
            if (members.contains(acceptor)) {
                counted++;
            }
        }
        return counted > members.size() / 2;
    }
}
