// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Nodes in this process, of which the one that leads is given all commands. */
final class PeerCluster implements Cluster {

    private final List<PeerNode> nodes;
    private final PeerNode leader;

    /** Waits until one of them leads. */
    PeerCluster(String library, List<PeerNode> nodes) {
        this.nodes = nodes;
        leader = Wait.until(
                "a leader of " + library,
                () -> nodes.stream().filter(PeerNode::leads).findFirst().orElse(null));
    }

    @Override
    public CompletableFuture<?> submit(byte[] command) {
        return leader.submit(command);
    }

    @Override
    public void close() {
        nodes.forEach(PeerNode::close);
    }
}
