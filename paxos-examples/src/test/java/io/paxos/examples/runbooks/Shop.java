// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.runbooks;

import io.paxos.model.NodeId;
import io.paxos.node.PaxosNode;
import io.paxos.node.PaxosNodeBuilder;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import io.paxos.spi.Storage;
import io.paxos.storage.file.FileStorage;
import io.paxos.storage.file.FileStorageOptions;
import io.paxos.transport.netty.NettyTransport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A cluster whose operators follow the runbooks: nodes with files and sockets, in this process. */
final class Shop implements AutoCloseable {

    static final String LOG = "notes";
    static final FileStorageOptions FILES = FileStorageOptions.defaults().segmentBytes(1 << 18);

    private static final long SECONDS = 30;

    /** Where nodes can be reached now; what stands here may be wrong for a while, as in life. */
    private final Map<NodeId, InetSocketAddress> addresses;

    private final String cluster;
    private final Path directory;
    private final List<String> members;
    private final Map<String, PaxosNode> nodes = new TreeMap<>();
    private final Map<String, FileStorage> stores = new TreeMap<>();
    private final Map<String, ReplicatedLog<String, Long, Notebook>> logs = new TreeMap<>();

    Shop(String cluster, Path directory, String... members) {
        this(cluster, directory, new ConcurrentHashMap<>(), members);
    }

    /** A cluster where addresses are known already, perhaps those of another one. */
    Shop(String cluster, Path directory, Map<NodeId, InetSocketAddress> addresses, String... members) {
        this.cluster = cluster;
        this.directory = directory;
        this.addresses = addresses;
        this.members = List.of(members);
    }

    Map<NodeId, InetSocketAddress> addresses() {
        return addresses;
    }

    Path directory(String id) {
        return directory.resolve(id);
    }

    void startAll() {
        members.forEach(this::start);
    }

    PaxosNode start(String id) {
        return start(id, builder -> builder.members(members));
    }

    /** A node that takes part from now on, and votes when it is asked to. */
    PaxosNode join(String id) {
        return start(id, builder -> builder.joins(members.toArray(String[]::new)));
    }

    private PaxosNode start(String id, UnaryOperator<PaxosNodeBuilder> part) {
        FileStorage storage = FileStorage.open(directory(id), FILES);
        stores.put(id, storage);
        return start(id, storage, part);
    }

    /** A node whose notebook goes wrong at one note; states are compared every so many slots. */
    PaxosNode startComparing(String id, int slots, String illegible) {
        FileStorage storage = FileStorage.open(directory(id), FILES);
        stores.put(id, storage);
        return start(id, storage, builder -> builder.members(members).compareStates(slots), new Notebook(illegible));
    }

    PaxosNode start(String id, Storage storage, UnaryOperator<PaxosNodeBuilder> part) {
        return start(id, storage, part, new Notebook());
    }

    private PaxosNode start(String id, Storage storage, UnaryOperator<PaxosNodeBuilder> part, Notebook notebook) {
        NettyTransport transport = NettyTransport.plaintext("127.0.0.1", 0).peers(addresses::get);
        PaxosNode node = part.apply(PaxosNode.builder().id(id).cluster(cluster))
                .transport(transport.reconnect(Duration.ofMillis(10), Duration.ofMillis(100)))
                .storage(storage)
                .electionTimeout(Duration.ofMillis(500))
                .start();
        addresses.put(NodeId.of(id), new InetSocketAddress("127.0.0.1", transport.port()));
        nodes.put(id, node);
        logs.put(id, node.replicate(LOG, notebook, Codec.utf8(), Codec.int64()));
        return node;
    }

    PaxosNode startAt(String id, Storage storage) {
        return start(id, storage, builder -> builder.members(members));
    }

    PaxosNode node(String id) {
        return Objects.requireNonNull(nodes.get(id), id);
    }

    FileStorage store(String id) {
        return Objects.requireNonNull(stores.get(id), id);
    }

    ReplicatedLog<String, Long, Notebook> log(String id) {
        return Objects.requireNonNull(logs.get(id), id);
    }

    void stop(String id) {
        node(id).close();
        nodes.remove(id);
        logs.remove(id);
        stores.remove(id);
    }

    /** Writes down {@code prefix-0} and so on, each acknowledged. */
    void write(String id, String prefix, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            result(log(id).submit(prefix + "-" + i + "=" + i));
        }
    }

    /** What a node reads, and nothing acknowledged before can be missing in it. */
    Map<String, String> read(String id) throws Exception {
        return result(log(id).read(Notebook::all));
    }

    static <T> T result(CompletableFuture<T> future) throws Exception {
        return future.get(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        nodes.values().forEach(PaxosNode::close);
    }
}
