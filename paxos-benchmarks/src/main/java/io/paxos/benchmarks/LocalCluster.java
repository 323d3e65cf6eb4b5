// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.node.PaxosNode;
import io.paxos.node.PaxosNodeBuilder;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import io.paxos.spi.Storage;
import io.paxos.transport.netty.NettyTransport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Nodes in this process, which talk over TCP on the loopback interface. */
final class LocalCluster implements AutoCloseable {

    static final List<String> NAMES = names(3);

    private final Map<String, Integer> ports = new ConcurrentHashMap<>();
    private final List<CountedStorage> stores = new ArrayList<>();
    private final List<PaxosNode> nodes = new ArrayList<>();
    private final List<NettyTransport> transports = new ArrayList<>();

    /** Of each group, each node's. */
    private final List<List<ReplicatedLog<Payload, Payload, CountingMachine>>> groups = new ArrayList<>();

    /** Starts three nodes; each of them replicates one log that counts commands. */
    LocalCluster(String cluster, Function<String, Storage> storage, LeastTime leastTime) {
        this(cluster, NAMES, storage, leastTime);
        open("log");
    }

    /** Starts so many nodes; each of them replicates one log that counts commands. */
    static LocalCluster ofLog(String name, int nodes, Function<String, Storage> storage, LeastTime leastTime) {
        LocalCluster cluster = new LocalCluster(name, names(nodes), storage, leastTime);
        cluster.open("log");
        return cluster;
    }

    /** Starts nodes that do not replicate anything yet. */
    LocalCluster(String cluster, List<String> names, Function<String, Storage> storage, LeastTime leastTime) {
        this(cluster, names, storage, leastTime, builder -> builder);
    }

    /** The same, with other settings than usual. */
    LocalCluster(
            String cluster,
            List<String> names,
            Function<String, Storage> storage,
            LeastTime leastTime,
            UnaryOperator<PaxosNodeBuilder> settings) {
        for (String name : names) {
            NettyTransport transport = NettyTransport.plaintext("127.0.0.1", 0).peers(node -> {
                Integer port = ports.get(node.name());
                return port == null ? null : InetSocketAddress.createUnresolved("127.0.0.1", port);
            });
            CountedStorage store = new CountedStorage(storage.apply(name), leastTime);
            transports.add(transport);
            PaxosNode node = settings.apply(PaxosNode.builder())
                    .cluster(cluster)
                    .id(name)
                    .members(names)
                    .transport(transport)
                    .storage(store)
                    .start();
            ports.put(name, transport.port());
            stores.add(store);
            nodes.add(node);
        }
    }

    static List<String> names(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "n" + i).toList();
    }

    /** Replicates one more log on all nodes. */
    void open(String group) {
        groups.add(nodes.stream()
                .map(node -> node.replicate(group, new CountingMachine(), Codec.payload(), Codec.payload()))
                .toList());
    }

    /** The place of the node that leads the first group; one is waited for by submitting a command. */
    int leader() {
        return leader(0);
    }

    private int leader(int group) {
        List<ReplicatedLog<Payload, Payload, CountingMachine>> logs = groups.get(group);
        logs.get(0).submit(Payload.EMPTY).join();
        for (int i = 0; i < logs.size(); i++) {
            if (logs.get(i).isLeader()) {
                return i;
            }
        }
        return leader(group);
    }

    /** A node's log of the first group. */
    ReplicatedLog<Payload, Payload, CountingMachine> log(int place) {
        return groups.get(0).get(place);
    }

    /** Has each group from one place to before another execute one command. */
    void use(int from, int to) {
        CompletableFuture.allOf(groups.subList(from, to).stream()
                        .map(logs -> logs.get(0).submit(Payload.EMPTY))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }

    /** Each group's log, at the node that leads it. */
    List<ReplicatedLog<Payload, Payload, CountingMachine>> led() {
        CompletableFuture.allOf(groups.stream()
                        .map(logs -> logs.get(0).submit(Payload.EMPTY))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        return IntStream.range(0, groups.size())
                .mapToObj(i -> groups.get(i).get(leader(i)))
                .toList();
    }

    /** The logs of the first group at nodes that do not lead it. */
    List<ReplicatedLog<Payload, Payload, CountingMachine>> followed() {
        int leader = leader();
        return IntStream.range(0, nodes.size())
                .filter(i -> i != leader)
                .mapToObj(this::log)
                .toList();
    }

    /** How many messages all nodes together have received. */
    long received() {
        return transports.stream()
                .mapToLong(transport -> transport.stats().received())
                .sum();
    }

    PaxosNode node(int place) {
        return nodes.get(place);
    }

    CountedStorage store(int place) {
        return stores.get(place);
    }

    @Override
    public void close() {
        nodes.forEach(PaxosNode::close);
    }
}
