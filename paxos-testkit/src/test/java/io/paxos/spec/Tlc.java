// SPDX-License-Identifier: Apache-2.0
package io.paxos.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs the model checker TLC in a process of its own, and reads what it says. */
final class Tlc {

    /** Where the modules are. */
    static final Path SPEC = Path.of("..", "docs", "spec").toAbsolutePath().normalize();

    /** No run takes longer on a machine that has anything else to do as well. */
    static final long TIMEOUT_SECONDS = 900;

    private static final Pattern STATES =
            Pattern.compile("([0-9,]+) states generated, ([0-9,]+) distinct states found, ([0-9,]+) states left");
    private static final Pattern VIOLATED = Pattern.compile("(?:Invariant|Action property) (\\w+) is violated");

    private final String output;

    private Tlc(String output) {
        this.output = output;
    }

    /**
     * Checks a configuration.
     *
     * @param folder holds the module and the configuration; modules that it extends may be in {@link #SPEC}
     * @param module the name of the module
     * @param config the name of the configuration
     * @param temp where TLC may write
     * @param options for the virtual machine
     * @return what it says
     */
    static Tlc check(Path folder, String module, String config, Path temp, String... options)
            throws IOException, InterruptedException, URISyntaxException {
        Path log = temp.resolve("tlc.txt");
        Stream<String> command = Stream.of(
                        List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        List.of("-XX:+UseParallelGC", "-Xmx2g", "-DTLA-Library=" + SPEC),
                        // TLC unpacks modules to where another run may be reading them
                        List.of("-Djava.io.tmpdir=" + temp),
                        List.of(options),
                        List.of("-cp", tools().toString(), "tlc2.TLC", "-workers", "1", "-nowarning"),
                        // TLC names this by the second it starts in; two runs must not share it
                        List.of("-metadir", temp.resolve("states").toString()),
                        List.of("-config", config + ".cfg", module + ".tla"))
                .flatMap(List::stream);
        Process process = new ProcessBuilder(command.toList())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            Tlc answer = new Tlc(Files.readString(log, StandardCharsets.UTF_8));
            assertThat(ended)
                    .as("TLC did not end within %d s: %s", TIMEOUT_SECONDS, answer.tail())
                    .isTrue();
            return answer;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Path tools() throws URISyntaxException {
        return Path.of(tlc2.TLC
                .class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    /** {@code holds}, or what is violated: an invariant's name, {@code Progress} for a temporal property, or a deadlock. */
    String outcome() {
        Matcher violated = VIOLATED.matcher(output);
        if (violated.find()) {
            return violated.group(1);
        }
        if (output.contains("Temporal properties were violated")) {
            return "Progress";
        }
        if (output.contains("Deadlock reached")) {
            return "Deadlock";
        }
        return output.contains("No error has been found") ? "holds" : "neither an answer nor a violation";
    }

    /** How many distinct states there are, as TLC said last. */
    String states() {
        String last = "none reported";
        for (Matcher matcher = STATES.matcher(output); matcher.find(); ) {
            last = matcher.group(2).replace(",", "");
        }
        return last;
    }

    /** The end of what TLC says, for whoever has to find out why. */
    String tail() {
        return String.format(
                Locale.ROOT, "the end of what TLC says:%n%s", output.substring(Math.max(0, output.length() - 6000)));
    }
}
