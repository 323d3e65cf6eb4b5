package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import io.paxos.spi.Storage;
import io.paxos.transport.netty.NettyTransport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Three nodes in this process, which talk over TCP on the loopback interface. */
final class LocalCluster implements AutoCloseable {

    static final List<String> NAMES = List.of("n1", "n2", "n3");

    private final Map<String, Integer> ports = new ConcurrentHashMap<>();
    private final List<CountedStorage> stores = new ArrayList<>();
    private final List<PaxosNode> nodes = new ArrayList<>();
    private final List<ReplicatedLog<Payload, Payload, CountingMachine>> logs = new ArrayList<>();

    /** Starts the nodes; each of them replicates one log that counts commands. */
    LocalCluster(String cluster, Function<String, Storage> storage, LeastTime leastTime) {
        for (String name : NAMES) {
            NettyTransport transport = NettyTransport.plaintext("127.0.0.1", 0).peers(node -> {
                Integer port = ports.get(node.name());
                return port == null ? null : InetSocketAddress.createUnresolved("127.0.0.1", port);
            });
            CountedStorage store = new CountedStorage(storage.apply(name), leastTime);
            PaxosNode node = PaxosNode.builder()
                    .cluster(cluster)
                    .id(name)
                    .members(NAMES)
                    .transport(transport)
                    .storage(store)
                    .start();
            ports.put(name, transport.port());
            stores.add(store);
            nodes.add(node);
            logs.add(node.replicate("log", new CountingMachine(), Codec.payload(), Codec.payload()));
        }
    }

    /** The place of the node that leads; one is waited for by submitting a command. */
    int leader() {
        logs.get(0).submit(Payload.EMPTY).join();
        for (int i = 0; i < logs.size(); i++) {
            if (logs.get(i).isLeader()) {
                return i;
            }
        }
        return leader();
    }

    ReplicatedLog<Payload, Payload, CountingMachine> log(int place) {
        return logs.get(place);
    }

    CountedStorage store(int place) {
        return stores.get(place);
    }

    @Override
    public void close() {
        nodes.forEach(PaxosNode::close);
    }
}
