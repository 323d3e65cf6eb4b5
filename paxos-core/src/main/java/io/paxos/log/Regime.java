// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.quorum.QuorumSystem;
import io.paxos.quorum.VoteMasks;
import java.util.List;

/**
 * One configuration with the slot from which on it governs, until the next one does: who votes in those slots, and which
 * of their votes suffice. A vote counts down to the incarnation (rules 2 and 6). Not safe for use by several threads.
 */
public final class Regime {

    private final long from;
    private final Configuration configuration;
    private final QuorumSystem quorums;
    private final VoteMasks masks;
    private final List<Endpoint> voters;

    /**
     * The rule of one configuration.
     *
     * @param from the first slot it governs
     * @param configuration who votes
     * @param quorums which of the voters suffice
     * @throws IllegalArgumentException if more vote than can be counted
     */
    public Regime(long from, Configuration configuration, QuorumSystem quorums) {
        this.from = from;
        this.configuration = configuration;
        this.quorums = quorums;
        this.masks = new VoteMasks(quorums);
        this.voters = configuration.voters().endpoints();
    }

    /**
     * Where it begins to govern.
     *
     * @return the first slot
     */
    public long from() {
        return from;
    }

    /**
     * Who votes.
     *
     * @return the configuration
     */
    public Configuration configuration() {
        return configuration;
    }

    /**
     * Which votes suffice.
     *
     * @return the quorum system over the names of the voters
     */
    public QuorumSystem quorums() {
        return quorums;
    }

    /**
     * The voters as addressees.
     *
     * @return one endpoint each, in the order of their names
     */
    public List<Endpoint> voters() {
        return voters;
    }

    /**
     * Whether a vote counts.
     *
     * @param voter whose it is
     * @return true if exactly this store is a voter
     */
    public boolean counts(Endpoint voter) {
        return configuration.counts(voter);
    }

    /** The bit by which the votes of a store are counted in these slots, 0 if they are not. */
    long bit(Endpoint voter) {
        return counts(voter) ? masks.bit(voter.node()) : 0;
    }

    /** Whether votes, as bits, choose a value. */
    boolean isPhase2Quorum(long votes) {
        return masks.isPhase2Quorum(votes);
    }

    @Override
    public String toString() {
        return configuration + " from slot " + from;
    }
}
