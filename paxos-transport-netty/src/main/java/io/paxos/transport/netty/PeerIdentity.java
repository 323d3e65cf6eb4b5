// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.model.ClusterName;
import io.paxos.model.NodeId;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/**
 * The rule by which a certificate says which node its holder is. Under mutual TLS a peer is the node that this returns
 * and nobody else, whatever its frames say. Host names and addresses play no part: a node may move, and stays who it is.
 */
@FunctionalInterface
public interface PeerIdentity {

    /**
     * Names the node. Called on the thread of the transport, and on others for the certificate of the node itself; it
     * must not block, and depend on nothing but its arguments.
     *
     * @param certificate of the peer; its chain has been verified, and its holder has proved to have the key
     * @param cluster the cluster of this node
     * @return the node that the holder is in that cluster
     * @throws CertificateException if it is none; the message says why, and goes to the log; an exception of
     *     another kind, or null, admits nobody either
     */
    NodeId nodeOf(X509Certificate certificate, ClusterName cluster) throws CertificateException;

    /**
     * The default. A certificate with alternative names of the form {@code paxos://CLUSTER/NODE} belongs to the one node
     * that they name in this cluster, and to none if they name only other clusters, or several nodes. A certificate without
     * such a name belongs to the node whose name is its common name (CN), of which it must have exactly one. All must be
     * spelled exactly as the node is.
     *
     * @return the rule
     */
    static PeerIdentity uriOrCommonName() {
        return CertificateNames::byUriOrCommonName;
    }

    /**
     * Only names of the form {@code paxos://CLUSTER/NODE} count. For a CA that issues for others than the nodes of one
     * cluster: a common name says nothing about the cluster, and anybody's could happen to be that of a node.
     *
     * @return the rule
     */
    static PeerIdentity uri() {
        return CertificateNames::byUri;
    }
}
