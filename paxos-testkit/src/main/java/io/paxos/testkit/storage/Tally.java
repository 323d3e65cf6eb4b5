// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import java.util.Map;
import java.util.TreeMap;

/** Counts what was tried, by kind of crash, fault or damage, and what came of it. Safe for any thread. */
public final class Tally {

    /** What came of a state. */
    public enum Outcome {
        /** Everything confirmed was there, and nothing of what was under way. */
        CONFIRMED("all confirmed"),
        /** Everything confirmed was there, and what was under way too. */
        UNDER_WAY("and under way"),
        /** The store was not opened, and said why. */
        REFUSED("refused"),
        /** The very last batch was lost to damage, as the store's documentation admits. */
        RESIDUAL("last batch lost");

        private final String title;

        Outcome(String title) {
            this.title = title;
        }
    }

    private static final Outcome[] OUTCOMES = Outcome.values();

    private final Map<String, long[]> rows = new TreeMap<>();
    private long progress;

    /** A new one, all zeros. */
    public Tally() {}

    synchronized void count(String kind, Outcome outcome) {
        rows.computeIfAbsent(kind, k -> new long[OUTCOMES.length])[outcome.ordinal()]++;
        progress++;
    }

    /**
     * How many states of one kind there were.
     *
     * @param kind the kind of crash, fault or damage
     * @return their number
     */
    public synchronized long count(String kind) {
        long sum = 0;
        for (long count : rows.getOrDefault(kind, new long[0])) {
            sum += count;
        }
        return sum;
    }

    /**
     * How many states there were.
     *
     * @return their number
     */
    public synchronized long total() {
        return progress;
    }

    /**
     * All counts.
     *
     * @return a table, one line for each kind
     */
    public synchronized String table() {
        StringBuilder table = new StringBuilder(String.format("%-24s%10s", "", "states"));
        for (Outcome outcome : OUTCOMES) {
            table.append(String.format("%17s", outcome.title));
        }
        long[] sums = new long[OUTCOMES.length];
        rows.forEach((kind, counts) -> {
            line(table, kind, counts);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += counts[i];
            }
        });
        line(table, "total", sums);
        return table.toString();
    }

    private static void line(StringBuilder table, String kind, long[] counts) {
        long sum = 0;
        StringBuilder cells = new StringBuilder();
        for (long count : counts) {
            sum += count;
            cells.append(String.format("%,17d", count));
        }
        table.append(String.format("%n%-24s%,10d", kind, sum)).append(cells);
    }
}
