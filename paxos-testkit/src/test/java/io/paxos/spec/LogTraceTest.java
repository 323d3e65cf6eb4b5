// SPDX-License-Identifier: Apache-2.0
package io.paxos.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.GroupId;
import io.paxos.testkit.WatchedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The code does what the specification says: what is seen of simulated runs of the product, with all their faults, are
 * behaviours of {@code Log.tla}, and runs that were tampered with are not. The seeds follow from the commit; with
 * {@code -Dpaxos.traces.first} and {@code .count} others are run.
 */
class LogTraceTest {

    /** How many traces, of which at least two thirds must have more to tell than one undisturbed leader. */
    private static final int COUNT = Integer.getInteger("paxos.traces.count", 30);

    private static final long EVENTS = 3_000;
    private static final int LEAST_SEEN = 20;
    private static final int EACH_TAMPERING = 3;

    private static final List<LogTrace> TRACES = new ArrayList<>();

    @TempDir
    Path temp;

    @BeforeAll
    static void record() {
        int uneventful = COUNT / 3;
        for (long seed = Long.getLong("paxos.traces.first", WatchedRun.firstSeedOfCommit());
                TRACES.size() < COUNT;
                seed++) {
            LogRecorder recorder = new LogRecorder(GroupId.of("g0"));
            WatchedRun.of(seed, EVENTS, LogRecorder.MOST_NODES, recorder);
            LogTrace trace = recorder.trace("seed " + seed);
            if (trace == null || trace.seen().size() < LEAST_SEEN) {
                continue;
            }
            if (trace.count("lead") + trace.count("restart") + trace.count("lose") > 1 || uneventful-- > 0) {
                TRACES.add(trace);
            }
        }
    }

    @Test
    void everyRunIsABehaviourOfTheSpecification() throws Exception {
        TraceModule.write(temp, TRACES, true);
        Tlc answer = Tlc.check(temp, TraceModule.NAME, TraceModule.NAME, temp);
        assertThat(answer.outcome()).as(() -> why(answer)).isEqualTo("holds");
        // One state for each event, and one for each beginning: nothing was left out, and nothing guessed.
        long events = TRACES.stream().mapToLong(t -> t.seen().size()).sum();
        assertThat(answer.states()).as(answer::tail).isEqualTo(Long.toString(events + TRACES.size()));
        report();
    }

    private static void report() {
        Map<String, Long> counts = new TreeMap<>();
        TRACES.forEach(t -> t.seen().forEach(s -> counts.merge(s.kind(), 1L, Long::sum)));
        System.out.println(TRACES.size() + " traces, of them "
                + TRACES.stream().filter(t -> t.count("lead") > 1).count() + " with several leaders: " + counts);
        assertThat(counts.keySet())
                .containsAll(List.of(
                        "prepare",
                        "promise",
                        "part",
                        "lead",
                        "propose",
                        "accept",
                        "accepted",
                        "chosen",
                        "conclude",
                        "learn",
                        "executed",
                        "told",
                        "snapshot",
                        "trim",
                        "restart"));
    }

    @Test
    void noRunThatWasTamperedWithIsOne() throws Exception {
        List<LogTrace> tampered = new ArrayList<>();
        Map<Tampering, Integer> counts = new EnumMap<>(Tampering.class);
        long states = 0;
        for (Tampering tampering : Tampering.values()) {
            for (LogTrace trace : TRACES) {
                Tampering.Tampered result =
                        counts.getOrDefault(tampering, 0) < EACH_TAMPERING ? tampering.apply(trace) : null;
                if (result != null) {
                    counts.merge(tampering, 1, Integer::sum);
                    tampered.add(new LogTrace(
                            tampering + " at " + (result.position() + 1) + " of " + trace.name(),
                            trace.size1(),
                            trace.size2(),
                            result.trace().seen()));
                    states += result.position() + 1;
                }
            }
        }
        assertThat(counts).containsOnlyKeys(Tampering.values());
        TraceModule.write(temp, tampered, false);
        Tlc answer = Tlc.check(temp, TraceModule.NAME, TraceModule.NAME, temp);
        assertThat(answer.outcome()).as(() -> why(answer)).isEqualTo("holds");
        // Each is followed up to where it was tampered with, and not one event farther.
        assertThat(answer.states()).as(answer::tail).isEqualTo(Long.toString(states));
    }

    private String why(Tlc answer) {
        Path kept = Path.of("target", "traces").toAbsolutePath();
        try {
            Files.createDirectories(kept);
            Files.copy(
                    temp.resolve(TraceModule.NAME + ".tla"),
                    kept.resolve(TraceModule.NAME + ".tla"),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            return "the module could not be kept: " + e + "\n" + answer.tail();
        }
        return "the module is in " + kept + "; the variables trace and at of the last state say where it stands still; "
                + answer.tail();
    }
}
