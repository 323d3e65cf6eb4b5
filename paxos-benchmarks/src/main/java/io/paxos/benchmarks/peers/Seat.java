// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a node sits in a cluster, and how it is to run.
 *
 * @param place which of the nodes it is, from 0
 * @param ports all nodes' ports of the loopback interface, as many for each as the library needs
 * @param keeping where logs are kept
 * @param directory an empty directory for this node's files
 * @param electionMillis how long a leader may be silent before another node is elected; 0 for what the library does if
 *     nothing is said
 */
public record Seat(int place, List<Integer> ports, Keeping keeping, Path directory, int electionMillis) {

    /** How many nodes a cluster has. */
    public static final int NODES = 3;

    /** Copies the list. */
    public Seat {
        ports = List.copyOf(ports);
    }

    /** The name of this node. */
    String name() {
        return name(place);
    }

    static String name(int place) {
        return "n" + (place + 1);
    }
}
