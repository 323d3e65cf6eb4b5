// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.model.Endpoint;
import io.paxos.model.Membership;
import io.paxos.quorum.QuorumSystem;
import java.util.List;

/**
 * Whose votes count in one epoch, and how many suffice.
 *
 * @param epoch the epoch; 0 is that of the vector with which the cluster formed
 * @param membership its members
 * @param quorums over exactly the names of that vector
 * @param endpoints the members as addressees
 */
record Electorate(long epoch, Membership membership, QuorumSystem quorums, List<Endpoint> endpoints) {

    Electorate {
        if (!quorums.members().equals(membership.voters().keySet())) {
            throw new IllegalArgumentException("the quorums are those of " + quorums.members()
                    + ", but those who vote in epoch " + epoch + " are "
                    + membership.voters().keySet());
        }
        endpoints = List.copyOf(endpoints);
    }

    static Electorate of(Membership membership, QuorumSystem quorums) {
        return of(0, membership, quorums);
    }

    static Electorate of(long epoch, Membership membership, QuorumSystem quorums) {
        return new Electorate(epoch, membership, quorums, membership.endpoints());
    }

    /**
     * Whether what a member says that it has accepted is a vote of its own. Later members may hold what others had accepted, and
     * with it promises of higher ballots that those never gave; so many of them may hold what was never chosen (rule 16).
     */
    boolean holdsOnlyVotes() {
        return epoch == 0;
    }

    /** Whether this very store is counted (rule 2). */
    boolean counts(Endpoint voter) {
        return membership.counts(voter);
    }
}
