// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Listens to the log, which goes to the standard error stream, while it is open. */
final class LogLines implements AutoCloseable {

    private final PrintStream original = System.err;
    private final List<String> lines = new ArrayList<>();

    LogLines() {
        System.setErr(new PrintStream(
                new OutputStream() {
                    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

                    @Override
                    public synchronized void write(int b) {
                        if (b == '\n') {
                            add(line.toString(StandardCharsets.UTF_8));
                            line.reset();
                        } else {
                            line.write(b);
                        }
                    }
                },
                true,
                StandardCharsets.UTF_8));
    }

    private void add(String line) {
        synchronized (lines) {
            lines.add(line);
            lines.notifyAll();
        }
    }

    /** Waits for a line that holds all the given parts. */
    String await(String... parts) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        synchronized (lines) {
            while (true) {
                for (String line : lines) {
                    if (Arrays.stream(parts).allMatch(line::contains)) {
                        return line;
                    }
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("no line with " + Arrays.toString(parts) + " among " + lines);
                }
                TimeUnit.NANOSECONDS.timedWait(lines, left);
            }
        }
    }

    /** How many lines so far hold a text. */
    long count(String part) {
        synchronized (lines) {
            return lines.stream().filter(line -> line.contains(part)).count();
        }
    }

    @Override
    public void close() {
        System.setErr(original);
    }
}
