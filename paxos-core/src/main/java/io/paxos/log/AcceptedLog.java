package io.paxos.log;

import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each slot of a log holds: a proposal accepted here, or a decided value learned from a peer, whose ballot is
 * {@link io.paxos.model.Ballot#ZERO}. Slots may be empty; the first is 1. Kept in pages, so that a slot is found
 * without hashing and an old page can be given up as a whole. Slots that a snapshot stands for are forgotten from the
 * beginning on, and hold nothing any more.
 */
public final class AcceptedLog {

    /** How far beyond the last slot held a proposal may lie; farther ones would only cost memory for empty pages. */
    static final long REACH = 1 << 20;

    private static final int PAGE_BITS = 10;
    private static final int PAGE_SIZE = 1 << PAGE_BITS;

    private final List<@Nullable Page> pages = new ArrayList<>();
    private long firstPage;
    private long compacted;
    private long highest;

    /**
     * Whether a slot can be held.
     *
     * @param slot the slot
     * @return true unless it is forgotten, below 1 or too far beyond the last slot held
     */
    public boolean canHold(long slot) {
        return slot > compacted && slot <= highest + REACH;
    }

    /**
     * What a slot holds.
     *
     * @param slot the slot
     * @return the proposal, or null
     */
    public @Nullable Proposal<Value> get(long slot) {
        if (slot <= compacted || slot > highest) {
            return null;
        }
        int index = pageOf(slot);
        Page page = index < pages.size() ? pages.get(index) : null;
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
            throw new IllegalArgumentException("slot " + slot + " cannot be held: forgotten are those up to "
                    + compacted + ", and the last one held is " + highest);
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
     * Forgets slots, with what they hold.
     *
     * @param upTo the last slot to forget; one that is forgotten already changes nothing
     */
    public void forget(long upTo) {
        if (upTo <= compacted) {
            return;
        }
        compacted = upTo;
        highest = Math.max(highest, upTo);
        long keepFrom = (upTo + 1) >>> PAGE_BITS;
        int gone = (int) Math.min(pages.size(), keepFrom - firstPage);
        pages.subList(0, gone).clear();
        firstPage = keepFrom;
        Page page = pages.isEmpty() ? null : pages.get(0);
        if (page != null) {
            page.clearBelow(offsetOf(upTo + 1));
        }
    }

    /**
     * The last slot that is forgotten.
     *
     * @return the slot, 0 if none is
     */
    public long compacted() {
        return compacted;
    }

    /**
     * The last slot that holds anything, or is forgotten.
     *
     * @return the slot, 0 if all are empty
     */
    public long highest() {
        return highest;
    }

    private int pageOf(long slot) {
        return Math.toIntExact((slot >>> PAGE_BITS) - firstPage);
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

        void clearBelow(int offset) {
            for (int i = 0; i < offset && i < slots.size(); i++) {
                slots.set(i, null);
            }
        }

        void set(int offset, Proposal<Value> proposal) {
            while (slots.size() <= offset) {
                slots.add(null);
            }
            slots.set(offset, proposal);
        }
    }
}
