// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.paxos.node.PaxosNode;
import io.paxos.spi.Codec;
import io.paxos.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The figures of running nodes. */
@Timeout(60)
class PaxosMetricsTest {

    private static final String[] ALL = {"n1", "n2", "n3"};

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    Path directory;

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private long count(String timer, String... tags) {
        return registry.get(timer).tags(tags).timer().count();
    }

    @Test
    void countsWhatOneNodeDoes() throws Exception {
        try (Cluster cluster = new Cluster();
                PaxosNode node = cluster.builder("n1", "n1")
                        .storage(FileStorage.open(directory.resolve("n1")))
                        .start();
                PaxosMetrics metrics = new PaxosMetrics(node)) {
            metrics.bindTo(registry);
            var log = Cluster.log(node, "g");
            for (long i = 0; i < 5; i++) {
                log.submit(i).get(30, TimeUnit.SECONDS);
            }
            Timer applied = registry.get("paxos.commands")
                    .tags("node", "n1", "group", "g", "outcome", "applied")
                    .timer();
            assertThat(applied.count()).isEqualTo(5);
            assertThat(applied.max(TimeUnit.NANOSECONDS)).isPositive();
            assertThat(applied.takeSnapshot().histogramCounts()).isNotEmpty();
            assertThat(registry.get("paxos.commands")
                            .tags("outcome", "unknown")
                            .timer()
                            .count())
                    .isZero();
            assertThat(registry.get("paxos.store.write")
                            .tags("outcome", "ok")
                            .timer()
                            .count())
                    .isPositive();
            assertThat(registry.get("paxos.store.force").timer().count()).isPositive();
            assertThat(registry.get("paxos.store.batch").summary().totalAmount())
                    .isPositive();
            assertThat(registry.get("paxos.apply").timer().count()).isPositive();
            node.decrees(Codec.utf8()).agree("owner", "n1").get(30, TimeUnit.SECONDS);
            node.registers(Codec.utf8()).set("mode", "on").get(30, TimeUnit.SECONDS);
            log.read(machine -> 1).get(30, TimeUnit.SECONDS);
            assertThat(count("paxos.decree.calls", "call", "agree", "outcome", "answered"))
                    .isOne();
            assertThat(count("paxos.register.calls", "call", "change", "outcome", "answered"))
                    .isOne();
            assertThat(count("paxos.reads", "group", "g", "guarantee", "linearizable", "outcome", "answered"))
                    .isOne();
            assertThat(registry.get("paxos.elections")
                            .tags("outcome", "won")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("paxos.log.role.changes")
                            .tags("role", "leader")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void tellsHowTheNodesStand() throws Exception {
        try (Cluster cluster = new Cluster()) {
            for (String id : ALL) {
                var log = Cluster.log(cluster.start(id, ALL), "g");
                if (id.equals("n3")) {
                    log.submit(1L).get(30, TimeUnit.SECONDS);
                    String leader = log.leader().orElseThrow().name();
                    assertThat(leader).isIn((Object[]) ALL);
                }
            }
            PaxosNode node = cluster.start("n4", "n4");
            var log = Cluster.log(node, "h");
            log.submit(1L).get(30, TimeUnit.SECONDS);
            try (PaxosMetrics metrics = new PaxosMetrics(node)) {
                metrics.bindTo(registry);
                assertThat(gauge("paxos.node.formed")).isOne();
                assertThat(gauge("paxos.node.halted")).isZero();
                assertThat(gauge("paxos.node.stranger")).isZero();
                assertThat(gauge("paxos.log.leading", "group", "h")).isOne();
                assertThat(gauge("paxos.log.led", "group", "h")).isOne();
                assertThat(gauge("paxos.log.voter", "group", "h")).isOne();
                assertThat(gauge("paxos.log.ballot", "group", "h")).isPositive();
                assertThat(gauge("paxos.log.decided", "group", "h"))
                        .isPositive()
                        .isEqualTo(gauge("paxos.log.known", "group", "h"));
                assertThat(gauge("paxos.calls.pending")).isZero();
                assertThat(gauge("paxos.loop.queue", "lane", "votes")).isNotNegative();
            }
        }
    }

    @Test
    void aLogThatIsOpenedLaterGetsItsMetersAndPrometheusReadsThem() throws Exception {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Cluster cluster = new Cluster();
                PaxosMetrics metrics = new PaxosMetrics(cluster.start("n1", "n1"))) {
            metrics.bindTo(prometheus);
            assertThat(prometheus.scrape()).contains("paxos_node_formed").doesNotContain("paxos_log_decided");
        }
        try (Cluster cluster = new Cluster()) {
            PaxosNode node = cluster.start("n1", "n1");
            try (PaxosMetrics metrics = new PaxosMetrics(node)) {
                metrics.bindTo(prometheus);
                Cluster.log(node, "late").submit(1L).get(30, TimeUnit.SECONDS);
                assertThat(prometheus.scrape())
                        .contains("paxos_log_decided_slot{group=\"late\",node=\"n1\"}")
                        .contains(
                                "paxos_commands_seconds_bucket{group=\"late\",node=\"n1\",outcome=\"applied\",le=\"0.01\"}")
                        .contains("paxos_elections_seconds_count{group=\"late\",node=\"n1\",outcome=\"won\"} 1");
            }
            assertThat(prometheus.scrape()).as("all of it is gone").doesNotContain("paxos_");
        }
    }

    @Test
    void onceClosedNothingIsRegisteredOrCountedAnyMore() throws Exception {
        try (Cluster cluster = new Cluster()) {
            PaxosNode node = cluster.start("n1", "n1");
            PaxosMetrics metrics = new PaxosMetrics(node);
            metrics.bindTo(registry);
            var log = Cluster.log(node, "g");
            log.submit(1L).get(30, TimeUnit.SECONDS);
            assertThat(registry.getMeters()).isNotEmpty();
            metrics.close();
            metrics.close();
            assertThat(registry.getMeters()).isEmpty();
            log.submit(1L).get(30, TimeUnit.SECONDS);
            Cluster.log(node, "other").submit(1L).get(30, TimeUnit.SECONDS);
            assertThat(registry.getMeters()).isEmpty();
            assertThatThrownBy(() -> metrics.bindTo(registry)).hasMessageContaining("closed");
        }
    }
}
