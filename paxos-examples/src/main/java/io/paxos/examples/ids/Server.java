// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import io.paxos.model.NodeId;
import io.paxos.node.InMemoryStorage;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import io.paxos.spi.Storage;
import io.paxos.storage.file.FileStorage;
import io.paxos.transport.netty.NettyTransport;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A database server that can be killed and started again with the store that it had. Safe for any thread. */
final class Server {

    /** What dies with the process. */
    private record Process(PaxosNode node, ReplicatedLog<Request, Long, TransactionIds> log) {}

    private final NodeId id;
    private final Collection<String> members;
    private final LoopbackPorts ports;
    private final Supplier<Storage> storage;
    private volatile @Nullable Process process;

    private Server(NodeId id, Collection<String> members, LoopbackPorts ports, Supplier<Storage> storage) {
        this.id = id;
        this.members = members;
        this.ports = ports;
        this.storage = storage;
    }

    /** A server that keeps its store object over its deaths, as a server keeps its disk. */
    static Server inMemory(NodeId id, Collection<String> members, LoopbackPorts ports) {
        Storage store = new InMemoryStorage();
        return new Server(id, members, ports, () -> store);
    }

    /** A server that keeps its state in files. */
    static Server inFiles(NodeId id, Collection<String> members, LoopbackPorts ports, Path directory) {
        return new Server(id, members, ports, () -> FileStorage.open(directory));
    }

    NodeId id() {
        return id;
    }

    /** Starts the server with the store it has, on a port that it did not have before. */
    void start() {
        NettyTransport transport = NettyTransport.plaintext("127.0.0.1", 0).peers(ports);
        PaxosNode node = PaxosNode.builder()
                .cluster("transaction-ids")
                .id(id.name())
                .members(members)
                .transport(transport)
                .storage(storage.get())
                .start();
        ports.put(id, transport.port());
        process = new Process(
                node, node.replicate("transaction-ids", new TransactionIds(), Request.CODEC, Codec.int64()));
    }

    /** Stops the server in the middle of whatever it is doing: what it has not answered, it never answers. */
    void kill() {
        Process running = process;
        process = null;
        if (running != null) {
            running.node().close();
        }
    }

    boolean isRunning() {
        return process != null;
    }

    /** The log of a running server. */
    Optional<ReplicatedLog<Request, Long, TransactionIds>> log() {
        return Optional.ofNullable(process).map(Process::log);
    }

    /** Whom this server takes for the leader, if it is running and knows one. */
    Optional<NodeId> leader() {
        return log().flatMap(ReplicatedLog::leader);
    }

    /** Every slot up to here has been executed; -1 if none has, or the server does not run. */
    long applied() {
        return log().map(ReplicatedLog::status).map(status -> status.applied()).orElse(-1L);
    }
}
