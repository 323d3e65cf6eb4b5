// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.paxos.micrometer.NettyTransportMetrics;
import io.paxos.micrometer.PaxosMetrics;
import io.paxos.model.Configuration;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SlotToken;
import io.paxos.node.Consistency;
import io.paxos.node.Decrees;
import io.paxos.node.NodeHealth;
import io.paxos.node.PaxosNode;
import io.paxos.node.PaxosNodeBuilder;
import io.paxos.node.Reading;
import io.paxos.node.ReplicatedLog;
import io.paxos.replica.NodeStatus;
import io.paxos.spi.Codec;
import io.paxos.spi.Transport;
import io.paxos.transport.netty.NettyTransport;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One replica: its node, the log of the store, and the decrees. Safe for any thread. */
final class KvNode implements AutoCloseable {

    /** The largest value. */
    static final int MAX_VALUE_BYTES = 1 << 20;

    /** The longest key, in bytes of its UTF-8 form. */
    static final int MAX_KEY_BYTES = 1 << 10;

    /** A command holds a key, a new value and an expected one. */
    private static final int MAX_COMMAND_BYTES = 2 * MAX_VALUE_BYTES + 2 * MAX_KEY_BYTES;

    private static final String LOG = "kv";

    private final Addresses addresses;
    private final Duration deadline;
    private final WatchedTransport transport;
    private final PaxosNode node;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PaxosMetrics metrics;
    private final @Nullable NettyTransportMetrics traffic;
    private final ReplicatedLog<KvCommand, KvStore.Result, KvStore> log;
    private final MemberChanges changes;
    private final Decrees<Payload> decrees;

    /** One that is not among those it was started with joins them: it learns, and votes when it is asked to. */
    KvNode(
            String cluster,
            String id,
            Addresses addresses,
            Transport transport,
            Durability durability,
            Duration deadline,
            @Nullable Double leaseDrift) {
        this.addresses = addresses;
        this.deadline = deadline;
        this.transport = new WatchedTransport(transport);
        PaxosNodeBuilder builder = PaxosNode.builder();
        if (leaseDrift != null) {
            builder.leaderLease(leaseDrift);
        }
        Set<String> given = addresses.given().addresses().keySet();
        this.node = (given.contains(id) ? builder.members(given) : builder.joins(given.toArray(String[]::new)))
                .cluster(cluster)
                .id(id)
                .transport(this.transport)
                .storage(durability.storage())
                .snapshots(durability.snapshots())
                .maxValueBytes(MAX_COMMAND_BYTES)
                .deadline(deadline)
                .start();
        this.metrics = new PaxosMetrics(node);
        this.traffic = transport instanceof NettyTransport netty ? new NettyTransportMetrics(node.id(), netty) : null;
        metrics.bindTo(registry);
        if (traffic != null) {
            traffic.bindTo(registry);
        }
        this.log = node.replicate(LOG, new KvStore(addresses), KvCommand.CODEC, KvStore.Result.CODEC);
        this.changes = new MemberChanges(log, addresses, deadline);
        this.decrees = node.decrees(Codec.payload());
    }

    String id() {
        return node.id().name();
    }

    Addresses addresses() {
        return addresses;
    }

    /** Which members can be reached. */
    Predicate<String> reachable() {
        return id -> transport.isReachable(NodeId.of(id));
    }

    CompletableFuture<Reading<KvStore.Result>> submit(KvCommand command) {
        return log.submitWithSlot(command, deadline);
    }

    /** What is there, as fresh as asked for. */
    CompletableFuture<Reading<Optional<KvStore.Entry>>> read(Consistency how, String key) {
        return log.read(how, store -> Optional.ofNullable(store.get(key)));
    }

    /** The place in the log that a slot is. */
    SlotToken token(long slot) {
        return new SlotToken(GroupId.of(LOG), slot);
    }

    /** Lets a node lead, or the best of the others if none is named; answers who leads then. */
    CompletableFuture<NodeId> transfer(@Nullable String to) {
        return to == null
                ? log.leadership().transfer(deadline)
                : log.leadership().transferTo(NodeId.of(to), deadline);
    }

    /** Changes who votes; answers who does, when it governs. */
    CompletableFuture<Configuration> change(MembersRequest request) {
        return changes.make(request);
    }

    CompletableFuture<Payload> agree(String name, Payload value) {
        return decrees.agree(name, value);
    }

    NodeHealth health() {
        return node.health();
    }

    /** All figures, as Prometheus reads them. */
    String metrics() {
        return registry.scrape();
    }

    NodeStatus status() {
        return node.status();
    }

    NodeStatus.@Nullable Group logStatus() {
        return log.status();
    }

    @Override
    public void close() {
        node.close();
        metrics.close();
        if (traffic != null) {
            traffic.close();
        }
        registry.close();
    }
}
