// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.museum;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Plants the bug of an {@link Exhibit} in copies of the sources, puts what they compile to before the real classes, and lets
 * its finder loose on both: with the bug it must find it, and without the bug nothing, or it would prove nothing.
 */
final class Museum {

    /** Where the patches are. */
    static final Path PATCHES = Path.of("src", "museum");

    private static final Path ROOT = Path.of("..");
    private static final Path CORE_TESTS = ROOT.resolve("paxos-core").resolve("target/test-classes");
    private static final long MINUTES = 4;

    private final Path directory;

    Museum(Path directory) {
        this.directory = directory;
    }

    /**
     * Shows one bug.
     *
     * @return what found it
     * @throws AssertionError if it was not found, or was found where it was not planted
     */
    String show(Exhibit exhibit) throws IOException, InterruptedException {
        Path room = directory.resolve(exhibit.name());
        Files.createDirectories(room);
        Path classes = compile(exhibit.patch().apply(ROOT, room.resolve("src")), room.resolve("classes"));

        String found = search(exhibit.finder(), classes.toAbsolutePath() + File.pathSeparator, room.resolve("log"));
        assertThat(found).as("%s, by %s", exhibit.bug(), exhibit.finder()).startsWith(Search.FOUND);

        String control = search(without(exhibit.finder(), found), "", room.resolve("control"));
        assertThat(control).as("%s without the bug", exhibit.finder()).isEqualTo(Search.NOT_FOUND);
        return found.substring(Search.FOUND.length());
    }

    /** Of many seeds only the one that failed need pass without the bug. */
    private static Finder without(Finder finder, String found) {
        if (finder instanceof Finder.Seeds seeds) {
            long seed = Long.parseLong(
                    found.substring((Search.FOUND + "seed ").length(), found.indexOf(": ", Search.FOUND.length())));
            return new Finder.Seeds(seed, seed, seeds.events());
        }
        return finder;
    }

    private static Path compile(List<Path> sources, Path classes) throws IOException {
        Files.createDirectories(classes);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of("-proc:none", "-nowarn", "-cp", classPath(), "-d", classes.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as("compiles: %s", messages).isTrue();
        }
        return classes;
    }

    private static String search(Finder finder, String before, Path log) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                before + classPath(),
                Search.class.getName(),
                finder.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as("%s ends within %s minutes", finder, MINUTES)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith(Search.FOUND) || line.equals(Search.NOT_FOUND))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(finder + " came to no result; see " + log.toAbsolutePath()));
        }
    }

    private static String classPath() {
        assertThat(CORE_TESTS).as("the tests of the core have been compiled").isDirectory();
        return System.getProperty("java.class.path") + File.pathSeparator + CORE_TESTS.toAbsolutePath();
    }
}
