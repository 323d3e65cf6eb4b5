// SPDX-License-Identifier: Apache-2.0
package io.paxos.quorum;

import io.paxos.model.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Counts phase-2 votes of many slots: the votes of one slot are the bits of a {@code long}, one bit for each member, and
 * whether a set of bits is a quorum is asked of the quorum system once. Gives the same answers as {@link Tally}. Not
 * safe for use by several threads.
 */
public final class VoteMasks {

    private final QuorumSystem quorums;
    private final List<NodeId> members;
    private final Map<NodeId, Long> bits = new HashMap<>();
    private final Map<Long, Boolean> reached = new HashMap<>();
    private long lastAsked;
    private boolean lastAnswer;

    /**
     * Masks over the members of a quorum system.
     *
     * @param quorums which acceptors count and how many suffice
     * @throws IllegalArgumentException if it has more than 64 members
     */
    public VoteMasks(QuorumSystem quorums) {
        if (quorums.members().size() > Long.SIZE) {
            throw new IllegalArgumentException("at most 64 acceptors are supported, not "
                    + quorums.members().size());
        }
        this.quorums = quorums;
        this.members = List.copyOf(new TreeSet<>(quorums.members()));
        for (int i = 0; i < members.size(); i++) {
            bits.put(members.get(i), 1L << i);
        }
    }

    /**
     * The bit of an acceptor.
     *
     * @param acceptor the acceptor
     * @return a mask with one bit set, or 0 if the acceptor does not count
     */
    public long bit(NodeId acceptor) {
        return bits.getOrDefault(acceptor, 0L);
    }

    /**
     * Whether these votes choose a value.
     *
     * @param votes the bits of those who accepted
     * @return true if they are a phase-2 quorum
     */
    public boolean isPhase2Quorum(long votes) {
        // Of many slots that one message accepts, nearly all have the same votes. No votes are never a quorum.
        if (votes != lastAsked) {
            lastAnswer = isReached(votes);
            lastAsked = votes;
        }
        return lastAnswer;
    }

    private boolean isReached(long votes) {
        return reached.computeIfAbsent(votes, mask -> {
            Set<NodeId> voted = new HashSet<>();
            for (int i = 0; i < members.size(); i++) {
                if ((mask & (1L << i)) != 0) {
                    voted.add(members.get(i));
                }
            }
            return quorums.isPhase2Quorum(voted);
        });
    }
}
