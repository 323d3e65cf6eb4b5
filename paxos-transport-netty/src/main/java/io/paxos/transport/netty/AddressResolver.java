// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.model.NodeId;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Says where a node can be reached. It is asked again before every attempt to connect, so a node may come back under
 * another address; names of hosts are looked up just as often.
 */
@FunctionalInterface
public interface AddressResolver {

    /**
     * The present address of a node. Called on a thread on which it may block for a while; several calls may run at
     * once. An exception counts as a failed attempt, is logged, and the attempt is repeated.
     *
     * @param node the node asked about
     * @return host and port, best {@linkplain InetSocketAddress#createUnresolved unresolved}, or null if no address of
     *     the node is known
     */
    @Nullable
    InetSocketAddress resolve(NodeId node);
}
