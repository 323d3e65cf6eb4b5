// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Cluster;
import java.nio.file.Path;

/**
 * What takes part in a comparison.
 *
 * @param name what it is called in tables
 * @param log where it keeps its log, in the words of the tables
 * @param reference the name of the contestant that its figures are divided by
 */
record Contestant(String name, String log, String reference, Start start) {

    /** Starts it on free ports; files go into an empty directory, and commands have a size that is known before. */
    interface Start {
        Cluster start(Path directory, int commandBytes) throws Exception;
    }
}
