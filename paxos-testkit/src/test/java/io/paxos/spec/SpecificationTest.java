package io.paxos.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks the TLA+ specification with TLC: the protocol as it is must hold in every state, and each rule taken away must
 * break the very invariant that docs/spec/manifest.txt names. The number of distinct states must be the one noted
 * there, so that a model which silently shrank does not pass for a proof.
 */
class SpecificationTest {

    private static final Path SPEC =
            Path.of("..", "docs", "spec").toAbsolutePath().normalize();
    private static final long TIMEOUT_SECONDS = 600;

    private static final Pattern STATES =
            Pattern.compile("([0-9,]+) states generated, ([0-9,]+) distinct states found, ([0-9,]+) states left");
    private static final Pattern VIOLATED = Pattern.compile("(?:Invariant|Action property) (\\w+) is violated");

    @TempDir
    Path temp;

    /**
     * A line of the manifest.
     *
     * @param when {@code always}, or {@code long} for what runs only with {@code -Dspec.long=true}
     * @param config the name of the configuration file without its ending; the module is the part before the first dash
     * @param expected {@code holds}, or the name of the invariant or property that must be violated
     * @param states how many distinct states there are if it holds
     */
    record Line(String when, String config, String expected, String states) {

        static Line parse(String line) {
            String[] words = line.trim().split("\\s+");
            if (words.length != 4) {
                throw new IllegalArgumentException("the manifest needs four words in a line, but has: " + line);
            }
            return new Line(words[0], words[1], words[2], words[3]);
        }

        String module() {
            return config.substring(0, config.indexOf('-'));
        }

        boolean holds() {
            return expected.equals("holds");
        }

        @Override
        public String toString() {
            return config + (holds() ? " holds" : " violates " + expected);
        }
    }

    static Stream<Line> manifest() throws IOException {
        return Files.readAllLines(SPEC.resolve("manifest.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Line::parse);
    }

    /** What takes minutes is left to those who ask for it with {@code -Dspec.long=true}. */
    static Stream<Line> due() throws IOException {
        return manifest().filter(line -> line.when().equals("always") || Boolean.getBoolean("spec.long"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("due")
    void saysWhatTheManifestSays(Line line) throws Exception {
        String output = tlc(line);
        Matcher violated = VIOLATED.matcher(output);
        String outcome = violated.find()
                ? violated.group(1)
                : output.contains("No error has been found") ? "holds" : "neither an answer nor a violation";
        assertThat(outcome).as(() -> tail(output)).isEqualTo(line.expected());
        if (line.holds()) {
            assertThat(states(output)).as(() -> tail(output)).isEqualTo(line.states());
        }
    }

    @Test
    void everyConfigurationIsInTheManifest() throws IOException {
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> configs = Files.newDirectoryStream(SPEC, "*.cfg")) {
            configs.forEach(file -> files.add(file.getFileName().toString().replace(".cfg", "")));
        }
        assertThat(manifest().map(Line::config)).containsExactlyInAnyOrderElementsOf(files);
    }

    @Test
    void everyMutantInAModuleHasAConfiguration() throws IOException {
        for (String module : List.of("Formation", "Log")) {
            Matcher mutants = Pattern.compile("\"((?:rule|storage|without)[\\w-]+)\"")
                    .matcher(Files.readString(SPEC.resolve(module + ".tla")));
            List<String> names =
                    mutants.results().map(r -> r.group(1)).distinct().toList();
            assertThat(names).isNotEmpty();
            for (String name : names) {
                assertThat(SPEC.resolve(module + "-" + name + ".cfg")).content().contains("Mutant = \"" + name + "\"");
            }
        }
    }

    private String tlc(Line line) throws IOException, InterruptedException, URISyntaxException {
        Path log = temp.resolve("tlc.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseParallelGC",
                        // most runs end before the second compiler would pay
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx1g",
                        "-cp",
                        tools().toString(),
                        "tlc2.TLC",
                        "-workers",
                        "2",
                        // TLC names this by the second it starts in; two runs must not share it
                        "-metadir",
                        temp.resolve("states").toString(),
                        "-nowarning",
                        "-config",
                        line.config() + ".cfg",
                        line.module() + ".tla")
                .directory(SPEC.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            String output = Files.readString(log, StandardCharsets.UTF_8);
            assertThat(ended)
                    .as("TLC did not end within %d s: %s", TIMEOUT_SECONDS, tail(output))
                    .isTrue();
            return output;
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

    private static String states(String output) {
        String last = "none reported";
        for (Matcher matcher = STATES.matcher(output); matcher.find(); ) {
            last = matcher.group(2).replace(",", "");
        }
        return last;
    }

    private static String tail(String output) {
        return String.format(
                Locale.ROOT, "the end of what TLC says:%n%s", output.substring(Math.max(0, output.length() - 6000)));
    }
}
