// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Shows how far a run is: on a terminal in one line that changes, elsewhere in a line every second. Safe for any
 * thread.
 */
final class Progress {

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final PrintWriter out;
    private final boolean terminal;
    private final long total;
    private long shownAt = System.nanoTime();
    private long shownCount;
    private int width;

    Progress(PrintWriter out, boolean terminal, long total) {
        this.out = out;
        this.terminal = terminal;
        this.total = total;
    }

    /** Something worth a line of its own happened. */
    synchronized void tell(String what) {
        clear();
        out.println(what);
        out.flush();
    }

    /** So many IDs have been handed out, by servers of which these run. */
    synchronized void show(long count, String servers) {
        long now = System.nanoTime();
        long elapsed = now - shownAt;
        if (!terminal && elapsed < INTERVAL) {
            return;
        }
        long rate = elapsed == 0 ? 0 : (count - shownCount) * INTERVAL / elapsed;
        if (elapsed >= INTERVAL) {
            shownAt = now;
            shownCount = count;
        }
        String line = String.format(Locale.ROOT, "%,9d of %,d IDs, %,d/s, %s", count, total, rate, servers);
        if (terminal) {
            clear();
            out.print(line);
            width = line.length();
        } else {
            out.println(line);
        }
        out.flush();
    }

    /** Wipes the line that changes. */
    synchronized void clear() {
        if (width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            out.flush();
            width = 0;
        }
    }
}
