// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.model.message.RaftMessage;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** MicroRaft in memory; its nodes call each other, as each user brings a transport of his own. */
final class MicroRaftNode implements PeerNode {

    /** What MicroRaft calls a node by: a port that nobody listens on, as no other node of this process has it. */
    private record Member(int port) implements RaftEndpoint {
        @Override
        public Object getId() {
            return port;
        }
    }

    private static final Map<RaftEndpoint, RaftNode> NODES = new ConcurrentHashMap<>();

    private final RaftNode node;

    MicroRaftNode(Seat seat) {
        List<RaftEndpoint> members = new ArrayList<>();
        seat.ports().forEach(port -> members.add(new Member(port)));
        node = RaftNode.newBuilder()
                .setGroupId("group")
                .setLocalEndpoint(members.get(seat.place()))
                .setInitialGroupMembers(members)
                .setTransport(new HandOff())
                .setStateMachine(new Answering())
                .build();
        NODES.put(node.getLocalEndpoint(), node);
        node.start().join();
    }

    @Override
    public boolean leads() {
        return node.getLocalEndpoint().equals(node.getTerm().getLeaderEndpoint());
    }

    @Override
    public CompletableFuture<?> submit(byte[] command) {
        return node.replicate(command);
    }

    @Override
    public void close() {
        node.terminate().join();
        NODES.remove(node.getLocalEndpoint());
    }

    /** Hands a message to the node that it is for. */
    private static final class HandOff implements Transport {
        @Override
        public void send(RaftEndpoint target, RaftMessage message) {
            RaftNode node = NODES.get(target);
            if (node != null) {
                node.handle(message);
            }
        }

        @Override
        public boolean isReachable(RaftEndpoint endpoint) {
            return NODES.containsKey(endpoint);
        }
    }

    /** Answers each command with itself. */
    private static final class Answering implements StateMachine {
        @Override
        public Object runOperation(long commitIndex, Object operation) {
            return operation;
        }

        @Override
        public void takeSnapshot(long commitIndex, Consumer<Object> chunks) {
            chunks.accept("");
        }

        @Override
        public void installSnapshot(long commitIndex, List<Object> chunks) {}

        @Override
        public Object getNewTermOperation() {
            return "";
        }
    }
}
