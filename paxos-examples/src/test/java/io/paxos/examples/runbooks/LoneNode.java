// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.runbooks;

import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import io.paxos.storage.file.FileStorage;
import io.paxos.transport.netty.NettyTransport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * A node with files and sockets, as in {@link Shop}, that can be used from beyond the class loader of its library: by the types
 * of the JDK alone.
 */
public final class LoneNode implements Function<String, CompletableFuture<Long>>, IntSupplier, AutoCloseable {

    private final NettyTransport transport;
    private final PaxosNode node;
    private final ReplicatedLog<String, Long, Notebook> log;

    /** Starts it. */
    public LoneNode(
            String cluster,
            String id,
            Path directory,
            List<String> members,
            Function<String, InetSocketAddress> addresses) {
        transport = NettyTransport.plaintext("127.0.0.1", 0).peers(peer -> addresses.apply(peer.name()));
        node = PaxosNode.builder()
                .id(id)
                .cluster(cluster)
                .members(members)
                .transport(transport.reconnect(Duration.ofMillis(10), Duration.ofMillis(100)))
                .storage(FileStorage.open(directory, Shop.FILES))
                .electionTimeout(Duration.ofMillis(500))
                .start();
        log = node.replicate(Shop.LOG, new Notebook(), Codec.utf8(), Codec.int64());
    }

    /** Writes a note. */
    @Override
    public CompletableFuture<Long> apply(String note) {
        return log.submit(note);
    }

    /** The port it listens on. */
    @Override
    public int getAsInt() {
        return transport.port();
    }

    @Override
    public void close() {
        node.close();
    }
}
