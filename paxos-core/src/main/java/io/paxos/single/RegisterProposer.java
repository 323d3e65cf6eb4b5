// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.QuorumSystem;
import io.paxos.quorum.Tally;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, at one ballot, to change what acceptors hold (Rystsov, "CASPaxos: Replicated State Machines without logs",
 * 2018). Phase 1 finds the value that binds the proposer, as in {@link Proposer}; but what is proposed is made out of
 * that value, by the host: the value itself, to finish what someone began, or what a change makes of it. An attempt that
 * meets a higher ballot is over, and the next one takes a new ballot and begins with phase 1 (rule 1). Not safe for use
 * by several threads.
 */
public final class RegisterProposer {

    /** How far an attempt has come. */
    public enum Phase {
        /** Collecting promises. */
        PREPARING,
        /** A phase-1 quorum has promised; the host has to say what to propose. */
        PREPARED,
        /** Collecting acceptances. */
        ACCEPTING,
        /** A phase-2 quorum accepted: what was proposed is chosen. */
        CHOSEN,
        /** An acceptor has promised a higher ballot. What was proposed may still be chosen, by this ballot or that. */
        SUPERSEDED
    }

    private final Ballot ballot;
    private final Survey promises;
    private final Tally acceptances;
    private Phase phase = Phase.PREPARING;
    private Ballot highestSeen;
    private @Nullable Payload proposed;

    /**
     * An attempt that has sent nothing yet.
     *
     * @param quorums which acceptors count and how many suffice
     * @param ballot a ballot that belongs to this proposer and was never used before
     * @throws IllegalArgumentException if the ballot is {@link Ballot#ZERO}, at which nobody proposes
     */
    public RegisterProposer(QuorumSystem quorums, Ballot ballot) {
        this(quorums, ballot, true);
    }

    /**
     * The same where acceptors may hold what others have accepted and they themselves have not (rule 16).
     *
     * @param quorums which acceptors count and how many suffice
     * @param ballot a ballot that belongs to this proposer and was never used before
     * @param areVotes whether what an acceptor reports in its promise is a vote of its own, see {@link Survey}
     * @throws IllegalArgumentException if the ballot is {@link Ballot#ZERO}, at which nobody proposes
     */
    public RegisterProposer(QuorumSystem quorums, Ballot ballot, boolean areVotes) {
        if (ballot.isZero()) {
            throw new IllegalArgumentException("nobody proposes at ballot 0; take a ballot by Ballot.next");
        }
        this.ballot = ballot;
        this.promises = new Survey(quorums, areVotes);
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
     * Counts a promise. Promises of other ballots, of strangers and repeated ones change nothing.
     *
     * @param from the acceptor, as the host has authenticated it
     * @param promise its promise
     * @return true if it completes a phase-1 quorum, so that {@link #found()} binds and {@link #propose} may be called
     * @throws IllegalStateException if two values of one ballot are reported, see {@link SafetyRules#higher}; this
     *     attempt then never proposes anything
     */
    public boolean onPromise(NodeId from, SingleMessage.Promise promise) {
        if (phase != Phase.PREPARING
                || !promise.ballot().equals(ballot)
                || !promises.add(from, promise.accepted())
                || !promises.isComplete()) {
            return false;
        }
        phase = Phase.PREPARED;
        return true;
    }

    /**
     * What phase 1 has found.
     *
     * @return the highest-ballot proposal that a phase-1 quorum reports, out of whose value the next one must be made;
     *     null if the quorum reports none
     */
    public @Nullable Proposal<Payload> found() {
        return promises.found();
    }

    /**
     * Whether what phase 1 has found is known to be chosen, see {@link Survey#isSettled()}.
     *
     * @return true if nothing need be proposed to be certain of it
     */
    public boolean isSettled() {
        return promises.isSettled();
    }

    /**
     * Phase 2a.
     *
     * @param value what was found, or what a change made of it
     * @return the Accept for all acceptors
     * @throws IllegalStateException if phase 1 is not complete, something was proposed before, or a higher ballot has
     *     been met; nothing is proposed then
     */
    public SingleMessage.Accept propose(Payload value) {
        if (phase != Phase.PREPARED) {
            throw new IllegalStateException("an attempt that is " + phase + " cannot propose " + value);
        }
        phase = Phase.ACCEPTING;
        proposed = value;
        return new SingleMessage.Accept(ballot, value);
    }

    /**
     * Counts an acceptance. Those of other ballots, of strangers and repeated ones change nothing. An attempt that met a
     * Nack goes on counting: what a quorum accepted is chosen, whoever else refused.
     *
     * @param from the acceptor, as the host has authenticated it
     * @param accepted its acceptance
     * @return true if it completes a phase-2 quorum: what was proposed is chosen
     */
    public boolean onAccepted(NodeId from, SingleMessage.Accepted accepted) {
        if (proposed == null
                || phase == Phase.CHOSEN
                || !accepted.ballot().equals(ballot)
                || !acceptances.add(from)
                || !acceptances.isReached()) {
            return false;
        }
        phase = Phase.CHOSEN;
        return true;
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
        return phase + " at " + ballot;
    }
}
