// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happened, in order. The last records are kept as they are and turned into text only when someone reads them; a
 * hash over all of them tells two runs apart.
 */
public final class Trace {

    /** What kind of thing happened. */
    enum Kind {
        START,
        STOP,
        TICK,
        RECEIVE,
        SEND,
        LOSE,
        DURABLE,
        APPLY,
        EXECUTED,
        INSTALLED,
        CALL,
        ANSWER,
        SAYS,
        FAULT,
        NOTE
    }

    /** Who is shown the records themselves. */
    interface Listener {

        /**
         * Something happened.
         *
         * @param time when, in microseconds
         * @param kind what kind of thing
         * @param node where, or empty
         * @param detail what
         */
        void happened(long time, Kind kind, String node, Object detail);
    }

    private final long[] times;
    private final Kind[] kinds;
    private final String[] nodes;
    private final Object[] details;
    private final @Nullable Consumer<String> sink;
    private @Nullable Listener listener;
    private long count;
    private long hash = 0x9E37_79B9_7F4A_7C15L;

    /**
     * An empty trace.
     *
     * @param kept how many of the last records to keep
     * @param sink takes every line as it is written, or null if nobody reads the whole
     */
    public Trace(int kept, @Nullable Consumer<String> sink) {
        this.times = new long[kept];
        this.kinds = new Kind[kept];
        this.nodes = new String[kept];
        this.details = new Object[kept];
        Arrays.fill(kinds, Kind.NOTE);
        Arrays.fill(nodes, "");
        Arrays.fill(details, "");
        this.sink = sink;
    }

    /** From now on every record but the ticks is shown to somebody. */
    void listen(Listener who) {
        listener = who;
    }

    void add(long time, Kind kind, String node, Object detail) {
        add(time, kind, node, detail, stableHash(detail));
    }

    /** Adds a record whose detail is told from others by a hash that the caller knows already. */
    void add(long time, Kind kind, String node, Object detail, long detailHash) {
        mix(time);
        mix(kind.ordinal());
        mix(node.hashCode());
        mix(detailHash);
        if (kind == Kind.TICK) {
            return; // ticks are many and say nothing
        }
        if (listener != null) {
            listener.happened(time, kind, node, detail);
        }
        int at = (int) (count % times.length);
        times[at] = time;
        kinds[at] = kind;
        nodes[at] = node;
        details[at] = detail;
        count++;
        if (sink != null) {
            sink.accept(line(at));
        }
    }

    private void mix(long bits) {
        long h = (hash ^ bits) * 0xFF51_AFD7_ED55_8CCDL;
        hash = h ^ (h >>> 32);
    }

    /** Enumeration constants hash by identity, which another run of the JVM does not repeat; these details hold some. */
    private static long stableHash(Object detail) {
        if (detail instanceof Effect.RoleChanged changed) {
            return 31L * changed.ballot().hashCode() + changed.role().ordinal();
        }
        if (detail instanceof Effect.Respond respond) {
            Outcome outcome = respond.outcome();
            long answer = outcome instanceof Outcome.Refused refused
                    ? 31L * refused.detail().hashCode() + refused.reason().ordinal()
                    : outcome.hashCode();
            return 31 * answer + respond.request().hashCode();
        }
        return detail.hashCode();
    }

    /**
     * A hash over everything that happened: equal for equal seeds, on every machine and in every run.
     *
     * @return 64 bits
     */
    public long hash() {
        return hash;
    }

    /**
     * The last records, readable.
     *
     * @return one line for each, oldest first
     */
    public String tail() {
        StringBuilder text = new StringBuilder();
        long first = Math.max(0, count - times.length);
        if (first > 0) {
            text.append("… ").append(first).append(" earlier records\n");
        }
        for (long i = first; i < count; i++) {
            text.append(line((int) (i % times.length))).append('\n');
        }
        return text.toString();
    }

    private String line(int at) {
        return String.format(
                Locale.ROOT,
                "%12.3f ms  %-4s %-8s %s",
                times[at] / 1000.0,
                nodes[at],
                kinds[at].name().toLowerCase(Locale.ROOT),
                details[at]);
    }
}
