// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Endpoint;
import io.paxos.model.Membership;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where it is so configured, a leader notices voters whose nodes have come back with another store than the one that is
 * counted, and asks of its own accord that the new store take the place of the lost one. It is a change of membership like
 * any other (rule 10), decided by those who still vote; so what the lost store had promised binds nobody the less.
 *
 * <p>Patience tells a lost store from two processes that by mistake run under one name: these take turns in being heard,
 * and the store that is counted goes on answering its leader.
 */
final class Readmission {

    private final MachineConfig config;
    private final Peers peers;
    private final Map<NodeId, Return> returned = new TreeMap<>();

    private record Return(Endpoint endpoint, long since) {}

    Readmission(MachineConfig config, Peers peers) {
        this.config = config;
        this.peers = peers;
    }

    /**
     * What is to be changed now, if anything. The same change is due again if it has not come about after as long again.
     *
     * @param leader this node's office
     * @param now the current tick
     * @return a change that admits one node, or null
     */
    @Nullable
    MembershipChange due(Leader leader, long now) {
        if (!peers.regimes().isKnown()) {
            return null;
        }
        Membership voters = peers.regimes().latest().configuration().voters();
        returned.keySet().retainAll(voters.voters().keySet());
        for (Endpoint voter : voters.endpoints()) {
            Endpoint heard = peers.whereabouts(voter.node());
            Return known = returned.get(voter.node());
            if (heard == null || heard.equals(voter)) {
                returned.remove(voter.node());
            } else if (known == null || !known.endpoint.equals(heard)) {
                returned.put(voter.node(), new Return(heard, now));
            } else if (now - known.since >= config.readmitTicks() && !leader.hears(voter, config.readmitTicks(), now)) {
                returned.put(voter.node(), new Return(heard, now));
                return MembershipChange.replace(voter.node(), voter.node());
            }
        }
        return null;
    }

    /** Whether nobody has come back with another store, as far as was seen when this was asked last. */
    boolean isIdle() {
        return returned.isEmpty();
    }

    /** Nothing is known to one who does not lead: whoever leads next has its own patience. */
    void forget() {
        returned.clear();
    }
}
