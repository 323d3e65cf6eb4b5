// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same seed gives the same run. */
class SimulationDeterminismTest {

    @ParameterizedTest
    @ValueSource(longs = {3, 14, 159, 2653})
    void theSameSeedGivesTheSameTraceByteForByte(long seed) {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        SimulationReport one =
                Simulation.builder(seed).events(3_000).trace(first::add).run();
        SimulationReport two =
                Simulation.builder(seed).events(3_000).trace(second::add).run();
        assertThat(second).isEqualTo(first);
        assertThat(first).isNotEmpty();
        assertThat(two.traceHash()).isEqualTo(one.traceHash());
        assertThat(two.coverage().toString()).isEqualTo(one.coverage().toString());
    }

    @Test
    void differentSeedsGiveDifferentRuns() {
        assertThat(Simulation.builder(1).events(500).run().traceHash())
                .isNotEqualTo(Simulation.builder(2).events(500).run().traceHash());
    }

    @Test
    void watchingTheTraceDoesNotChangeTheRun() {
        long unwatched = Simulation.builder(5).events(1_000).run().traceHash();
        long watched =
                Simulation.builder(5).events(1_000).trace(line -> {}).run().traceHash();
        assertThat(watched).isEqualTo(unwatched);
    }

    /** Each JVM iterates over small immutable sets and maps in an order of its own; nothing may depend on it. */
    @Test
    void anotherJvmGivesTheSameRuns() throws IOException, InterruptedException {
        long first = 500;
        long count = 12;
        long events = 3_000;
        String here = String.format(
                "trace hash %016x", new Campaign(first, count, events, 1).run().traceHash());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Campaign.class.getName(),
                        Long.toString(first),
                        Long.toString(count),
                        Long.toString(events),
                        "1")
                .redirectErrorStream(true)
                .start();
        String there = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(there).contains(here);
        assertThat(process.exitValue()).isZero();
    }
}
