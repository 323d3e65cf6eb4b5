package io.paxos.examples.kv;

import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.node.Decrees;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.replica.NodeStatus;
import io.paxos.spi.Codec;
import io.paxos.spi.Transport;
import java.time.Duration;
import java.util.Optional;
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

    private final Members members;
    private final WatchedTransport transport;
    private final PaxosNode node;
    private final ReplicatedLog<KvCommand, KvStore.Result, KvStore> log;
    private final Decrees<Payload> decrees;

    KvNode(String id, Members members, Transport transport, Durability durability, Duration deadline) {
        this.members = members;
        this.transport = new WatchedTransport(transport);
        this.node = PaxosNode.builder()
                .cluster("kv")
                .id(id)
                .members(members.addresses().keySet())
                .transport(this.transport)
                .storage(durability.storage())
                .snapshots(durability.snapshots())
                .maxValueBytes(MAX_COMMAND_BYTES)
                .deadline(deadline)
                .start();
        this.log = node.replicate("kv", new KvStore(), KvCommand.CODEC, KvStore.Result.CODEC);
        this.decrees = node.decrees(Codec.payload());
    }

    String id() {
        return node.id().name();
    }

    Members members() {
        return members;
    }

    /** Which members can be reached. */
    Predicate<String> reachable() {
        return id -> transport.isReachable(NodeId.of(id));
    }

    CompletableFuture<KvStore.Result> submit(KvCommand command) {
        return log.submit(command);
    }

    /** What everybody sees, with all that was acknowledged before. */
    CompletableFuture<Optional<KvStore.Entry>> read(String key) {
        return log.read(store -> Optional.ofNullable(store.get(key)));
    }

    /** What this replica has, which may be behind. */
    CompletableFuture<Optional<KvStore.Entry>> readLocal(String key) {
        return log.readLocal(store -> Optional.ofNullable(store.get(key)));
    }

    CompletableFuture<Payload> agree(String name, Payload value) {
        return decrees.agree(name, value);
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
    }
}
