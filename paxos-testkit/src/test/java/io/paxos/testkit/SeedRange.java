// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which seeds are fresh: those that the hash of the commit under test points at. */
final class SeedRange {

    /** Where no commit is to be seen, as in an unpacked archive. */
    private static final long WITHOUT_COMMIT = 1;

    private static final int SEEDS_PER_COMMIT = 1_000;

    private SeedRange() {}

    static long firstOfCommit() {
        String given = System.getProperty("paxos.simulation.commit");
        try {
            String commit = given != null ? given : head(Path.of("").toAbsolutePath());
            return commit == null ? WITHOUT_COMMIT : Long.parseLong(commit.substring(0, 8), 16) * SEEDS_PER_COMMIT;
        } catch (IOException e) {
            throw new UncheckedIOException("the repository is there, but its head cannot be read", e);
        }
    }

    /** The hash of the commit checked out at a folder or above it, or null if that is no working tree. */
    static @Nullable String head(Path start) throws IOException {
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            Path git = folder.resolve(".git");
            if (Files.isDirectory(git)) {
                return resolve(git, git);
            }
            if (Files.isRegularFile(git)) {
                Path own = folder.resolve(after("gitdir:", git));
                Path common = own.resolve("commondir");
                return resolve(
                        own,
                        Files.exists(common)
                                ? own.resolve(Files.readString(common).strip())
                                : own);
            }
        }
        return null;
    }

    private static @Nullable String resolve(Path own, Path common) throws IOException {
        String head = Files.readString(own.resolve("HEAD")).strip();
        if (!head.startsWith("ref:")) {
            return head;
        }
        String ref = head.substring("ref:".length()).strip();
        Path loose = common.resolve(ref);
        if (Files.exists(loose)) {
            return Files.readString(loose).strip();
        }
        Path packed = common.resolve("packed-refs");
        if (!Files.exists(packed)) {
            return null;
        }
        return Files.readAllLines(packed).stream()
                .filter(line -> line.endsWith(" " + ref))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElse(null);
    }

    private static String after(String prefix, Path file) throws IOException {
        String line = Files.readString(file).strip();
        if (!line.startsWith(prefix)) {
            throw new IOException(file + " should begin with " + prefix + ", but is: " + line);
        }
        return line.substring(prefix.length()).strip();
    }
}
