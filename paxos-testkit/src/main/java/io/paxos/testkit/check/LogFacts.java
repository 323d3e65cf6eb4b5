package io.paxos.testkit.check;

import io.paxos.model.Ballot;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that ever happened in one log. */
public final class LogFacts {

    private final List<Choice<Value>> slots = new ArrayList<>();
    private final Map<Ballot, Long> promisers = new HashMap<>();
    private long chosenUpTo;

    /**
     * The facts of a slot.
     *
     * @param slot the slot, at least 1
     * @return its facts, or null if nothing happened there
     */
    public @Nullable Choice<Value> at(long slot) {
        return slot >= 1 && slot <= slots.size() ? slots.get((int) slot - 1) : null;
    }

    /**
     * The value chosen in a slot.
     *
     * @param slot the slot
     * @return the value, or null if none is chosen
     */
    public @Nullable Value chosen(long slot) {
        Choice<Value> choice = at(slot);
        return choice == null || choice.chosen() == null
                ? null
                : choice.chosen().value();
    }

    /**
     * How far the chosen slots reach without a gap.
     *
     * @return every slot up to here is chosen
     */
    public long chosenUpTo() {
        return chosenUpTo;
    }

    /**
     * The last slot in which anything happened.
     *
     * @return the slot, 0 if none
     */
    public long lastSlot() {
        return slots.size();
    }

    /**
     * Who durably promised a ballot.
     *
     * @param ballot the ballot
     * @return one bit for each store
     */
    public long promisers(Ballot ballot) {
        return promisers.getOrDefault(ballot, 0L);
    }

    void promised(int store, Ballot ballot) {
        promisers.merge(ballot, 1L << store, (a, b) -> a | b);
    }

    Choice<Value> slot(long slot) {
        if (slot < 1 || slot > 10_000_000) {
            throw new Violation("slots count from 1", "slot " + slot + " was used");
        }
        while (slots.size() < slot) {
            slots.add(new Choice<>());
        }
        return slots.get((int) slot - 1);
    }

    void advance() {
        while (chosen(chosenUpTo + 1) != null) {
            chosenUpTo++;
        }
    }
}
