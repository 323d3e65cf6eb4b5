// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.paxos.node.InProcessNetwork;
import io.paxos.node.PaxosNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/** Three nodes in this process, and something on each of them. */
final class ThreeNodes<T> implements AutoCloseable {

    private final List<PaxosNode> nodes;
    private final List<T> each;

    ThreeNodes(Function<PaxosNode, T> on) {
        InProcessNetwork network = new InProcessNetwork();
        nodes = Stream.of("n1", "n2", "n3")
                .map(id -> PaxosNode.builder()
                        .id(id)
                        .members("n1", "n2", "n3")
                        .transport(network.transport())
                        .start())
                .toList();
        each = nodes.stream().map(on).toList();
    }

    PaxosNode node(int number) {
        return nodes.get(number);
    }

    T on(int number) {
        return each.get(number);
    }

    /** What a future holds once it is there. */
    static <V> V got(CompletableFuture<V> future) throws Exception {
        return future.get(30, SECONDS);
    }

    @Override
    public void close() {
        nodes.forEach(PaxosNode::close);
    }
}
