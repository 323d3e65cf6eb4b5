// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.coverage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How often each {@link Mark} was met. Not safe for use by several threads. */
public final class Coverage {

    private final long[] counts = new long[Mark.values().length];

    /** Nothing met yet. */
    public Coverage() {}

    /**
     * Counts one.
     *
     * @param mark what was met
     */
    public void count(Mark mark) {
        counts[mark.ordinal()]++;
    }

    /**
     * How often something was met.
     *
     * @param mark what
     * @return the count
     */
    public long of(Mark mark) {
        return counts[mark.ordinal()];
    }

    /**
     * What was never met.
     *
     * @return the marks without a hit, in their order
     */
    public List<Mark> missing() {
        List<Mark> missing = new ArrayList<>();
        for (Mark mark : Mark.values()) {
            if (of(mark) == 0) {
                missing.add(mark);
            }
        }
        return missing;
    }

    /**
     * Adds what another run met.
     *
     * @param other the other counts, left as they are
     */
    public void add(Coverage other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
    }

    /**
     * All counts as two tables of two columns in Markdown: the faults, and what the cluster came through.
     *
     * @return lines, each ended
     */
    public String table() {
        StringBuilder table = new StringBuilder();
        part(table, "fault", true);
        table.append('\n');
        part(table, "situation met", false);
        return table.toString();
    }

    private void part(StringBuilder table, String head, boolean faults) {
        table.append("| ").append(head).append(" | times |\n|---|---:|\n");
        for (Mark mark : Mark.values()) {
            if (mark.isFault() == faults) {
                table.append(String.format(Locale.ROOT, "| %s | %,d |%n", mark.title(), of(mark)));
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        for (Mark mark : Mark.values()) {
            if (of(mark) > 0) {
                line.append(line.isEmpty() ? "" : ", ")
                        .append(mark.title())
                        .append(' ')
                        .append(of(mark));
            }
        }
        return line.toString();
    }
}
