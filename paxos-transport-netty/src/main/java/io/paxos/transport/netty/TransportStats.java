// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.model.NodeId;
import java.util.Map;

/**
 * What a transport has done so far. The numbers are read one after another while it goes on, so they need not fit
 * together to the last one.
 *
 * @param peers the ways to other nodes, by name
 * @param received how many envelopes were delivered
 * @param refusedConnections how many inbound connections were refused, or given up because of what they sent
 * @param unroutable how many envelopes given to {@code send} were dropped because they were addressed to this node
 *     itself, or came from another node or cluster than this one
 */
public record TransportStats(Map<NodeId, Peer> peers, long received, long refusedConnections, long unroutable) {

    /** Copies the map. */
    public TransportStats {
        peers = Map.copyOf(peers);
    }

    /**
     * The way to one peer.
     *
     * @param connected whether envelopes can be sent now
     * @param queuedMessages how many envelopes wait
     * @param queuedBytes about how many bytes they take
     * @param sent how many envelopes were handed to a connection; whether they arrived is not known
     * @param dropped how many envelopes were dropped: for want of room, of a connection, or because they are too large
     */
    public record Peer(boolean connected, int queuedMessages, long queuedBytes, long sent, long dropped) {}
}
