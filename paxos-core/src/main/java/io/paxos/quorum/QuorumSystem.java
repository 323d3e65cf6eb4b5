// SPDX-License-Identifier: Apache-2.0
package io.paxos.quorum;

import io.paxos.model.NodeId;
import java.util.Set;

/**
 * Which sets of acceptors suffice for phase 1 and for phase 2. The one thing Paxos needs of it: every phase-1 quorum
 * shares an acceptor with every phase-2 quorum (Howard, Malkhi, Spiegelman, "Flexible Paxos", 2016). Implementations
 * prove that in their constructor and throw where it does not hold. Whatever contains a quorum is a quorum too, so that
 * further answers never undo one. Implementations are immutable and safe for any thread.
 */
public interface QuorumSystem {

    /** The most characters that a description may have. */
    int MAX_DESCRIPTION = 8192;

    /**
     * The acceptors this system is defined over.
     *
     * @return an immutable set, never empty
     */
    Set<NodeId> members();

    /**
     * The rule in one line, for people and for other nodes: systems that describe themselves alike have the same
     * members and the same quorums. Nodes compare these texts and do not count each other's votes where they differ,
     * so the text must name all that the rule depends on, must be the same in every process, and must not change while
     * a cluster lives.
     *
     * @return one line of at most {@link #MAX_DESCRIPTION} characters, never blank
     */
    String description();

    /**
     * Whether the promises of these acceptors complete phase 1.
     *
     * @param acceptors who promised; names that are not members count for nothing
     * @return true if they are a phase-1 quorum
     */
    boolean isPhase1Quorum(Set<NodeId> acceptors);

    /**
     * Whether acceptance by these acceptors chooses a value.
     *
     * @param acceptors who accepted; names that are not members count for nothing
     * @return true if they are a phase-2 quorum
     */
    boolean isPhase2Quorum(Set<NodeId> acceptors);
}
