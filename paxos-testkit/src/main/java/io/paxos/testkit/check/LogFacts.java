// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Ballot;
import io.paxos.model.Configuration;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that ever happened in one log. */
public final class LogFacts {

    private final List<Choice<Value>> slots = new ArrayList<>();
    private final Map<Ballot, Long> promisers = new HashMap<>();
    private final FormationFacts formation;
    private final int alpha;
    /** The eras behind the one that begins with the cluster. */
    private final List<Era> eras = new ArrayList<>();
    /** Changes that were proposed and would take effect if they were chosen next. */
    private final Set<Configuration> possible = new LinkedHashSet<>();

    private long chosenUpTo;
    private long countedUpTo;

    LogFacts(FormationFacts formation, int alpha) {
        this.formation = formation;
        this.alpha = alpha;
    }

    /**
     * Who governs a slot, found out from what is chosen.
     *
     * @param slot the slot, at most α behind what is chosen without a gap
     * @return how its votes are counted, or null while the cluster has not formed
     */
    public @Nullable Constituency governing(long slot) {
        for (int i = eras.size() - 1; i >= 0; i--) {
            if (eras.get(i).from() <= slot) {
                return eras.get(i).constituency();
            }
        }
        return formation.constituency();
    }

    /**
     * Who governs the slots behind one, as far as that can be known where all up to it is decided.
     *
     * @param decided the slot
     * @return how their votes are counted, in the order of their slots; empty while the cluster has not formed
     */
    List<Constituency> governingBehind(long decided) {
        List<Constituency> governing = new ArrayList<>();
        Constituency first = governing(decided + 1);
        if (first != null) {
            governing.add(first);
            for (Era era : eras) {
                if (era.from() > decided + 1 && era.from() - alpha <= decided) {
                    governing.add(era.constituency());
                }
            }
        }
        return governing;
    }

    /**
     * The eras behind the first one, which begins with the cluster.
     *
     * @return the live list, not to be changed
     */
    public List<Era> eras() {
        return eras;
    }

    /**
     * The number of the latest configuration.
     *
     * @return 0 if no change has taken effect
     */
    public long version() {
        return eras.isEmpty() ? 0 : eras.get(eras.size() - 1).configuration().version();
    }

    /**
     * The last slot of which anybody can know who governs it.
     *
     * @return α slots behind what is chosen without a gap
     */
    public long knownUpTo() {
        return chosenUpTo + alpha;
    }

    /** Someone has said that the membership might become this. */
    void mightBecome(Configuration next) {
        if (next.version() == version() + 1) {
            possible.add(next);
        }
    }

    Set<Configuration> possible() {
        return possible;
    }

    /** Up to which slot votes have been counted: behind it nobody could know by whom. */
    boolean isCountable(long slot) {
        return slot <= knownUpTo();
    }

    /** The next slot whose votes can be counted now and could not before, or 0. */
    long nextCountable() {
        return countedUpTo < Math.min(knownUpTo(), lastSlot()) ? ++countedUpTo : 0;
    }

    /** The cluster has formed, so all votes are counted anew. */
    void countAnew() {
        countedUpTo = 0;
    }

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
     * Who promised a ballot, and said so to the last part.
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
        for (Value next = chosen(chosenUpTo + 1); next != null; next = chosen(chosenUpTo + 1)) {
            chosenUpTo++;
            if (next instanceof Value.Reconfigure change) {
                changed(chosenUpTo, change);
            }
        }
    }

    private void changed(long slot, Value.Reconfigure change) {
        Configuration next = change.next();
        boolean takesEffect = change.amends() == version()
                && formation.isTenable(next.voters().voters().keySet());
        if (takesEffect) {
            eras.add(new Era(slot + alpha, next, formation.constituency(next.voters())));
            possible.removeIf(other -> other.version() <= next.version());
        }
    }
}
