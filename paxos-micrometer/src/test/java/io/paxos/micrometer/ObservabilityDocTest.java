// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.paxos.event.Effect.RoleName;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.node.NodeLoad;
import io.paxos.replica.NodeStatus;
import io.paxos.transport.netty.TransportStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code docs/observability.md} says of metrics is what is registered, and all of it. */
class ObservabilityDocTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "observability.md");
    private static final Pattern ROW =
            Pattern.compile("\\| `(paxos\\.[a-z.]+)` \\| ([a-z]+) \\| ([a-z]*) ?\\| ([a-z, ]+) \\| (.+) \\| .*\\|");
    private static final Pattern VALUE = Pattern.compile("`([a-z_]+)`");
    private static final NodeId PEER = NodeId.of("n2");

    /** A metric as far as a table can say: what it is called, what it is, its unit, and its tags. */
    private record Metric(String name, String type, String unit, Set<String> tags) {}

    /** All of them, but the buckets that a registry in memory shows as meters of their own. */
    private static List<Meter> registered() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        NodeId self = NodeId.of("n1");
        NodeStatus.Group leading = new NodeStatus.Group(
                RoleName.LEADER,
                self,
                Ballot.ZERO,
                0,
                0,
                0,
                0,
                0,
                null,
                null,
                Set.of(),
                0,
                0,
                new TreeMap<>(Map.of(PEER, 0L)),
                FeatureLevel.LATEST);
        NodeStatus status = new NodeStatus(
                new Endpoint(self, new Incarnation(1)),
                null,
                null,
                null,
                null,
                0,
                0,
                new TreeMap<>(Map.of(GroupId.of("g"), leading)));
        new NodeBinding(self, () -> status, () -> new NodeLoad(0, 0, 0, 0, 0, 0), registry).refresh();
        TransportStats stats = new TransportStats(Map.of(PEER, new TransportStats.Peer(true, 0, 0, 0, 0)), 0, 0, 0);
        new NettyTransportMetrics(self, () -> stats).bindTo(registry);
        return registry.getMeters().stream()
                .filter(meter -> meter.getId().syntheticAssociation() == null)
                .toList();
    }

    private static Metric metric(Meter meter) {
        Meter.Id id = meter.getId();
        String type =
                switch (id.getType()) {
                    case DISTRIBUTION_SUMMARY -> "summary";
                    default -> id.getType().name().toLowerCase(java.util.Locale.ROOT);
                };
        String unit = id.getType() == Meter.Type.TIMER ? "" : Objects.requireNonNullElse(id.getBaseUnit(), "");
        return new Metric(
                id.getName(),
                type,
                unit,
                id.getTags().stream().map(Tag::getKey).collect(Collectors.toCollection(TreeSet::new)));
    }

    private static List<Matcher> rows() throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .toList();
    }

    @Test
    void everyMetricIsInTheTableAndNoneBesides() throws IOException {
        Set<Metric> documented = rows().stream()
                .map(row -> new Metric(
                        row.group(1),
                        row.group(2),
                        row.group(3),
                        new TreeSet<>(List.of(row.group(4).split(", ")))))
                .collect(Collectors.toSet());
        Set<Metric> registered =
                registered().stream().map(ObservabilityDocTest::metric).collect(Collectors.toSet());
        assertThat(documented).containsExactlyInAnyOrderElementsOf(registered);
        assertThat(rows()).as("no metric has two rows").hasSize(registered.size());
    }

    @Test
    void everyValueOfATagIsNamedInTheRow() throws IOException {
        Map<String, Set<String>> named = rows().stream()
                .collect(Collectors.toMap(row -> row.group(1), row -> VALUE.matcher(row.group(5))
                        .results()
                        .map(result -> result.group(1))
                        .collect(Collectors.toSet())));
        for (Meter meter : registered()) {
            for (String tag : List.of("outcome", "role", "lane", "call", "guarantee")) {
                String value = meter.getId().getTag(tag);
                if (value != null) {
                    assertThat(named.get(meter.getId().getName()))
                            .as("%s of %s", tag, meter.getId().getName())
                            .contains(value);
                }
            }
        }
    }

    @Test
    void everyMetricSaysWhatItIs() {
        assertThat(registered())
                .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());
    }
}
