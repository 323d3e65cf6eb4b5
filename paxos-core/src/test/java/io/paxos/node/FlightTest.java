// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.Threshold;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the flight recorder of the JDK hears of a node, and that a node needs none. */
@Timeout(120)
class FlightTest {

    private static final String ELECTION = "io.paxos.Election";
    private static final List<String> SLOW = List.of("io.paxos.SlowWrite", "io.paxos.SlowForce", "io.paxos.SlowApply");

    @TempDir
    Path directory;

    /** All that is recorded of a node that is elected and executes a command, with this threshold of what is slow. */
    private List<RecordedEvent> record(Duration slow) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(ELECTION);
            SLOW.forEach(event -> recording.enable(event).withThreshold(slow));
            recording.start();
            try (PaxosNode node =
                    Cluster.of(1).builder("n1").storage(new ForcingStorage()).start()) {
                result(counter(node, "g").submit(1L));
            }
            recording.stop();
            Path file = directory.resolve("recording.jfr");
            recording.dump(file);
            return RecordingFile.readAllEvents(file);
        }
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }

    @Test
    void recordsElectionsAndWhatIsSlow() throws Exception {
        List<RecordedEvent> events = record(Duration.ZERO);
        assertThat(of(events, ELECTION)).singleElement().satisfies(election -> {
            assertThat(election.getString("node")).isEqualTo("n1");
            assertThat(election.getString("group")).isEqualTo("g");
            assertThat(election.getString("ballot")).startsWith("1.n1");
            assertThat(election.getBoolean("won")).isTrue();
            assertThat(election.getDuration()).isPositive();
        });
        assertThat(of(events, "io.paxos.SlowWrite")).isNotEmpty().allSatisfy(write -> {
            assertThat(write.getString("node")).isEqualTo("n1");
            assertThat(write.getInt("writes")).isNotNegative();
            assertThat(write.getBoolean("failed")).isFalse();
        });
        assertThat(of(events, "io.paxos.SlowForce"))
                .isNotEmpty()
                .allSatisfy(force -> assertThat(force.getString("node")).isEqualTo("n1"));
        assertThat(of(events, "io.paxos.SlowApply")).isNotEmpty().allSatisfy(apply -> {
            assertThat(apply.getString("group")).isEqualTo("g");
            assertThat(apply.getLong("slot")).isPositive();
            assertThat(apply.getInt("slots")).isPositive();
        });
    }

    @Test
    void whatIsBelowTheThresholdOfTheRecordingIsNotRecorded() throws Exception {
        List<RecordedEvent> events = record(Duration.ofHours(1));
        SLOW.forEach(name -> assertThat(of(events, name)).as(name).isEmpty());
        assertThat(of(events, ELECTION)).hasSize(1);
    }

    @Test
    void everyEventIsInTheDocumentWithItsThresholdAndFields() throws IOException {
        Pattern row = Pattern.compile("\\| `(io\\.paxos\\.[A-Za-z]+)` \\| ([a-z0-9 ]+) \\| ([a-z, ]+) \\|.*");
        List<String> documented = Files.readAllLines(Path.of("..", "docs", "observability.md")).stream()
                .map(row::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1) + ", " + found.group(2) + ": " + found.group(3))
                .toList();
        List<String> defined = Stream.of(
                        ElectionEvent.class, SlowWriteEvent.class, SlowForceEvent.class, SlowApplyEvent.class)
                .map(event -> EventType.getEventType(event).getName() + ", " + threshold(event) + ": "
                        + fields(EventType.getEventType(event)))
                .toList();
        assertThat(documented).containsExactlyElementsOf(defined);
    }

    private static String threshold(Class<? extends Event> type) {
        Threshold threshold = type.getAnnotation(Threshold.class);
        return threshold == null ? "none" : threshold.value();
    }

    /** Those that are the event's own, in the order of their declaration. */
    private static String fields(EventType type) {
        Set<String> common = Set.of("startTime", "duration", "eventThread", "stackTrace");
        return type.getFields().stream()
                .map(ValueDescriptor::getName)
                .filter(name -> !common.contains(name))
                .collect(Collectors.joining(", "));
    }

    @Test
    void nothingIsMadeForWhatNobodyRecords() {
        Flight flight = new RecordedFlight();
        assertThat(flight.beginWriting()).isSameAs(UnrecordedFlight.WRITING);
        assertThat(flight.beginForcing()).isSameAs(UnrecordedFlight.FORCING);
        assertThat(flight.beginApplying()).isSameAs(UnrecordedFlight.APPLYING);
        assertThat(flight.beginCandidacy()).isSameAs(UnrecordedFlight.CANDIDACY);
    }

    @Test
    void aNodeOnTheClassPathRunsOnAnImageWithoutAFlightRecorder() throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules",
                        "java.base",
                        "-cp",
                        classPath,
                        WithoutFlightRecorder.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("no flight recorder, sum 42");
    }
}
