// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/** Who was told which ID, and when: what the clients know, written down by nobody but them. Safe for any thread. */
final class Ledger {

    /**
     * An ID in a client's hands.
     *
     * @param id the ID
     * @param asked when the client first asked for it, in nanoseconds
     * @param answered when it got it
     */
    record Entry(long id, long asked, long answered) {}

    /**
     * What is wrong with the entries, if anything.
     *
     * @param count how many IDs were handed out
     * @param duplicates how many of them had been handed out before
     * @param gaps how many IDs exist that were handed out to nobody
     * @param disorders how many IDs are lower than one that had been in a client's hands before they were asked for
     */
    record Audit(long count, long duplicates, long gaps, long disorders) {}

    private final Set<Long> earlier;
    private final LongConsumer notes;
    private final List<Entry> entries = new ArrayList<>();

    /**
     * Empty at first.
     *
     * @param earlier the IDs that were handed out in earlier runs
     * @param notes where to note each ID that is added
     */
    Ledger(Set<Long> earlier, LongConsumer notes) {
        this.earlier = Set.copyOf(earlier);
        this.notes = notes;
    }

    synchronized void add(Entry entry) {
        notes.accept(entry.id());
        entries.add(entry);
    }

    /** The highest ID handed out in earlier runs, 0 if none was. */
    long highestEarlier() {
        return earlier.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    synchronized long count() {
        return entries.size();
    }

    /**
     * Looks at all entries, in the order of their IDs.
     *
     * @param before how many IDs the servers said they had allocated when this run began
     * @param allocated how many they say they have allocated now
     */
    synchronized Audit audit(long before, long allocated) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::id));
        long duplicates = 0;
        long gaps = 0;
        long disorders = 0;
        long previous = before;
        long latestAsked = Long.MIN_VALUE;
        for (Entry entry : sorted) {
            if (entry.id() <= previous || earlier.contains(entry.id())) {
                duplicates++;
            }
            gaps += Math.max(0, entry.id() - previous - 1);
            // A lower ID was asked for only after this one had been answered: time and numbers run against each other.
            if (latestAsked > entry.answered()) {
                disorders++;
            }
            latestAsked = Math.max(latestAsked, entry.asked());
            previous = Math.max(previous, entry.id());
        }
        // Either the servers hold more IDs than anybody was told, or somebody was told more than they hold.
        gaps += Math.abs(allocated - previous);
        return new Audit(sorted.size(), duplicates, gaps, disorders);
    }
}
