// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.quorum.Tally;
import io.paxos.single.SafetyRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Phase 1 of one ballot for all slots from one on. A promise comes in parts and counts only when it is complete
 * (rule 3). When a quorum's promises are complete, the slots fall into three kinds: those a promise reported as
 * decided, which are learned; those above in which something was accepted, or that lie below such a slot, which are to
 * be proposed again or closed by no-ops (rule 5); and the free ones behind.
 *
 * <p>Who governs a slot must have promised before anything is proposed there (rule 10). Where the membership changes,
 * further configurations govern later slots; they are asked too, at the same ballot, and until a quorum of theirs has
 * promised, nothing is proposed in their slots. What anyone reports is taken into account, whether it votes there or not:
 * that leaves out nothing, and every proposal ever made at a ballot above that of a chosen value has this value.
 *
 * <p>Not safe for use by several threads.
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
    private final Map<Endpoint, Long> reportedUpTo = new HashMap<>();
    private final Set<Endpoint> promised = new LinkedHashSet<>();
    private final NavigableMap<Long, Proposal<Value>> found = new TreeMap<>();
    private final NavigableMap<Long, Value> decidedValues = new TreeMap<>();
    private List<Regime> regimes = List.of();
    private List<Tally> tallies = List.of();
    private long preparedUpTo;
    private long decided;
    private long lastFound;

    /**
     * Begins phase 1.
     *
     * @param regimes who governs the slots from {@code from} on, in their order
     * @param ballot the candidate's ballot
     * @param from the first slot asked about: one above the last slot decided at the candidate
     */
    public PhaseOne(List<Regime> regimes, Ballot ballot, long from) {
        this.ballot = ballot;
        this.from = from;
        this.decided = from - 1;
        govern(regimes);
    }

    /**
     * More is known of who governs the slots behind what is decided. Promises given count for whoever governs, for they
     * speak of all slots behind the first one asked about.
     *
     * @param governing who governs from the first slot that is not decided on, in the order of the slots
     */
    public void govern(List<Regime> governing) {
        if (governing.equals(regimes)) {
            return;
        }
        regimes = List.copyOf(governing);
        List<Tally> counts = new ArrayList<>();
        for (Regime regime : regimes) {
            Tally tally = Tally.phase1(regime.quorums());
            promised.stream().filter(regime::counts).forEach(acceptor -> tally.add(acceptor.node()));
            counts.add(tally);
        }
        tallies = counts;
        seeHowFarPrepared();
    }

    private void seeHowFarPrepared() {
        for (int i = 0; i < regimes.size(); i++) {
            if (!tallies.get(i).isReached()) {
                preparedUpTo = i == 0 ? 0 : regimes.get(i).from() - 1;
                return;
            }
        }
        preparedUpTo = Long.MAX_VALUE;
    }

    /**
     * Up to where quorums of all that govern have promised, so that slots may be proposed in as far as that is concerned.
     *
     * @return the last such slot; 0 if there is none, {@link Long#MAX_VALUE} if all have that are known to govern
     */
    public long preparedUpTo() {
        return preparedUpTo;
    }

    /**
     * Counts one part of a promise. Parts of another ballot, repeated ones and those behind a gap change nothing, nor do
     * those of a store that no configuration counts.
     *
     * @param acceptor who promised, as the host has authenticated it
     * @param promise the part
     * @return how far the phase has come: complete as soon as the first slot that is not decided may be proposed in
     * @throws IllegalStateException if two values of one ballot, or two decided values, were reported for a slot
     */
    public Progress onPromise(Endpoint acceptor, LogMessage.Promise promise) {
        boolean isNext = promise.slots().first() == nextPart(acceptor);
        if (!promise.ballot().equals(ballot) || !isNext || promised.contains(acceptor)) {
            return Progress.WAITING;
        }
        if (!isCounted(acceptor) || !isWellFormed(promise)) {
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
        promised.add(acceptor);
        for (int i = 0; i < regimes.size(); i++) {
            if (regimes.get(i).counts(acceptor)) {
                tallies.get(i).add(acceptor.node());
            }
        }
        seeHowFarPrepared();
        return isReached() ? Progress.COMPLETE : Progress.WAITING;
    }

    private boolean isReached() {
        return tallies.get(0).isReached();
    }

    private boolean isCounted(Endpoint acceptor) {
        return regimes.stream().anyMatch(regime -> regime.counts(acceptor));
    }

    /**
     * Whom to ask, or to ask again: those who have not promised, of every configuration whose quorum is missing.
     *
     * @return each store once
     */
    public List<Endpoint> toAsk() {
        Set<Endpoint> ask = new LinkedHashSet<>();
        for (int i = 0; i < regimes.size(); i++) {
            if (!tallies.get(i).isReached()) {
                ask.addAll(regimes.get(i).voters());
            }
        }
        ask.removeAll(promised);
        return List.copyOf(ask);
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
            lastFound = Math.max(lastFound, reported.slot());
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
     * Where the next part of an acceptor's promise begins. Of one that is asked only because it governs later slots, no
     * more is asked than those.
     *
     * @param acceptor the acceptor
     * @return the slot to ask for
     */
    public long nextPart(Endpoint acceptor) {
        Long reported = reportedUpTo.get(acceptor);
        return reported == null ? firstAsked(acceptor) : reported;
    }

    private long firstAsked(Endpoint acceptor) {
        for (Regime regime : regimes) {
            if (regime.counts(acceptor)) {
                return Math.max(from, regime.from());
            }
        }
        return from;
    }

    /**
     * Whether an acceptor's promise is complete.
     *
     * @param acceptor the acceptor
     * @return true if it need not be asked again
     */
    public boolean hasPromised(Endpoint acceptor) {
        return promised.contains(acceptor);
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
     * Checks that proposing may begin.
     *
     * @param decidedHere every slot up to here is decided at the candidate by now, which may have learned more than the
     *     promises report while it waited for them; at least {@link #decided()}
     * @throws IllegalStateException if no quorum's promises are complete, or if the candidate has not learned all that
     *     they report as decided
     */
    public void requireComplete(long decidedHere) {
        if (!isReached()) {
            throw new IllegalStateException("phase 1 of " + ballot + " has no quorum yet: " + tallies);
        }
        if (decidedHere < decided) {
            throw new IllegalStateException("nothing may be proposed up to slot " + decided
                    + ", which a promise reports as decided; known here are only those up to " + decidedHere);
        }
    }

    /**
     * What must be proposed in a slot, if it lies at or below {@link #lastFound} and up to {@link #preparedUpTo}: the value
     * of the highest-ballot proposal reported for it (P2c), or a no-op where none was.
     *
     * @param slot the slot
     * @return the value
     */
    public Value mustPropose(long slot) {
        Proposal<Value> proposal = found.get(slot);
        return proposal == null ? Value.NO_OP : proposal.value();
    }

    /**
     * The last slot in which anything was accepted, as far as was reported.
     *
     * @return the slot; 0 if nothing was
     */
    public long lastFound() {
        return lastFound;
    }

    /**
     * Forgets what was reported of slots that have been proposed in.
     *
     * @param upTo the last such slot
     */
    public void forget(long upTo) {
        decidedValues.clear();
        found.headMap(upTo, true).clear();
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
