// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.ClusterName;
import io.paxos.model.NodeId;
import io.paxos.quorum.QuorumSystem;
import io.paxos.replica.MachineConfig;
import io.paxos.spi.Storage;
import io.paxos.spi.Transport;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node is started with, checked.
 *
 * @param compareEvery of how many slots each stretch is whose outcomes are compared, or 0
 * @param startNonce random bits that make the ballots of this start its own (rule 1); 40 of them are used
 * @param machineSeed spreads this node's elections and retries
 * @param callbackExecutor where futures complete and listeners run, or null for one of the node's own
 */
record NodeSettings(
        ClusterName cluster,
        NodeId id,
        Set<NodeId> members,
        Transport transport,
        Storage storage,
        Function<Set<NodeId>, QuorumSystem> quorums,
        MachineConfig config,
        int compareEvery,
        Limits limits,
        Ticks ticks,
        Duration deadline,
        long startNonce,
        long machineSeed,
        NodeListener listener,
        @Nullable Executor callbackExecutor) {}
