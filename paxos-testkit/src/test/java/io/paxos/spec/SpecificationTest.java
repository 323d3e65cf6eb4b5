// SPDX-License-Identifier: Apache-2.0
package io.paxos.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

    /** The build runs what is quick; {@code mvn -q -Pspec -pl paxos-testkit -am test} runs the rest. */
    private static final String DUE = System.getProperty("spec.due", "always");

    private static final long LEAST_STATES = 3_000_000;

    /** Each run has one worker, and two runs go on at a time, for most of them are over before two workers would pay. */
    private static final ExecutorService RUNS = Executors.newFixedThreadPool(2);

    private static final Map<Line, Future<Tlc>> ANSWERS = new HashMap<>();

    @TempDir
    static Path temp;

    /**
     * A line of the manifest.
     *
     * @param when {@code always} for what every build runs, or {@code long} for what the profile {@code spec} runs
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
        return Files.readAllLines(Tlc.SPEC.resolve("manifest.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Line::parse);
    }

    static Stream<Line> due() throws IOException {
        return manifest().filter(line -> line.when().equals(DUE));
    }

    @BeforeAll
    static void begin() throws IOException {
        due().forEach(line -> ANSWERS.put(line, RUNS.submit(() -> {
            Path own = Files.createDirectory(temp.resolve(line.config()));
            // Most runs end before the second compiler would pay.
            String compiler = DUE.equals("always") ? "-XX:TieredStopAtLevel=1" : "-XX:+TieredCompilation";
            return Tlc.check(Tlc.SPEC, line.module(), line.config(), own, compiler);
        })));
    }

    @AfterAll
    static void end() {
        RUNS.shutdownNow();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("due")
    void saysWhatTheManifestSays(Line line) throws Exception {
        Tlc answer = ANSWERS.get(line).get(Tlc.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertThat(answer.outcome()).as(answer::tail).isEqualTo(line.expected());
        if (line.holds()) {
            assertThat(answer.states()).as(answer::tail).isEqualTo(line.states());
        }
    }

    @Test
    void everyConfigurationIsInTheManifest() throws IOException {
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> configs = Files.newDirectoryStream(Tlc.SPEC, "*.cfg")) {
            configs.forEach(file -> files.add(file.getFileName().toString().replace(".cfg", "")));
        }
        assertThat(manifest().map(Line::config)).containsExactlyInAnyOrderElementsOf(files);
    }

    @Test
    void allConfigurationsTogetherHaveMillionsOfStates() throws IOException {
        assertThat(manifest()
                        .filter(Line::holds)
                        .mapToLong(line -> Long.parseLong(line.states()))
                        .sum())
                .isGreaterThanOrEqualTo(LEAST_STATES);
    }

    @Test
    void everyMutantInAModuleHasAConfiguration() throws IOException {
        for (String module : List.of("Formation", "Paxos", "Log", "Membership", "Epochs")) {
            Matcher mutants = Pattern.compile("\"((?:rule|p2c|storage|without)[\\w-]+)\"")
                    .matcher(Files.readString(Tlc.SPEC.resolve(module + ".tla")));
            List<String> names =
                    mutants.results().map(r -> r.group(1)).distinct().toList();
            assertThat(names).isNotEmpty();
            for (String name : names) {
                assertThat(Tlc.SPEC.resolve(module + "-" + name + ".cfg"))
                        .content()
                        .contains("Mutant = \"" + name + "\"");
            }
        }
    }
}
