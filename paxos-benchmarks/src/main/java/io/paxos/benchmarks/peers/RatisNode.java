// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.TimeDuration;

/**
 * Ratis over gRPC; commands are submitted at the leader's server itself, without a client's connection. Between two
 * messages to a follower it waits a millisecond if nothing is said; that it need not is said here, as its users do.
 */
final class RatisNode implements PeerNode {

    /** Its gRPC logs by way of the JDK; held here, as the JDK forgets what it is told of a logger that nobody holds. */
    private static final Logger GRPC = Logger.getLogger("org.apache.ratis.thirdparty");

    /** The group's name, with a port of the cluster, so that clusters differ. */
    private static final long GROUP = 0x5eed;

    private static final long SNAPSHOT_EVERY = 100_000;

    private static final int CALLERS = 16;

    private final RaftGroupId group;
    private final ClientId client = ClientId.randomId();
    private final RaftServer server;

    /** A server takes a command in another thread and makes the caller wait until it has, so there are several. */
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

    private long calls;

    RatisNode(Seat seat) throws IOException {
        GRPC.setLevel(Level.SEVERE);
        group = RaftGroupId.valueOf(new UUID(GROUP, seat.ports().get(0)));
        List<RaftPeer> members = new ArrayList<>();
        for (int port : seat.ports()) {
            members.add(RaftPeer.newBuilder()
                    .setId(Seat.name(members.size()))
                    .setAddress("127.0.0.1:" + port)
                    .build());
        }
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(seat.directory().toFile()));
        RaftServerConfigKeys.Log.setUseMemory(properties, seat.keeping() == Keeping.MEMORY);
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, SNAPSHOT_EVERY);
        GrpcConfigKeys.Server.setHost(properties, "127.0.0.1");
        GrpcConfigKeys.Server.setPort(properties, seat.ports().get(seat.place()));
        if (seat.electionMillis() > 0) {
            RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(seat.electionMillis()));
            RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(2 * seat.electionMillis()));
        }
        server = RaftServer.newBuilder()
                .setServerId(members.get(seat.place()).getId())
                .setGroup(RaftGroup.valueOf(group, members))
                .setProperties(properties)
                .setStateMachine(new Answering())
                .setOption(RaftStorage.StartupOption.FORMAT)
                .build();
        server.start();
    }

    private static TimeDuration millis(int millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean leads() {
        try {
            return server.getDivision(group).getInfo().isLeaderReady();
        } catch (IOException e) {
            throw new IllegalStateException("the group has been removed from a server of Ratis", e);
        }
    }

    @Override
    public CompletableFuture<?> submit(byte[] command) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(group)
                .setCallId(calls++)
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(command)))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        CompletableFuture<RaftClientReply> answered = new CompletableFuture<>();
        callers.execute(() -> submit(request, answered));
        return answered.thenAccept(RatisNode::requireSuccess);
    }

    private void submit(RaftClientRequest request, CompletableFuture<RaftClientReply> answered) {
        try {
            var unused = server.submitClientRequestAsync(request).whenComplete((reply, problem) -> {
                if (problem == null) {
                    answered.complete(reply);
                } else {
                    answered.completeExceptionally(problem);
                }
            });
        } catch (IOException e) {
            answered.completeExceptionally(e);
        }
    }

    private static void requireSuccess(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            throw new IllegalStateException("Ratis refused a command: " + reply, reply.getException());
        }
    }

    @Override
    public void close() {
        callers.shutdown();
        try {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException("a server of Ratis could not be closed", e);
        }
    }

    /** Answers each command with nothing; a snapshot of it is its place in the log. */
    private static final class Answering extends BaseStateMachine {
        @Override
        public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
            var entry = transaction.getLogEntry();
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            return CompletableFuture.completedFuture(Message.EMPTY);
        }

        @Override
        public long takeSnapshot() {
            return getLastAppliedTermIndex().getIndex();
        }
    }
}
