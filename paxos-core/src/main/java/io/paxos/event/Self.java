// SPDX-License-Identifier: Apache-2.0
package io.paxos.event;

import io.paxos.message.Envelope;
import io.paxos.message.Hello;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;

/**
 * Who this node is, for one start of it.
 *
 * @param cluster the cluster it belongs to
 * @param endpoint its name and the incarnation of its store
 * @param start this start of the store, as {@link StartId} composes it: it makes the ballots of this start its own
 *     (rule 1)
 */
public record Self(ClusterName cluster, Endpoint endpoint, long start) {

    /**
     * Checks the start.
     *
     * @throws IllegalArgumentException if it is not greater than 0
     */
    public Self {
        if (start <= 0) {
            throw new IllegalArgumentException("the start of " + endpoint + " must be greater than 0, but is " + start);
        }
    }

    /**
     * The node's name.
     *
     * @return the name
     */
    public NodeId node() {
        return endpoint.node();
    }

    /**
     * This start, as envelopes name it.
     *
     * @return the same bits as {@link #start}
     */
    public StartId startId() {
        return new StartId(start);
    }

    /**
     * An envelope from this node, for a Hello.
     *
     * @param to the addressee
     * @param hello the content
     * @return the envelope
     */
    public Envelope envelope(Endpoint to, Hello hello) {
        return new Envelope(cluster, endpoint, to, startId(), Fingerprint.NONE, hello);
    }
}
