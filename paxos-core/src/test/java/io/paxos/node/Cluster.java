// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.paxos.model.NodeId;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Nodes of one cluster in this JVM, on a network of their own. */
final class Cluster implements AutoCloseable {

    static final int WAIT_SECONDS = 30;

    private final InProcessNetwork network = new InProcessNetwork();
    private final List<String> members;
    private final Map<String, PaxosNode> nodes = new LinkedHashMap<>();

    private Cluster(List<String> members) {
        this.members = members;
    }

    /** A cluster of so many members, n1 and on, none of which runs yet. */
    static Cluster of(int size) {
        return new Cluster(IntStream.rangeClosed(1, size).mapToObj(i -> "n" + i).toList());
    }

    /** A cluster of which every member runs. */
    static Cluster started(int size) {
        Cluster cluster = of(size);
        cluster.members.forEach(cluster::start);
        return cluster;
    }

    List<String> members() {
        return members;
    }

    InProcessNetwork network() {
        return network;
    }

    /** A builder that knows cluster and network. */
    PaxosNodeBuilder builder(String id) {
        return PaxosNode.builder()
                .cluster("test")
                .id(id)
                .members(members)
                .electionTimeout(Duration.ofMillis(250))
                .transport(network.transport());
    }

    PaxosNode start(String id) {
        return start(id, builder -> builder);
    }

    PaxosNode start(String id, Function<PaxosNodeBuilder, PaxosNodeBuilder> more) {
        PaxosNode node = more.apply(builder(id)).start();
        nodes.put(id, node);
        return node;
    }

    PaxosNode node(String id) {
        return nodes.get(id);
    }

    List<PaxosNode> nodes() {
        return List.copyOf(nodes.values());
    }

    /** Opens a counter of this name on a node. */
    static ReplicatedLog<Long, Long, Counter> counter(PaxosNode node, String name) {
        return node.replicate(name, new Counter(), Codec.int64(), Codec.int64());
    }

    /** Opens a log of this name on a node. */
    static <S extends StateMachine<Long, Long>> ReplicatedLog<Long, Long, S> log(
            PaxosNode node, String name, S machine) {
        return node.replicate(name, machine, Codec.int64(), Codec.int64());
    }

    /** What a future comes to. */
    static <T> T result(CompletableFuture<T> future) throws Exception {
        return future.get(WAIT_SECONDS, SECONDS);
    }

    static NodeId id(String name) {
        return new NodeId(name);
    }

    @Override
    public void close() {
        nodes.values().forEach(PaxosNode::close);
    }
}
