// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.QuorumSystem;
import io.paxos.quorum.Tally;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, at one ballot, to get a value chosen. Phase 1 asks a quorum what it has accepted; phase 2 proposes what
 * P2c allows. An attempt that meets a higher ballot is over: the next one takes a new ballot, and with it a new
 * Proposer, which starts with phase 1 (rule 1). Not safe for use by several threads.
 */
public final class Proposer {

    /** How far an attempt has come. */
    public enum Phase {
        /** Collecting promises. */
        PREPARING,
        /** Collecting acceptances. */
        ACCEPTING,
        /** A phase-2 quorum accepted: the value is chosen. */
        CHOSEN,
        /** An acceptor has promised a higher ballot. The value proposed may still be chosen, by this ballot or that. */
        SUPERSEDED
    }

    private final Ballot ballot;
    private final Payload wanted;
    private final Tally promises;
    private final Tally acceptances;
    private Phase phase = Phase.PREPARING;
    private final List<Proposal<Payload>> reported = new ArrayList<>();
    private Ballot highestSeen;
    private @Nullable Payload proposed;

    /**
     * An attempt that has sent nothing yet.
     *
     * @param quorums which acceptors count and how many suffice
     * @param ballot a ballot that belongs to this proposer and was never used before
     * @param wanted the value to propose if the acceptors leave the choice
     * @throws IllegalArgumentException if the ballot is {@link Ballot#ZERO}, at which nobody proposes
     */
    public Proposer(QuorumSystem quorums, Ballot ballot, Payload wanted) {
        if (ballot.isZero()) {
            throw new IllegalArgumentException("nobody proposes at ballot 0; take a ballot by Ballot.next");
        }
        this.ballot = ballot;
        this.wanted = wanted;
        this.promises = Tally.phase1(quorums);
        this.acceptances = Tally.phase2(quorums);
        this.highestSeen = ballot;
    }

    /**
     * Phase 1a. The request for all acceptors; it may be sent again as often as the network needs.
     *
     * @return the Prepare of this ballot
     */
    public SingleMessage.Prepare prepare() {
        return new SingleMessage.Prepare(ballot);
    }

    /**
     * Phase 2a begins with the promise that completes a phase-1 quorum: the value is then that of the highest-ballot
     * proposal reported (P2c), or the one wanted if none was. Promises of other ballots, of strangers and repeated
     * ones change nothing.
     *
     * @param from the acceptor, as the host has authenticated it
     * @param promise its promise
     * @return the Accept for all acceptors if this promise completed the quorum, else null
     * @throws IllegalStateException if the quorum reports two values of one ballot, see {@link SafetyRules#higher};
     *     this attempt then never proposes anything
     */
    public SingleMessage.@Nullable Accept onPromise(NodeId from, SingleMessage.Promise promise) {
        if (phase != Phase.PREPARING || !promise.ballot().equals(ballot) || !promises.add(from)) {
            return null;
        }
        if (promise.accepted() != null) {
            reported.add(promise.accepted());
        }
        if (!promises.isReached()) {
            return null;
        }
        Proposal<Payload> binding = SafetyRules.mustPropose(reported);
        phase = Phase.ACCEPTING;
        proposed = binding == null ? wanted : binding.value();
        reported.clear();
        return new SingleMessage.Accept(ballot, proposed);
    }

    /**
     * Counts an acceptance. Those of other ballots, of strangers and repeated ones change nothing. An attempt that met
     * a Nack goes on counting: what a quorum accepted is chosen, whoever else refused.
     *
     * @param from the acceptor, as the host has authenticated it
     * @param accepted its acceptance
     * @return the chosen value if this acceptance completed a phase-2 quorum, else null
     */
    public @Nullable Payload onAccepted(NodeId from, SingleMessage.Accepted accepted) {
        if (proposed == null
                || phase == Phase.CHOSEN
                || !accepted.ballot().equals(ballot)
                || !acceptances.add(from)
                || !acceptances.isReached()) {
            return null;
        }
        phase = Phase.CHOSEN;
        return proposed;
    }

    /**
     * Notes that an acceptor has promised a higher ballot. The host should back off and try again above
     * {@link #highestSeen()}.
     *
     * @param nack the refusal
     */
    public void onNack(SingleMessage.Nack nack) {
        if (!nack.ballot().equals(ballot) || nack.promised().compareTo(ballot) <= 0) {
            return;
        }
        highestSeen = Ballot.max(highestSeen, nack.promised());
        if (phase != Phase.CHOSEN) {
            phase = Phase.SUPERSEDED;
        }
    }

    /**
     * The ballot of this attempt.
     *
     * @return the ballot given to the constructor
     */
    public Ballot ballot() {
        return ballot;
    }

    /**
     * How far the attempt has come.
     *
     * @return the phase
     */
    public Phase phase() {
        return phase;
    }

    /**
     * The value this attempt proposes, once phase 1 has settled it.
     *
     * @return the value of the Accept, or null while promises are missing
     */
    public @Nullable Payload proposed() {
        return proposed;
    }

    /**
     * The highest ballot this attempt has met; the next attempt must lie above it.
     *
     * @return at least the own ballot
     */
    public Ballot highestSeen() {
        return highestSeen;
    }

    /**
     * Whether this acceptor has answered the phase under way, so that it need not be asked again.
     *
     * @param acceptor the acceptor asked about
     * @return true if its answer has been counted
     */
    public boolean hasAnswered(NodeId acceptor) {
        return proposed == null ? promises.has(acceptor) : acceptances.has(acceptor);
    }

    @Override
    public String toString() {
        return phase + " at " + ballot + (proposed == null ? "" : " with " + proposed);
    }
}
