// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import io.paxos.node.InProcessNetwork;
import io.paxos.node.PaxosNode;
import io.paxos.node.PaxosNodeBuilder;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Three nodes in this JVM, on a network of their own. */
final class Cluster implements AutoCloseable {

    private final InProcessNetwork network = new InProcessNetwork();
    private final List<PaxosNode> nodes = new ArrayList<>();

    PaxosNodeBuilder builder(String id, String... members) {
        return PaxosNode.builder()
                .cluster("test")
                .id(id)
                .members(members)
                .electionTimeout(Duration.ofMillis(100))
                .transport(network.transport());
    }

    PaxosNode start(String id, String... members) {
        PaxosNode node = builder(id, members).start();
        nodes.add(node);
        return node;
    }

    static ReplicatedLog<Long, Long, StateMachine<Long, Long>> log(PaxosNode node, String name) {
        StateMachine<Long, Long> echo = (context, value) -> value;
        return node.replicate(name, echo, Codec.int64(), Codec.int64());
    }

    @Override
    public void close() {
        nodes.forEach(PaxosNode::close);
    }
}
