// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories of tests that are kept after the test, for whoever wants to look into them. */
public final class Directories {

    private Directories() {}

    /** Makes the directory, without anything in it that an earlier run has left. */
    public static Path empty(Path directory) {
        try {
            if (Files.exists(directory)) {
                try (Stream<Path> inside = Files.walk(directory)) {
                    List<Path> deepestFirst =
                            inside.sorted(Comparator.reverseOrder()).toList();
                    for (Path path : deepestFirst) {
                        Files.delete(path);
                    }
                }
            }
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
