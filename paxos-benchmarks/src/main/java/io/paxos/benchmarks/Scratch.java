// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where a measurement keeps its files; they are deleted when it ends. */
final class Scratch implements AutoCloseable {

    /** The option that says where, to be mixed in. */
    static final class Place {
        @Option(
                names = "--directory",
                paramLabel = "DIR",
                defaultValue = "target",
                description = "Where to keep files meanwhile; it must lie on the disk to be measured. Default: target")
        private Path directory = Path.of("target");

        Scratch open() throws IOException {
            Files.createDirectories(directory);
            return new Scratch(Files.createTempDirectory(directory, "benchmark-"));
        }
    }

    private final Path path;

    private Scratch(Path path) {
        this.path = path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    Path path() {
        return path;
    }

    /** How much disk space files take whose names, below a directory, pass. */
    static long bytesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    /** Deletes a directory with all that is in it. */
    static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.deleteIfExists(each);
        }
    }

    @Override
    public void close() throws IOException {
        delete(path);
    }
}
