// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** The transport tells a node that a peer came or went, which may be wrong. */
record PeerHints() implements Fault {

    @Override
    public void strike(Cluster cluster, RandomGenerator random) {
        int node = random.nextInt(cluster.size());
        int peer = random.nextInt(cluster.size());
        if (node != peer && cluster.isUp(node)) {
            boolean up = random.nextBoolean();
            cluster.struck(
                    Mark.PEER_HINT,
                    cluster.name(node) + " is told that " + cluster.name(peer) + (up ? " came" : " went"));
            cluster.hint(node, peer, up);
        }
    }
}
