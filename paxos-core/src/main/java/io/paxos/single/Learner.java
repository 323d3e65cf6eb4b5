// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.QuorumSystem;
import io.paxos.quorum.Tally;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which value has been chosen, by counting acceptances of one ballot (never across ballots) or by being
 * told. A value chosen stays chosen: a learner that is shown another one finds the rules broken and says so. It keeps
 * one value and a count for every ballot it is shown, so a host lets go of it once the value is known and used. Not safe
 * for use by several threads.
 */
public final class Learner {

    private final QuorumSystem quorums;
    private final Map<Ballot, Count> counts = new HashMap<>();
    private @Nullable Payload chosen;

    /**
     * A learner that knows nothing.
     *
     * @param quorums which acceptors count and how many suffice
     */
    public Learner(QuorumSystem quorums) {
        this.quorums = quorums;
    }

    /**
     * Counts that an acceptor has accepted a proposal. Repetitions and strangers change nothing.
     *
     * @param from the acceptor, as the host has authenticated it
     * @param proposal what it accepted
     * @return the chosen value if one is known now, else null
     * @throws IllegalStateException if two values appear at one ballot, or another value was chosen before
     */
    public @Nullable Payload onAccepted(NodeId from, Proposal<Payload> proposal) {
        if (!quorums.members().contains(from)) {
            return chosen;
        }
        Count count =
                counts.computeIfAbsent(proposal.ballot(), ballot -> new Count(Tally.phase2(quorums), proposal.value()));
        if (!count.value.equals(proposal.value())) {
            throw new IllegalStateException("ballot " + proposal.ballot() + " was accepted with " + count.value
                    + " and with " + proposal.value());
        }
        if (count.tally.add(from) && count.tally.isReached()) {
            return learn(proposal.value());
        }
        return chosen;
    }

    /**
     * Learns from someone who already knows.
     *
     * @param decide the chosen value
     * @return that value
     * @throws IllegalStateException if another value was chosen before
     */
    public Payload onDecide(SingleMessage.Decide decide) {
        return learn(decide.value());
    }

    private Payload learn(Payload value) {
        if (chosen != null && !chosen.equals(value)) {
            throw new IllegalStateException("two values were chosen: " + chosen + " and " + value);
        }
        chosen = value;
        return value;
    }

    /**
     * The chosen value.
     *
     * @return the value, or null while none is known to be chosen
     */
    public @Nullable Payload chosen() {
        return chosen;
    }

    private record Count(Tally tally, Payload value) {}
}
