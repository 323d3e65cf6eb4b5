// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.NettyTransport;
import io.paxos.transport.netty.TransportStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a {@link NettyTransport}: for each peer whether it is connected, what waits for it, and what was sent and
 * dropped. {@code docs/observability.md} lists them. Whoever uses it needs {@code paxos-transport-netty} beside this
 * module, which does not bring it along.
 *
 * <p>Each meter has the tag {@code node}, and those of a peer the tag {@code peer}. A peer that comes later gets its meters
 * with the scrape after it came. Safe for any thread.
 */
public final class NettyTransportMetrics implements MeterBinder, AutoCloseable {

    private final NodeId node;
    private final Supplier<TransportStats> stats;
    private final List<Binding> bindings = new ArrayList<>();
    private boolean closed;

    /**
     * The figures of a transport, bound to nothing yet.
     *
     * @param node the node that it serves
     * @param transport the transport; it is not closed from here
     */
    public NettyTransportMetrics(NodeId node, NettyTransport transport) {
        this(node, Objects.requireNonNull(transport, "transport")::stats);
    }

    NettyTransportMetrics(NodeId node, Supplier<TransportStats> stats) {
        this.node = Objects.requireNonNull(node, "node");
        this.stats = stats;
    }

    /**
     * Registers all meters.
     *
     * @param registry where to; may be called for several
     * @throws IllegalStateException if this has been closed
     */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (closed) {
            throw new IllegalStateException("the metrics of the transport of node " + node
                    + " have been closed; make new ones to bind them again");
        }
        bindings.add(new Binding(new OwnMeters(registry, Tags.of("node", node.name())), stats));
    }

    /** Takes all meters out of their registries. A second call does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        bindings.forEach(Binding::close);
        bindings.clear();
    }

    private static final class Binding {

        private final OwnMeters meters;
        private final Supplier<TransportStats> stats;
        private final Map<NodeId, OwnMeters> peers = new ConcurrentHashMap<>();

        Binding(OwnMeters meters, Supplier<TransportStats> stats) {
            this.meters = meters;
            this.stats = stats;
            meters.counted("paxos.transport.received", "Envelopes delivered", () -> look().received());
            meters.counted(
                    "paxos.transport.refused.connections",
                    "Inbound connections refused or given up because of what they sent",
                    () -> look().refusedConnections());
            meters.counted(
                    "paxos.transport.unroutable",
                    "Envelopes dropped for their sender or addressee",
                    () -> look().unroutable());
            look();
        }

        private TransportStats look() {
            TransportStats now = stats.get();
            now.peers().keySet().forEach(peer -> peers.computeIfAbsent(peer, this::meet));
            return now;
        }

        private OwnMeters meet(NodeId peer) {
            OwnMeters own = meters.with("peer", peer.name());
            gauge(
                    own,
                    peer,
                    "paxos.transport.connected",
                    null,
                    "Whether the peer can be sent to",
                    p -> p.connected() ? 1 : 0);
            gauge(
                    own,
                    peer,
                    "paxos.transport.queue",
                    "messages",
                    "Envelopes that wait for the peer",
                    TransportStats.Peer::queuedMessages);
            gauge(
                    own,
                    peer,
                    "paxos.transport.queue.size",
                    "bytes",
                    "What the waiting envelopes take",
                    TransportStats.Peer::queuedBytes);
            count(own, peer, "paxos.transport.sent", "Envelopes handed to a connection", TransportStats.Peer::sent);
            count(
                    own,
                    peer,
                    "paxos.transport.dropped",
                    "Envelopes dropped for want of room or of a connection",
                    TransportStats.Peer::dropped);
            return own;
        }

        private void gauge(
                OwnMeters own,
                NodeId peer,
                String name,
                @Nullable String unit,
                String description,
                ToDoubleFunction<TransportStats.Peer> value) {
            own.gauge(name, unit, description, () -> {
                TransportStats.Peer now = stats.get().peers().get(peer);
                return now == null ? Double.NaN : value.applyAsDouble(now);
            });
        }

        private void count(
                OwnMeters own,
                NodeId peer,
                String name,
                String description,
                ToLongFunction<TransportStats.Peer> value) {
            own.counted(name, description, () -> {
                TransportStats.Peer now = stats.get().peers().get(peer);
                return now == null ? 0 : value.applyAsLong(now);
            });
        }

        void close() {
            meters.removeAll();
            peers.values().forEach(OwnMeters::removeAll);
        }
    }
}
