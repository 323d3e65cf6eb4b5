// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import io.paxos.model.Payload;
import io.paxos.node.Decrees;
import io.paxos.node.InMemoryStorage;
import io.paxos.node.PaxosNode;
import io.paxos.node.PaxosNodeBuilder;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.spi.Storage;
import io.paxos.storage.file.FileStorage;
import io.paxos.storage.file.FileStorageOptions;
import io.paxos.transport.netty.NettyTransport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A node of this library, set up like any other's, and what it can be asked besides. */
public final class OwnNode implements PeerNode {

    /** So many heartbeats go into the time after which a silent leader is replaced, as they do by default. */
    private static final int HEARTBEATS = 6;

    private static final Duration SHORT_TICK = Duration.ofMillis(1);
    private static final Duration TRANSFER_DEADLINE = Duration.ofSeconds(5);

    private final PaxosNode node;
    private final ReplicatedLog<Payload, Payload, Answering> log;
    private final Decrees<Payload> decrees;

    OwnNode(Seat seat) {
        Map<String, String> addresses = new HashMap<>();
        for (int place = 0; place < Seat.NODES; place++) {
            addresses.put(Seat.name(place), "127.0.0.1:" + seat.ports().get(place));
        }
        PaxosNodeBuilder builder = PaxosNode.builder()
                .cluster("memory")
                .id(seat.name())
                .members(addresses.keySet())
                .transport(NettyTransport.plaintext("127.0.0.1", seat.ports().get(seat.place()))
                        .peers(addresses))
                .storage(storage(seat.keeping(), seat.directory()));
        if (seat.electionMillis() > 0) {
            Duration silence = Duration.ofMillis(seat.electionMillis());
            builder.tick(SHORT_TICK).electionTimeout(silence).heartbeat(silence.dividedBy(HEARTBEATS));
        }
        node = builder.start();
        log = node.replicate("log", new Answering(), Codec.payload(), Codec.payload());
        decrees = node.decrees(Codec.payload());
    }

    private static Storage storage(Keeping keeping, Path directory) {
        return switch (keeping) {
            case MEMORY -> new InMemoryStorage();
            case FILES ->
                FileStorage.open(directory, FileStorageOptions.defaults().losingWritesOnPowerFailure());
            case FORCED -> FileStorage.open(directory);
        };
    }

    @Override
    public boolean leads() {
        return log.isLeader();
    }

    @Override
    public CompletableFuture<?> submit(byte[] command) {
        return log.submit(Payload.wrap(command));
    }

    /** Lets the best of the others lead; completed when it does. */
    public CompletableFuture<?> transfer() {
        return log.leadership().transfer(TRANSFER_DEADLINE);
    }

    /** Proposes the name's own bytes for a name, at any node; completed when it is decided. */
    public CompletableFuture<?> agree(String name) {
        return decrees.agree(name, Payload.utf8(name));
    }

    @Override
    public void close() {
        node.close();
    }

    /** Answers each command with nothing. */
    private static final class Answering implements StateMachine<Payload, Payload> {
        @Override
        public Payload apply(ApplyContext context, Payload command) {
            return Payload.EMPTY;
        }
    }
}
