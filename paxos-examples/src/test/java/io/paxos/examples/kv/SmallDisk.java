// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.Commands;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file system of a few megabytes, in memory, that can be filled up: a {@code tmpfs}, which only the superuser of a Linux
 * machine can mount. Used by one thread.
 */
final class SmallDisk implements AutoCloseable {

    private static final int MEGABYTES = 32;
    private static final int CHUNK = 64 << 10;

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Mounts it, or says why that cannot be done here. */
    static Optional<SmallDisk> mount(Path directory, StringBuilder problem) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        problem.append(Commands.attempt(
                "mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", directory.toString()));
        return problem.length() == 0 ? Optional.of(new SmallDisk(directory)) : Optional.empty();
    }

    /** Where to keep what is to meet a full disk. */
    Path directory() {
        return directory.resolve("data");
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }

    /** Writes until there is no room. */
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(ballast())) {
            byte[] chunk = new byte[CHUNK];
            for (int size = CHUNK; size > 0; ) {
                try {
                    out.write(chunk, 0, size);
                } catch (IOException e) {
                    size /= 2; // a smaller piece may still fit, and at last not one byte does
                }
            }
        }
    }

    /** Makes room again. */
    void empty() throws IOException {
        Files.deleteIfExists(ballast());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        Commands.run("umount", "--lazy", directory.toString());
    }
}
