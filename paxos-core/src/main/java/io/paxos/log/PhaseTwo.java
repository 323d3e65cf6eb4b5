// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Phase 2 of one ballot: the slots in flight, who has accepted which, and up to where they are chosen without a gap.
 * Slots are proposed in order, once each, so one ballot proposes one value for a slot (rule 1). The votes for a slot are
 * counted by the configuration that governs it, and by no other (rule 10). Not safe for use by several threads.
 */
public final class PhaseTwo {

    private final Ballot ballot;
    private final FlightRing flights = new FlightRing();
    /** Who governs the slots in flight and the next ones; nearly always it is one configuration. */
    private final List<Regime> regimes = new ArrayList<>();
    /** Who governs the first slot that is not chosen, and the last slot that it governs. */
    private Regime counting;

    private long countsUpTo;
    private long chosenUpTo;
    private long bytes;

    /**
     * Begins phase 2.
     *
     * @param regimes who governs the slots behind {@code decided}, in their order
     * @param ballot the leader's ballot
     * @param decided every slot up to here is decided; the first proposal goes behind it
     */
    public PhaseTwo(List<Regime> regimes, Ballot ballot, long decided) {
        this.ballot = ballot;
        this.chosenUpTo = decided;
        this.regimes.addAll(regimes);
        this.counting = regimes.get(0);
        flights.startAt(decided + 1);
        count();
    }

    /**
     * More is known of who governs the slots behind what is decided. Nothing that is in flight is governed by what is
     * new.
     *
     * @param governing who governs from the first slot that is not decided on, in the order of the slots
     */
    public void govern(List<Regime> governing) {
        for (Regime regime : governing) {
            if (regime.from() > regimes.get(regimes.size() - 1).from()) {
                regimes.add(regime);
            }
        }
        while (regimes.size() > 1 && regimes.get(1).from() <= flights.first()) {
            regimes.remove(0);
        }
        count();
    }

    private void count() {
        for (int i = 0; i < regimes.size(); i++) {
            if (regimes.get(i).from() > chosenUpTo + 1) {
                countsUpTo = regimes.get(i).from() - 1;
                return;
            }
            counting = regimes.get(i);
        }
        countsUpTo = Long.MAX_VALUE;
    }

    /**
     * Proposes a value in the next free slot.
     *
     * @param value the value
     * @param tick when it is sent for the first time
     * @return the slot
     */
    public long propose(Value value, long tick) {
        bytes += value.weight();
        return flights.add(value, tick);
    }

    /**
     * Counts an acceptance. Repetitions, strangers and slots not in flight change nothing; the caller has checked
     * ballot and incarnation.
     *
     * @param acceptor who accepted
     * @param slots in which slots
     * @return true if more slots are chosen without a gap than before
     */
    public boolean onAccepted(Endpoint acceptor, SlotRange slots) {
        long first = Math.max(slots.first(), flights.first());
        long end = Math.min(slots.end(), flights.end());
        for (int i = 0; i < regimes.size(); i++) {
            Regime regime = regimes.get(i);
            long bit = regime.bit(acceptor);
            long behind =
                    i + 1 < regimes.size() ? Math.min(end, regimes.get(i + 1).from()) : end;
            for (long slot = i == 0 ? first : Math.max(first, regime.from()); bit != 0 && slot < behind; slot++) {
                flights.vote(slot, bit);
            }
        }
        long before = chosenUpTo;
        while (chosenUpTo + 1 < flights.end() && counting.isPhase2Quorum(flights.votes(chosenUpTo + 1))) {
            chosenUpTo++;
            if (chosenUpTo == countsUpTo) {
                count();
            }
        }
        return chosenUpTo > before;
    }

    /**
     * Forgets slots that are decided at the leader: peers that lack them fetch them.
     *
     * @param decided every slot up to here is decided
     * @return the values forgotten, in the order of their slots
     */
    public List<Value> forget(long decided) {
        long end = Math.min(decided + 1, flights.end());
        List<Value> forgotten = new ArrayList<>((int) Math.max(0, end - flights.first()));
        while (flights.first() < end) {
            Value value = flights.removeFirst();
            bytes -= value.weight();
            forgotten.add(value);
        }
        return forgotten;
    }

    /**
     * The slots that an acceptor has not accepted although they were sent some time ago, as runs of consecutive slots.
     *
     * @param acceptor who may need them again
     * @param sentBefore only slots last sent before this tick
     * @param maxBytes about how much all runs together may weigh
     * @return what to send again; nothing that the acceptor has acknowledged
     */
    public List<Run> missing(Endpoint acceptor, long sentBefore, long maxBytes) {
        List<Run> runs = new ArrayList<>();
        Run run = null;
        long weight = 0;
        int at = -1;
        long bit = 0;
        for (long slot = flights.first(); slot < flights.end() && weight < maxBytes; slot++) {
            while (at < 0 || (at + 1 < regimes.size() && regimes.get(at + 1).from() <= slot)) {
                at++;
                bit = regimes.get(at).bit(acceptor);
                run = null;
            }
            if (bit == 0 || (flights.votes(slot) & bit) != 0 || flights.sentAt(slot) >= sentBefore) {
                run = null;
                continue;
            }
            if (run == null) {
                run = new Run(slot, new ArrayList<>());
                runs.add(run);
            }
            Value value = flights.value(slot);
            run.values.add(value);
            weight += value.weight();
        }
        return runs;
    }

    /**
     * Notes that slots were sent again to whoever missed them.
     *
     * @param sentBefore slots last sent before this tick
     * @param now the tick of this time
     */
    public void resent(long sentBefore, long now) {
        for (long slot = flights.first(); slot < flights.end(); slot++) {
            if (flights.sentAt(slot) < sentBefore) {
                flights.resent(slot, now);
            }
        }
    }

    /**
     * What is proposed in a slot.
     *
     * @param slot the slot
     * @return the value, or null if the slot is not in flight
     */
    public @Nullable Value proposed(long slot) {
        return slot >= flights.first() && slot < flights.end() ? flights.value(slot) : null;
    }

    /**
     * Up to where the proposals of this ballot are chosen without a gap.
     *
     * @return the slot
     */
    public long chosenUpTo() {
        return chosenUpTo;
    }

    /**
     * The slot of the next proposal.
     *
     * @return the first free slot
     */
    public long nextSlot() {
        return flights.end();
    }

    /**
     * How many slots are in flight.
     *
     * @return the count
     */
    public int inFlight() {
        return (int) (flights.end() - flights.first());
    }

    /**
     * How much the values in flight weigh.
     *
     * @return bytes
     */
    public long bytesInFlight() {
        return bytes;
    }

    /**
     * The ballot of this phase.
     *
     * @return the ballot given to the constructor
     */
    public Ballot ballot() {
        return ballot;
    }

    /**
     * Values of consecutive slots.
     *
     * @param first the slot of the first value
     * @param values the values
     */
    public record Run(long first, List<Value> values) {}
}
