// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import io.paxos.node.InProcessNetwork;
import io.paxos.node.PaxosNode;
import io.paxos.node.PaxosNodeBuilder;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Three nodes n1, n2 and n3 in this process, for what a page shows. */
final class Three implements AutoCloseable {

    private final InProcessNetwork network = new InProcessNetwork();
    private final List<PaxosNode> nodes;

    Three() {
        this(builder -> builder);
    }

    Three(UnaryOperator<PaxosNodeBuilder> with) {
        nodes = Stream.of("n1", "n2", "n3")
                .map(id -> with.apply(PaxosNode.builder()
                                .id(id)
                                .members("n1", "n2", "n3")
                                .transport(network.transport()))
                        .start())
                .toList();
    }

    InProcessNetwork network() {
        return network;
    }

    List<PaxosNode> nodes() {
        return nodes;
    }

    @Override
    public void close() {
        nodes.forEach(PaxosNode::close);
    }
}
