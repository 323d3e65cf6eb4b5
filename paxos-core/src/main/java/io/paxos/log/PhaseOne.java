package io.paxos.log;

import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.quorum.QuorumSystem;
import io.paxos.quorum.Tally;
import io.paxos.single.SafetyRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Phase 1 of one ballot for all slots from one on. A promise comes in parts and counts only when it is complete
 * (rule 3). When a quorum's promises are complete, the slots fall into three kinds: those a promise reported as
 * decided, which are learned; those above in which something was accepted, or that lie below such a slot, which are to
 * be proposed again or closed by no-ops (rule 5); and the free ones behind. Not safe for use by several threads.
 */
public final class PhaseOne {

    /** How far this phase has come. */
    public enum Progress {
        /** The promise changed nothing, or more are needed. */
        WAITING,
        /** The promise goes on; its next part has to be asked for. */
        MORE_PARTS,
        /** A quorum's promises are complete. */
        COMPLETE
    }

    private final Ballot ballot;
    private final long from;
    private final Tally tally;
    private final Map<NodeId, Long> reportedUpTo = new HashMap<>();
    private final NavigableMap<Long, Proposal<Value>> found = new TreeMap<>();
    private final NavigableMap<Long, Value> decidedValues = new TreeMap<>();
    private long decided;

    /**
     * Begins phase 1.
     *
     * @param quorums which acceptors count and how many suffice
     * @param ballot the candidate's ballot
     * @param from the first slot asked about: one above the last slot decided at the candidate
     */
    public PhaseOne(QuorumSystem quorums, Ballot ballot, long from) {
        this.ballot = ballot;
        this.from = from;
        this.tally = Tally.phase1(quorums);
        this.decided = from - 1;
    }

    /**
     * Counts one part of a promise. Parts of another ballot, repeated ones and those behind a gap change nothing.
     *
     * @param acceptor who promised, as the host has authenticated it; the caller has checked its incarnation
     * @param promise the part
     * @return how far the phase has come
     * @throws IllegalStateException if two values of one ballot, or two decided values, were reported for a slot
     */
    public Progress onPromise(NodeId acceptor, LogMessage.Promise promise) {
        boolean isNext = promise.slots().first() == nextPart(acceptor);
        if (!promise.ballot().equals(ballot) || !isNext || tally.has(acceptor)) {
            return Progress.WAITING;
        }
        if (!isWellFormed(promise)) {
            return Progress.WAITING;
        }
        for (SlotProposal reported : promise.accepted()) {
            take(reported, reported.slot() <= promise.decided());
        }
        reportedUpTo.put(acceptor, promise.slots().end());
        if (!promise.last()) {
            return Progress.MORE_PARTS;
        }
        decided = Math.max(decided, Math.max(promise.decided(), promise.compacted()));
        boolean counted = tally.add(acceptor);
        return counted && tally.isReached() ? Progress.COMPLETE : Progress.WAITING;
    }

    /** A part speaks for the slots it names and no others, and for no more than an acceptor can hold. */
    private static boolean isWellFormed(LogMessage.Promise promise) {
        long heldFrom = Math.max(promise.slots().first(), promise.compacted() + 1);
        return promise.compacted() < promise.slots().end()
                && promise.slots().end() - heldFrom <= AcceptedLog.REACH
                && promise.accepted().stream()
                        .allMatch(reported -> promise.slots().contains(reported.slot()));
    }

    private void take(SlotProposal reported, boolean isDecided) {
        if (!isDecided) {
            found.merge(reported.slot(), reported.proposal(), SafetyRules::higher);
            return;
        }
        Value value = reported.proposal().value();
        Value known = decidedValues.put(reported.slot(), value);
        if (known != null && !known.equals(value)) {
            throw new IllegalStateException(
                    "slot " + reported.slot() + " was decided with " + known + " and with " + value);
        }
    }

    /**
     * Where the next part of an acceptor's promise begins.
     *
     * @param acceptor the acceptor
     * @return the slot to ask for
     */
    public long nextPart(NodeId acceptor) {
        return reportedUpTo.getOrDefault(acceptor, from);
    }

    /**
     * Whether an acceptor's promise is complete.
     *
     * @param acceptor the acceptor
     * @return true if it need not be asked again
     */
    public boolean hasPromised(NodeId acceptor) {
        return tally.has(acceptor);
    }

    /**
     * The decided values reported, as far as they join without a gap to what the candidate had decided.
     *
     * @return values of consecutive slots from the first slot asked about
     */
    public List<Value> decidedValues() {
        List<Value> values = new ArrayList<>();
        for (long slot = from; decidedValues.containsKey(slot); slot++) {
            values.add(decidedValues.get(slot));
        }
        return values;
    }

    /**
     * Where this phase begins.
     *
     * @return the first slot asked about
     */
    public long from() {
        return from;
    }

    /**
     * The last slot that some acceptor of the quorum knows to be decided, or has compacted. Nothing may be proposed up
     * to here, no no-op either (rule 3): whoever has not learned these slots must fetch them.
     *
     * @return the slot
     */
    public long decided() {
        return decided;
    }

    /**
     * What must be proposed again, once a quorum's promises are complete: for each slot behind what is decided up to
     * the last one in which anything was accepted, the value of the highest-ballot proposal reported (P2c), or a no-op
     * where none was.
     *
     * @param decidedHere every slot up to here is decided at the candidate by now, which may have learned more than the
     *     promises report while it waited for them; at least {@link #decided()}
     * @return the values, from slot {@code decidedHere + 1} on
     * @throws IllegalStateException if no quorum's promises are complete, or if the candidate has not learned all that
     *     they report as decided
     */
    public List<Value> mustPropose(long decidedHere) {
        if (!tally.isReached()) {
            throw new IllegalStateException("phase 1 of " + ballot + " has no quorum yet: " + tally);
        }
        if (decidedHere < decided) {
            throw new IllegalStateException("nothing may be proposed up to slot " + decided
                    + ", which a promise reports as decided; known here are only those up to " + decidedHere);
        }
        List<Value> values = new ArrayList<>();
        long last = found.isEmpty() ? decidedHere : found.lastKey();
        for (long slot = decidedHere + 1; slot <= last; slot++) {
            Proposal<Value> proposal = found.get(slot);
            values.add(proposal == null ? Value.NO_OP : proposal.value());
        }
        return values;
    }

    /**
     * The ballot of this phase.
     *
     * @return the ballot given to the constructor
     */
    public Ballot ballot() {
        return ballot;
    }
}
