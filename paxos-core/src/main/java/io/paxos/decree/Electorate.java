// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.model.Endpoint;
import io.paxos.model.Membership;
import io.paxos.quorum.QuorumSystem;
import java.util.List;

/**
 * Whose votes count, and how many suffice.
 *
 * @param membership the vector with which the cluster formed
 * @param quorums over exactly the names of that vector
 * @param endpoints the members as addressees
 */
record Electorate(Membership membership, QuorumSystem quorums, List<Endpoint> endpoints) {

    Electorate {
        if (!quorums.members().equals(membership.voters().keySet())) {
            throw new IllegalArgumentException("the quorums are those of " + quorums.members()
                    + ", but the cluster formed with " + membership.voters().keySet());
        }
        endpoints = List.copyOf(endpoints);
    }

    static Electorate of(Membership membership, QuorumSystem quorums) {
        return new Electorate(membership, quorums, membership.endpoints());
    }

    /** Whether this very store is counted (rule 2). */
    boolean counts(Endpoint voter) {
        return membership.counts(voter);
    }
}
