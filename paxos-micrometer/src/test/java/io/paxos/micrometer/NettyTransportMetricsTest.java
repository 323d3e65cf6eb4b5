// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.NettyTransport;
import io.paxos.transport.netty.TransportStats;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The figures of a transport, for each peer. */
class NettyTransportMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private TransportStats stats = new TransportStats(Map.of(), 0, 0, 0);

    private double gauge(String name, String peer) {
        return registry.get(name).tags("node", "n1", "peer", peer).gauge().value();
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void eachPeerHasItsNumbersFromTheScrapeAfterItCame() {
        NettyTransportMetrics metrics = new NettyTransportMetrics(NodeId.of("n1"), () -> stats);
        metrics.bindTo(registry);
        stats = new TransportStats(Map.of(NodeId.of("n2"), new TransportStats.Peer(true, 1, 2, 3, 4)), 5, 6, 7);
        assertThat(count("paxos.transport.received")).isEqualTo(5);
        assertThat(count("paxos.transport.refused.connections")).isEqualTo(6);
        assertThat(count("paxos.transport.unroutable")).isEqualTo(7);
        assertThat(gauge("paxos.transport.connected", "n2")).isOne();
        assertThat(gauge("paxos.transport.queue", "n2")).isEqualTo(1);
        assertThat(gauge("paxos.transport.queue.size", "n2")).isEqualTo(2);
        assertThat(count("paxos.transport.sent", "peer", "n2")).isEqualTo(3);
        assertThat(count("paxos.transport.dropped", "peer", "n2")).isEqualTo(4);
        metrics.close();
        assertThat(registry.getMeters()).isEmpty();
        assertThatThrownBy(() -> metrics.bindTo(registry)).hasMessageContaining("n1");
    }

    @Test
    void countersGoOnWhenMemoryHasBeenCollected() {
        new NettyTransportMetrics(NodeId.of("n1"), () -> stats).bindTo(registry);
        stats = new TransportStats(Map.of(NodeId.of("n2"), new TransportStats.Peer(true, 1, 2, 3, 4)), 5, 6, 7);
        assertThat(count("paxos.transport.received")).isEqualTo(5);
        System.gc();
        stats = new TransportStats(Map.of(NodeId.of("n2"), new TransportStats.Peer(true, 1, 2, 13, 14)), 15, 16, 17);
        assertThat(count("paxos.transport.received")).isEqualTo(15);
        assertThat(count("paxos.transport.refused.connections")).isEqualTo(16);
        assertThat(count("paxos.transport.sent", "peer", "n2")).isEqualTo(13);
        assertThat(gauge("paxos.transport.connected", "n2")).isOne();
    }

    @Test
    void whatOnePeerLosesIsNotCountedAtAnother() {
        try (NettyTransportMetrics metrics = new NettyTransportMetrics(NodeId.of("n1"), () -> stats)) {
            metrics.bindTo(registry);
            stats = new TransportStats(
                    Map.of(
                            NodeId.of("n2"), new TransportStats.Peer(true, 1, 2, 3, 4),
                            NodeId.of("n3"), new TransportStats.Peer(false, 11, 12, 13, 14)),
                    0,
                    0,
                    0);
            assertThat(count("paxos.transport.received")).isZero();
            assertThat(count("paxos.transport.dropped", "peer", "n2")).isEqualTo(4);
            assertThat(count("paxos.transport.dropped", "peer", "n3")).isEqualTo(14);
            assertThat(count("paxos.transport.sent", "peer", "n3")).isEqualTo(13);
            assertThat(gauge("paxos.transport.queue", "n3")).isEqualTo(11);
            assertThat(gauge("paxos.transport.queue.size", "n3")).isEqualTo(12);
            assertThat(gauge("paxos.transport.connected", "n3")).isZero();
        }
    }

    @Test
    void aTransportThatHasNotBeenStartedHasNumbersToo() {
        try (NettyTransport transport = NettyTransport.plaintext("127.0.0.1:0");
                NettyTransportMetrics metrics = new NettyTransportMetrics(NodeId.of("n1"), transport)) {
            metrics.bindTo(registry);
            assertThat(count("paxos.transport.received")).isZero();
        }
    }
}
