// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.fuzz;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs fuzz targets under Jazzer, each for so many seconds in a process of its own with a heap of 512 MB, beginning with
 * its {@link Corpus}. A target is a class with a method {@code public static void fuzzerTestOneInput(byte[])}; whatever
 * it throws is a finding, and so is an input on which it stays for more than ten seconds. Jazzer must be on the class
 * path; this class does not need it to be compiled.
 */
public final class Fuzzing {

    private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";
    private static final int SECONDS_PER_INPUT = 10;
    private static final int LONGEST_INPUT = 16_384;

    /** What Jazzer needs beyond the time it is given, to start, to read the corpus, and to write down a finding. */
    private static final int SECONDS_AROUND = 120;

    private static final String LOG = "log.txt";

    private final PrintStream report = System.out;
    private final Path directory;
    private final String instrumented;

    private Fuzzing(Path directory, String instrumented) {
        this.directory = directory;
        this.instrumented = instrumented;
    }

    /**
     * Fuzzes one target after the other, says of each in a line how far the search came, and ends with an exception if
     * any had a finding.
     *
     * @param arguments a directory for what is found, a directory of corpora to write anew or "-", seconds, the packages
     *     whose coverage guides the search as Jazzer takes them, and the names of the targets, separated by blanks
     * @throws IOException if the directory cannot be used, or Jazzer not be run
     * @throws ClassNotFoundException if a target is not on the class path
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] arguments) throws IOException, ClassNotFoundException, InterruptedException {
        if (arguments.length != 5) {
            throw new IllegalArgumentException(
                    "wants five arguments: directory, resources, seconds, packages, targets");
        }
        Fuzzing fuzzing = new Fuzzing(Path.of(arguments[0]).toAbsolutePath(), arguments[3]);
        List<String> findings = new ArrayList<>();
        for (String name : arguments[4].trim().split("\\s+")) {
            Class<?> target = Class.forName(name);
            boolean clean = fuzzing.fuzz(target, Integer.parseInt(arguments[2]));
            if (!clean) {
                findings.add(name);
            } else if (!arguments[1].equals("-")) {
                fuzzing.keep(target, Path.of(arguments[1]));
            }
        }
        if (!findings.isEmpty()) {
            throw new AssertionError("findings, told above, of " + findings);
        }
    }

    private boolean fuzz(Class<?> target, int seconds) throws IOException, InterruptedException {
        Path own = own(target);
        Path seeds = own.resolve("seeds");
        Path found = Files.createDirectories(own.resolve("found"));
        Corpus.unpack(Corpus.of(target), seeds);
        int exit =
                run(seconds + SECONDS_AROUND, target, "-max_total_time=" + seconds, found.toString(), seeds.toString());
        List<String> log = Files.readAllLines(own.resolve(LOG), StandardCharsets.ISO_8859_1);
        if (exit == 0) {
            report.println(target.getSimpleName() + ": " + last(log, "cov: ") + "; "
                    + last(log, "stat::number_of_executed_units"));
        } else {
            // Without the progress of the search, which is most of it.
            log.stream()
                    .filter(line -> !line.startsWith("INFO: ") && !line.startsWith("#"))
                    .forEach(report::println);
            report.println(target.getName() + " has a finding (Jazzer ended with " + exit + "): " + inputs(own));
        }
        return exit == 0;
    }

    private static String last(List<String> log, String what) {
        return log.stream().filter(line -> line.contains(what)).reduce("nothing", (first, second) -> second);
    }

    private Path own(Class<?> target) {
        return directory.resolve(target.getSimpleName());
    }

    /** The least of what was found that covers as much, beside what has names. */
    private void keep(Class<?> target, Path resources) throws IOException, InterruptedException {
        Path merged = Files.createDirectories(own(target).resolve("merged"));
        Path seeds = own(target).resolve("seeds");
        Path found = own(target).resolve("found");
        int exit = run(600, target, "-merge=1", merged.toString(), seeds.toString(), found.toString());
        if (exit != 0) {
            throw new AssertionError("Jazzer ended with " + exit + " when the inputs were to be merged");
        }
        Corpus.keep(target, resources, merged);
    }

    private int run(int limitSeconds, Class<?> target, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+EnableDynamicAgentLoading",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty("java.class.path"),
                JAZZER,
                "--target_class=" + target.getName(),
                "--instrumentation_includes=" + instrumented,
                // What protoc wrote is large, and says no more than what is made of it.
                "--instrumentation_excludes=io.paxos.wire.proto.**:io.paxos.testkit.disk.**",
                "--custom_hook_includes=" + instrumented,
                "--reproducer_path=" + own(target),
                "-artifact_prefix=" + own(target) + "/",
                "-timeout=" + SECONDS_PER_INPUT,
                "-max_len=" + LONGEST_INPUT,
                "-rss_limit_mb=2048",
                "-print_final_stats=1"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(own(target).toFile())
                .redirectErrorStream(true)
                .redirectOutput(own(target).resolve(LOG).toFile())
                .start();
        if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(target.getName() + " has not ended after " + limitSeconds + " seconds");
        }
        return process.exitValue();
    }

    private static String inputs(Path own) throws IOException {
        StringBuilder text = new StringBuilder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(own, "{crash,timeout,oom,slow-unit}-*")) {
            for (Path file : files) {
                text.append(file.getFileName())
                        .append(' ')
                        .append(HexFormat.of().formatHex(Files.readAllBytes(file)))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
