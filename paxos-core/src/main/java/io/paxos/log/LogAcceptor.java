// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.single.SafetyRules;
import java.util.ArrayList;
import java.util.List;

/**
 * The acceptor of a log: one promise for all slots, and in each slot the single-decree acceptor's rules. Its state must
 * be durable before a Promise or an Accepted leaves the node; the caller takes care of that. Not safe for use by
 * several threads.
 */
public final class LogAcceptor {

    private final AcceptedLog log;
    private Ballot promised;

    /**
     * An acceptor with the memory of a former life.
     *
     * @param log what the slots hold; shared with the learner
     * @param promised the highest ballot promised, {@link Ballot#ZERO} if none
     */
    public LogAcceptor(AcceptedLog log, Ballot promised) {
        this.log = log;
        this.promised = promised;
    }

    /**
     * Phase 1b: may this acceptor promise, and does. Afterwards {@link #report} tells what it has accepted.
     *
     * @param ballot the ballot asked for
     * @return true if the ballot is promised now, false if a higher one stands in its way
     */
    public boolean promise(Ballot ballot) {
        if (!SafetyRules.mayPromise(promised, ballot)) {
            return false;
        }
        promised = ballot;
        return true;
    }

    /**
     * One part of the promise of the ballot promised: every proposal held from a slot on, as far as the limit allows,
     * decided ones included (rule 3).
     *
     * @param from the first slot to report
     * @param decided every slot up to here is known to be decided
     * @param maxBytes about how much the part may weigh; it holds at least one proposal if there is one
     * @return the part
     */
    public LogMessage.Promise report(long from, long decided, int maxBytes) {
        List<SlotProposal> accepted = new ArrayList<>();
        long slot = Math.max(from, log.compacted() + 1);
        int bytes = 0;
        while (slot <= log.highest() && bytes < maxBytes) {
            Proposal<Value> proposal = log.get(slot);
            if (proposal != null) {
                accepted.add(new SlotProposal(slot, proposal));
                bytes += proposal.value().weight();
            }
            slot++;
        }
        boolean last = slot > log.highest();
        return new LogMessage.Promise(promised, new SlotRange(from, slot), last, log.compacted(), decided, accepted);
    }

    /** What became of a request to accept. */
    public enum Verdict {
        /** Accepted; the slots hold the proposals. */
        ACCEPTED,
        /** Accepted before, all of it: nothing changed. */
        REPEATED,
        /** A higher ballot has been promised; nothing changed. */
        REFUSED,
        /**
         * The proposals cannot stand here: a slot is decided with another value, which happens when a leader that was
         * superseded long ago is heard late, or is forgotten, or lies out of reach. Nothing changed, and nothing is to be
         * answered.
         */
        IGNORED
    }

    /**
     * Phase 2b for consecutive slots, all or none. Accepting raises the promise (rule 2).
     *
     * @param ballot the ballot of the proposals
     * @param first the slot of the first value
     * @param values the values, in the order of their slots
     * @param decided every slot up to here is known to be decided
     * @return what became of it
     * @throws IllegalStateException if a slot holds another value of this very ballot (rule 1); nothing changed
     */
    public Verdict accept(Ballot ballot, long first, List<Value> values, long decided) {
        if (!SafetyRules.mayAccept(promised, ballot)) {
            return Verdict.REFUSED;
        }
        if (!log.canHold(first) || !log.canHold(first + values.size())) {
            return Verdict.IGNORED;
        }
        boolean isNew = false;
        for (int i = 0; i < values.size(); i++) {
            Ballot heldBallot = log.ballotAt(first + i);
            Value held = log.valueAt(first + i);
            isNew |= heldBallot == null || !heldBallot.equals(ballot);
            if (heldBallot == null || values.get(i).equals(held)) {
                continue;
            }
            if (heldBallot.equals(ballot)) {
                throw new IllegalStateException("ballot " + ballot + " proposes " + values.get(i) + " in slot "
                        + (first + i) + " after it proposed " + held);
            }
            if (first + i <= decided) {
                return Verdict.IGNORED;
            }
        }
        if (!isNew) {
            return Verdict.REPEATED;
        }
        promised = ballot;
        for (int i = 0; i < values.size(); i++) {
            log.put(first + i, ballot, values.get(i));
        }
        return Verdict.ACCEPTED;
    }

    /**
     * How far the slots are forgotten. They are decided, and proposals for them are no longer answered.
     *
     * @return the last slot forgotten, 0 if none
     */
    public long compacted() {
        return log.compacted();
    }

    /**
     * The ballot below which this acceptor takes part in nothing.
     *
     * @return the highest ballot promised, {@link Ballot#ZERO} if none
     */
    public Ballot promised() {
        return promised;
    }
}
