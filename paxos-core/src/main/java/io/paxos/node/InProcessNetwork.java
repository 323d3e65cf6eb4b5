// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.message.Envelope;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import io.paxos.spi.TransportException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connects nodes within one JVM: for tests, for trying things out, and for services that shard within a process. It
 * carries envelopes of different clusters side by side, keeps the order of each link, and loses nothing unless an
 * addressee falls far behind. A node may leave, and another incarnation of it come under the same name.
 *
 * <p>Safe for any thread.
 */
public final class InProcessNetwork {

    private record Address(ClusterName cluster, NodeId node) {}

    private static final InProcessNetwork SHARED = new InProcessNetwork();

    private final Map<Address, InProcessTransport> nodes = new ConcurrentHashMap<>();

    /** A network of its own, which no node of another one can reach. */
    public InProcessNetwork() {}

    /**
     * The network of nodes that name no transport. Nodes of the same cluster name find each other there.
     *
     * @return the one network that the whole JVM shares
     */
    public static InProcessNetwork shared() {
        return SHARED;
    }

    /**
     * A way into this network.
     *
     * @return a transport for one start of one node
     */
    public Transport transport() {
        return new InProcessTransport(this);
    }

    void join(Transport.Local local, InProcessTransport newcomer) {
        Address address = new Address(local.cluster(), local.self().node());
        InProcessTransport present = nodes.putIfAbsent(address, newcomer);
        if (present != null) {
            throw new TransportException("node " + address.node() + " of cluster " + address.cluster()
                    + " runs already in this JVM; close it first, give this one another id, or use a network or a"
                    + " cluster name of its own");
        }
        nodes.forEach((other, transport) -> {
            if (other.cluster().equals(address.cluster()) && transport != newcomer) {
                transport.receive(receiver -> receiver.peerUp(address.node()));
                newcomer.receive(receiver -> receiver.peerUp(other.node()));
            }
        });
    }

    void leave(Transport.Local local, InProcessTransport leaver) {
        Address address = new Address(local.cluster(), local.self().node());
        if (!nodes.remove(address, leaver)) {
            return;
        }
        nodes.forEach((other, transport) -> {
            if (other.cluster().equals(address.cluster())) {
                transport.receive(receiver -> receiver.peerDown(address.node()));
            }
        });
    }

    void carry(Envelope envelope) {
        Endpoint to = envelope.to();
        InProcessTransport addressee = nodes.get(new Address(envelope.cluster(), to.node()));
        if (addressee != null) {
            addressee.receive(envelope);
        }
    }
}
