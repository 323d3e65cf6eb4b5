// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.model.Ballot;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Knows up to which slot the log is decided here. Slots are chosen in any order; they become decided here one after
 * another. Not safe for use by several threads.
 */
public final class LogLearner {

    /** For so many values at most, room is made before they are known to be there. */
    private static final long MOST_FORESEEN = 1024;

    private final AcceptedLog log;
    private long decided;

    /**
     * A learner with the memory of a former life.
     *
     * @param log what the slots hold; shared with the acceptor
     * @param decided every slot up to here is decided, and held
     */
    public LogLearner(AcceptedLog log, long decided) {
        this.log = log;
        this.decided = decided;
    }

    /**
     * A leader says that slots are decided. Its word makes the proposal held here decided only if it was accepted at
     * that leader's ballot (rule 4): one of another ballot may differ from what was chosen.
     *
     * @param ballot the ballot of the leader
     * @param upTo every slot up to here is decided
     * @return true if more is decided here than before; {@link #decided()} below {@code upTo} means that something has
     *     to be fetched
     */
    public boolean advance(Ballot ballot, long upTo) {
        long before = decided;
        while (decided < upTo) {
            Ballot held = log.ballotAt(decided + 1);
            if (held == null || !held.equals(ballot)) {
                break;
            }
            decided++;
        }
        return decided > before;
    }

    /**
     * A peer tells decided values. Those of slots decided here already change nothing; values that would leave a gap
     * are not taken.
     *
     * @param first the slot of the first value
     * @param values decided values of consecutive slots
     * @return the values that are new, from the slot behind the one decided before; empty if there are none
     * @throws IllegalStateException if a slot decided here has another value: two values were chosen for it
     */
    public List<Value> learn(long first, List<Value> values) {
        List<Value> fresh = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            long slot = first + i;
            Value value = values.get(i);
            if (slot <= decided) {
                requireSame(slot, value);
            } else if (slot == decided + 1) {
                log.put(slot, Ballot.ZERO, value);
                decided = slot;
                fresh.add(value);
            } else {
                break;
            }
        }
        return fresh;
    }

    /**
     * The changes of membership among slots that are decided and held.
     *
     * @param behind only those behind this slot
     * @param found is told each, with its slot, in the order of the slots
     */
    public void changesBehind(long behind, ChangeListener found) {
        long last = Math.min(decided, log.lastChange());
        for (long slot = Math.max(behind, log.compacted()) + 1; slot <= last; slot++) {
            Value value = log.valueAt(slot);
            if (value != null && AcceptedLog.isChange(value)) {
                found.onChange(slot, value);
            }
        }
    }

    /** Hears of decided changes of membership, and of raised feature levels. */
    public interface ChangeListener {

        /**
         * A change is decided.
         *
         * @param slot where
         * @param change the change
         */
        void onChange(long slot, Value change);
    }

    private void requireSame(long slot, Value value) {
        Value held = log.valueAt(slot);
        if (held != null && !held.equals(value)) {
            throw new IllegalStateException(
                    "slot " + slot + " was decided with " + held + " here and with " + value + " at a peer");
        }
    }

    /**
     * Decided values, for execution or for a peer that lacks them.
     *
     * @param from the first slot
     * @param upTo the last slot at most
     * @param maxBytes about how much they may weigh; one is given in any case
     * @return the values of consecutive slots from {@code from} on, none beyond {@link #decided()}; empty if the first
     *     slot is forgotten
     */
    public List<Value> values(long from, long upTo, long maxBytes) {
        long first = Math.max(1, from);
        if (first <= log.compacted()) {
            return new ArrayList<>();
        }
        long end = Math.min(upTo, decided);
        List<Value> values = new ArrayList<>((int) Math.max(0, Math.min(end - first + 1, MOST_FORESEEN)));
        long bytes = 0;
        for (long slot = first; slot <= end && bytes < maxBytes; slot++) {
            Value held = log.valueAt(slot);
            if (held == null) {
                throw new IllegalStateException("slot " + slot + " is decided but not held; decided is " + decided);
            }
            values.add(held);
            bytes += held.weight();
        }
        return values;
    }

    /**
     * A snapshot stands for the slots up to here: they are decided, and need not be held any more.
     *
     * @param upTo the last slot to forget
     */
    public void forget(long upTo) {
        log.forget(upTo);
        decided = Math.max(decided, upTo);
    }

    /**
     * Behind this slot nothing has been accepted, decided or forgotten here. It counts what has been accepted and is not
     * durable yet, too.
     *
     * @return the slot, 0 if there is nothing at all
     */
    public long highest() {
        return Math.max(decided, log.highest());
    }

    /**
     * The last slot that can be forgotten while some remain for peers that lag a little behind.
     *
     * @param upTo a slot that a snapshot covers
     * @param slots how many slots before it to keep at most
     * @param bytes about how much those may weigh
     * @return the slot, at least the last one forgotten
     */
    public long keepBefore(long upTo, long slots, long bytes) {
        long slot = upTo;
        long weight = 0;
        while (slot > log.compacted() && upTo - slot < slots) {
            Value held = log.valueAt(slot);
            weight += held == null ? 0 : held.weight();
            if (weight > bytes) {
                break;
            }
            slot--;
        }
        return slot;
    }

    /**
     * How far the slots are forgotten.
     *
     * @return the last slot forgotten, 0 if none
     */
    public long compacted() {
        return log.compacted();
    }

    /**
     * How far the log is decided here.
     *
     * @return every slot up to this one is decided, 0 if none
     */
    public long decided() {
        return decided;
    }
}
