// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.ClusterName;
import io.paxos.model.NodeId;

/**
 * Whom a store belongs to; a store of another owner is refused.
 *
 * @param cluster the cluster
 * @param node the node
 */
public record StoreOwner(ClusterName cluster, NodeId node) {}
