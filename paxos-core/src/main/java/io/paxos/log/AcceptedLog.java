package io.paxos.log;

import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each slot of a log holds: a proposal accepted here, or a decided value learned from a peer, whose ballot is
 * {@link io.paxos.model.Ballot#ZERO}. Slots may be empty; the first is 1. Kept in pages, so that a slot is found
 * without hashing and an old page can be given up as a whole.
 */
public final class AcceptedLog {

    /** How far beyond the last slot held a proposal may lie; farther ones would only cost memory for empty pages. */
    static final long REACH = 1 << 20;

    private static final int PAGE_BITS = 10;
    private static final int PAGE_SIZE = 1 << PAGE_BITS;

    private final List<@Nullable Page> pages = new ArrayList<>();
    private long highest;

    /**
     * Whether a slot can be held.
     *
     * @param slot the slot
     * @return true unless it is below 1 or too far beyond the last slot held
     */
    public boolean canHold(long slot) {
        return slot >= 1 && slot <= highest + REACH;
    }

    /**
     * What a slot holds.
     *
     * @param slot the slot
     * @return the proposal, or null
     */
    public @Nullable Proposal<Value> get(long slot) {
        if (slot < 1 || slot > highest) {
            return null;
        }
        Page page = pages.get(pageOf(slot));
        return page == null ? null : page.get(offsetOf(slot));
    }

    /**
     * Replaces what a slot holds.
     *
     * @param slot the slot
     * @param proposal what it holds from now on
     * @throws IllegalArgumentException if the slot cannot be held
     */
    public void put(long slot, Proposal<Value> proposal) {
        if (!canHold(slot)) {
            throw new IllegalArgumentException("slot " + slot + " lies too far beyond the last one held, " + highest);
        }
        int index = pageOf(slot);
        while (pages.size() <= index) {
            pages.add(null);
        }
        Page page = pages.get(index);
        if (page == null) {
            page = new Page();
            pages.set(index, page);
        }
        page.set(offsetOf(slot), proposal);
        highest = Math.max(highest, slot);
    }

    /**
     * The last slot that holds anything.
     *
     * @return the slot, 0 if all are empty
     */
    public long highest() {
        return highest;
    }

    private static int pageOf(long slot) {
        return Math.toIntExact(slot >>> PAGE_BITS);
    }

    private static int offsetOf(long slot) {
        return (int) (slot & (PAGE_SIZE - 1));
    }

    private static final class Page {
        private final List<@Nullable Proposal<Value>> slots = new ArrayList<>();

        @Nullable
        Proposal<Value> get(int offset) {
            return offset < slots.size() ? slots.get(offset) : null;
        }

        void set(int offset, Proposal<Value> proposal) {
            while (slots.size() <= offset) {
                slots.add(null);
            }
            slots.set(offset, proposal);
        }
    }
}
