// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What happened when, a line for each event, in a file that is kept only if it is needed. Safe for any thread. */
final class History implements AutoCloseable {

    private final Path file;
    private final BufferedWriter lines;
    private final long start = System.nanoTime();

    History(Path file) throws IOException {
        this.file = file;
        Files.createDirectories(file.getParent());
        this.lines = Files.newBufferedWriter(file);
    }

    Path file() {
        return file;
    }

    synchronized void add(String event) {
        try {
            lines.write(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms " + event);
            lines.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody needs it any more. */
    void discard() throws IOException {
        close();
        Files.delete(file);
    }

    @Override
    public synchronized void close() throws IOException {
        lines.close();
    }
}
