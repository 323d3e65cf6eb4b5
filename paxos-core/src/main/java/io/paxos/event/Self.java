package io.paxos.event;

import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;

/**
 * Who this node is, for one start of it.
 *
 * @param cluster the cluster it belongs to
 * @param endpoint its name and the incarnation of its store
 * @param start the nonce that the host drew for this start (rule 1)
 */
public record Self(ClusterName cluster, Endpoint endpoint, long start) {

    /**
     * The node's name.
     *
     * @return the name
     */
    public NodeId node() {
        return endpoint.node();
    }

    /**
     * An envelope from this node.
     *
     * @param to the addressee, which may be this node itself
     * @param message the content
     * @return the envelope
     */
    public Envelope envelope(Endpoint to, Message message) {
        return new Envelope(cluster, endpoint, to, message);
    }
}
