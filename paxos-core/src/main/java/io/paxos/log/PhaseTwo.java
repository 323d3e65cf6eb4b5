package io.paxos.log;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.quorum.QuorumSystem;
import io.paxos.quorum.VoteMasks;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Phase 2 of one ballot: the slots in flight, who has accepted which, and up to where they are chosen without a gap.
 * Slots are proposed in order, once each, so one ballot proposes one value for a slot (rule 1). Not safe for use by
 * several threads.
 */
public final class PhaseTwo {

    private final Ballot ballot;
    private final VoteMasks masks;
    private final FlightRing flights = new FlightRing();
    private long chosenUpTo;
    private long bytes;

    /**
     * Begins phase 2.
     *
     * @param quorums which acceptors count and how many suffice
     * @param ballot the leader's ballot
     * @param decided every slot up to here is decided; the first proposal goes behind it
     */
    public PhaseTwo(QuorumSystem quorums, Ballot ballot, long decided) {
        this.ballot = ballot;
        this.masks = new VoteMasks(quorums);
        this.chosenUpTo = decided;
        flights.startAt(decided + 1);
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
        return flights.add(new Flight(value, tick));
    }

    /**
     * Counts an acceptance. Repetitions, strangers and slots not in flight change nothing; the caller has checked
     * ballot and incarnation.
     *
     * @param acceptor who accepted
     * @param slots in which slots
     * @return true if more slots are chosen without a gap than before
     */
    public boolean onAccepted(NodeId acceptor, SlotRange slots) {
        long bit = masks.bit(acceptor);
        long end = Math.min(slots.end(), flights.end());
        for (long slot = Math.max(slots.first(), flights.first()); slot < end; slot++) {
            Flight flight = flights.get(slot);
            flight.votes |= bit;
        }
        long before = chosenUpTo;
        while (chosenUpTo + 1 < flights.end() && masks.isPhase2Quorum(flights.get(chosenUpTo + 1).votes)) {
            chosenUpTo++;
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
        List<Value> forgotten = new ArrayList<>();
        while (flights.first() <= decided && flights.first() < flights.end()) {
            Value value = flights.removeFirst().value;
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
    public List<Run> missing(NodeId acceptor, long sentBefore, long maxBytes) {
        long bit = masks.bit(acceptor);
        List<Run> runs = new ArrayList<>();
        Run run = null;
        long weight = 0;
        for (long slot = flights.first(); slot < flights.end() && weight < maxBytes; slot++) {
            Flight flight = flights.get(slot);
            if ((flight.votes & bit) != 0 || flight.sentAt >= sentBefore) {
                run = null;
                continue;
            }
            if (run == null) {
                run = new Run(slot, new ArrayList<>());
                runs.add(run);
            }
            run.values.add(flight.value);
            weight += flight.value.weight();
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
            Flight flight = flights.get(slot);
            if (flight.sentAt < sentBefore) {
                flight.sentAt = now;
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
        return slot >= flights.first() && slot < flights.end() ? flights.get(slot).value : null;
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

    static final class Flight {
        final Value value;
        long sentAt;
        long votes;

        Flight(Value value, long sentAt) {
            this.value = value;
            this.sentAt = sentAt;
        }
    }
}
