// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs.seats;

import io.paxos.node.PaxosNode;
import io.paxos.spi.Codec;
import java.util.List;
import java.util.stream.Stream;

/** The first program of {@code docs/getting-started.md}. */
final class Agree {

    public static void main(String[] args) {
        List<PaxosNode> nodes = Stream.of("n1", "n2", "n3")
                .map(id -> PaxosNode.builder().id(id).members("n1", "n2", "n3").start())
                .toList();
        for (PaxosNode node : nodes) {
            String owner = node.decrees(Codec.utf8())
                    .agree("shard-7/owner", node.id().name())
                    .join();
            System.out.println(node.id() + " proposed itself, and the owner is " + owner);
        }
        nodes.forEach(PaxosNode::close);
    }
}
