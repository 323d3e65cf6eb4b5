// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.model.Ballot;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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
    private long lastChange;

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
        Ballot ballot = ballotAt(slot);
        Value value = valueAt(slot);
        return ballot == null || value == null ? null : new Proposal<>(ballot, value);
    }

    /**
     * The ballot of what a slot holds; asked for every command, without making an object.
     *
     * @param slot the slot
     * @return the ballot, or null if the slot holds nothing
     */
    public @Nullable Ballot ballotAt(long slot) {
        Page page = pageAt(slot);
        return page == null ? null : page.ballot(offsetOf(slot));
    }

    /**
     * The value that a slot holds.
     *
     * @param slot the slot
     * @return the value, or null if the slot holds nothing
     */
    public @Nullable Value valueAt(long slot) {
        Page page = pageAt(slot);
        return page == null ? null : page.value(offsetOf(slot));
    }

    private @Nullable Page pageAt(long slot) {
        if (slot <= compacted || slot > highest) {
            return null;
        }
        int index = pageOf(slot);
        return index < pages.size() ? pages.get(index) : null;
    }

    /**
     * Replaces what a slot holds.
     *
     * @param slot the slot
     * @param proposal what it holds from now on
     * @throws IllegalArgumentException if the slot cannot be held
     */
    public void put(long slot, Proposal<Value> proposal) {
        put(slot, proposal.ballot(), proposal.value());
    }

    /**
     * Replaces what a slot holds.
     *
     * @param slot the slot
     * @param ballot the ballot of what it holds from now on
     * @param value the value that it holds
     * @throws IllegalArgumentException if the slot cannot be held
     */
    public void put(long slot, Ballot ballot, Value value) {
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
        page.set(offsetOf(slot), ballot, value);
        highest = Math.max(highest, slot);
        if (isChange(value)) {
            lastChange = Math.max(lastChange, slot);
        }
    }

    /** Whether a value changes what governs the slots behind it: a membership, or a feature level. */
    static boolean isChange(Value value) {
        return value instanceof Value.Reconfigure || value instanceof Value.RaiseLevel;
    }

    /**
     * Behind this slot no change of membership or feature level has ever been held, so nobody need look for one.
     *
     * @return the slot, 0 if there never was one
     */
    public long lastChange() {
        return lastChange;
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

    /**
     * All that is held.
     *
     * @return the proposals by their slots, as they are now
     */
    public SortedMap<Long, Proposal<Value>> held() {
        SortedMap<Long, Proposal<Value>> all = new TreeMap<>();
        for (long slot = compacted + 1; slot <= highest; slot++) {
            Proposal<Value> proposal = get(slot);
            if (proposal != null) {
                all.put(slot, proposal);
            }
        }
        return all;
    }

    private int pageOf(long slot) {
        return Math.toIntExact((slot >>> PAGE_BITS) - firstPage);
    }

    private static int offsetOf(long slot) {
        return (int) (slot & (PAGE_SIZE - 1));
    }

    /** Keeps the parts of proposals: they stay for long, and one object less for each slot is one less to be moved. */
    private static final class Page {

        /** A short log takes little room, and a long one does not grow its pages in many steps. */
        private static final int FIRST_LENGTH = 16;

        private static final int GROWTH = 8;

        private @Nullable Ballot[] ballots = new Ballot[FIRST_LENGTH];
        private @Nullable Value[] values = new Value[FIRST_LENGTH];

        @Nullable
        Ballot ballot(int offset) {
            return offset < ballots.length ? ballots[offset] : null;
        }

        @Nullable
        Value value(int offset) {
            return offset < values.length ? values[offset] : null;
        }

        void clearBelow(int offset) {
            int end = Math.min(offset, values.length);
            Arrays.fill(ballots, 0, end, null);
            Arrays.fill(values, 0, end, null);
        }

        void set(int offset, Ballot ballot, Value value) {
            if (offset >= values.length) {
                int length = values.length;
                while (length <= offset) {
                    length *= GROWTH;
                }
                ballots = Arrays.copyOf(ballots, length);
                values = Arrays.copyOf(values, length);
            }
            ballots[offset] = ballot;
            values[offset] = value;
        }
    }
}
