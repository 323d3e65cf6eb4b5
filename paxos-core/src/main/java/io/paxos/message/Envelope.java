// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.StartId;

/**
 * A message with its sender and addressee, each by name and incarnation (rule 1). A node drops an envelope of another
 * cluster, or one addressed to another incarnation than its own; only a {@link Hello} may be addressed to
 * {@link io.paxos.model.Incarnation#ANY}. Of a sender that is counted, only the latest start is heard (rule 7), and only
 * if it counts by the same rule over the same vector.
 *
 * @param cluster the cluster of the sender
 * @param from the sender; a transport that authenticates its peers delivers no envelope that claims another node
 * @param to the addressee
 * @param start which start of the sender's store speaks, or {@link StartId#NONE} if the sender knows that an earlier
 *     or another start of it is counted; a {@link Hello} always names it
 * @param fingerprint what the sender counts by, or {@link Fingerprint#NONE} in a {@link Hello}
 * @param message the content
 */
public record Envelope(
        ClusterName cluster, Endpoint from, Endpoint to, StartId start, Fingerprint fingerprint, Message message) {

    /**
     * The same sender, addressee and terms with another content.
     *
     * @param newMessage the content
     * @return a new envelope
     */
    public Envelope with(Message newMessage) {
        return new Envelope(cluster, from, to, start, fingerprint, newMessage);
    }

    @Override
    public String toString() {
        return from.node() + "→" + to.node() + " " + message;
    }
}
