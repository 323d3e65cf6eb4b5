package io.paxos.message;

import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;

/**
 * A message with its sender and addressee, each by name and incarnation (rule 1). A node drops an envelope of another
 * cluster, or one addressed to another incarnation than its own; only a {@link Hello} may be addressed to
 * {@link io.paxos.model.Incarnation#ANY}.
 *
 * @param cluster the cluster of the sender
 * @param from the sender; a transport that authenticates its peers delivers no envelope that claims another node
 * @param to the addressee
 * @param message the content
 */
public record Envelope(ClusterName cluster, Endpoint from, Endpoint to, Message message) {

    @Override
    public String toString() {
        return from.node() + "→" + to.node() + " " + message;
    }
}
