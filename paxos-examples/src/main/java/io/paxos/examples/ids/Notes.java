// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * A file in which the clients note each ID they got, a line for each, so that a later run knows what an earlier one
 * handed out though nobody lived to tell. It outlives the process, not the machine: it is evidence for this example, and
 * nothing that the servers read. One thread at a time uses it.
 */
final class Notes implements AutoCloseable {

    private final Set<Long> earlier;
    private final OutputStream file;

    private Notes(Set<Long> earlier, OutputStream file) {
        this.earlier = earlier;
        this.file = file;
    }

    /** Opens the file, creating it if there is none, and reads what earlier runs noted. */
    static Notes open(Path path) {
        try {
            Set<Long> earlier = new HashSet<>();
            if (Files.exists(path)) {
                for (String line : Files.readAllLines(path)) {
                    earlier.add(id(path, line));
                }
            }
            return new Notes(
                    earlier, Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the notes of the clients, " + path + ": " + e.getMessage(), e);
        }
    }

    private static long id(Path path, String line) throws IOException {
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException e) {
            throw new IOException("\"" + line + "\" is no ID; use another --data, or delete " + path, e);
        }
    }

    /** The IDs noted before this run. */
    Set<Long> earlier() {
        return earlier;
    }

    /** Notes an ID; it survives the end of the process when this returns. */
    void add(long id) {
        try {
            file.write((id + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note the ID " + id, e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the notes of the clients", e);
        }
    }
}
