package io.paxos.examples.ids;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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

    private final List<Entry> entries = new ArrayList<>();

    synchronized void add(Entry entry) {
        entries.add(entry);
    }

    synchronized long count() {
        return entries.size();
    }

    /** Looks at all entries, in the order of their IDs, given how many IDs the servers say they have allocated. */
    synchronized Audit audit(long allocated) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::id));
        long duplicates = 0;
        long gaps = 0;
        long disorders = 0;
        long previous = 0;
        long latestAsked = Long.MIN_VALUE;
        for (Entry entry : sorted) {
            if (entry.id() == previous) {
                duplicates++;
            }
            gaps += Math.max(0, entry.id() - previous - 1);
            // A lower ID was asked for only after this one had been answered: time and numbers run against each other.
            if (latestAsked > entry.answered()) {
                disorders++;
            }
            latestAsked = Math.max(latestAsked, entry.asked());
            previous = entry.id();
        }
        // Either the servers hold more IDs than anybody was told, or somebody was told more than they hold.
        gaps += Math.abs(allocated - previous);
        return new Audit(sorted.size(), duplicates, gaps, disorders);
    }
}
