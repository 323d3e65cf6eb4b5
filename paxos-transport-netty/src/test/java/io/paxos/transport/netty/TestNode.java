// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.StartId;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Transport;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A node that only receives, with what is needed to speak to it and in its name. */
final class TestNode implements Transport.Receiver, AutoCloseable {

    static final ClusterName CLUSTER = new ClusterName("orders");

    final BlockingQueue<Envelope> received = new LinkedBlockingQueue<>();
    final BlockingQueue<String> news = new LinkedBlockingQueue<>();
    final Endpoint self;
    final NettyTransport transport;

    TestNode(String name, NettyTransport transport) {
        this.self = endpoint(name, 1);
        this.transport = transport;
    }

    static Endpoint endpoint(String name, long incarnation) {
        return new Endpoint(NodeId.of(name), new Incarnation(incarnation));
    }

    /** Small and urgent. */
    static Message urgent(int number) {
        return new DecreeMessage.Learned(new DecreeName("urgent-" + number));
    }

    /** Bulk of a size. */
    static Message bulk(int number, int bytes) {
        return new DecreeMessage.Step(
                new DecreeName("bulk-" + number), new SingleMessage.Decide(Payload.wrap(new byte[bytes])));
    }

    /** Not bulk, but large. */
    static Message large(int bytes) {
        return new DecreeMessage.Answer(
                new DecreeName("large"),
                new Probe(1, 1),
                new Proposal<>(new Ballot(1, NodeId.of("n1"), 1), Payload.wrap(new byte[bytes])));
    }

    TestNode start(String... peers) {
        Set<NodeId> others = Set.of(peers).stream().map(NodeId::of).collect(Collectors.toSet());
        transport.start(new Transport.Local(CLUSTER, self, others), this);
        return this;
    }

    String address() {
        return "127.0.0.1:" + transport.port();
    }

    Envelope to(String addressee, Message message) {
        return new Envelope(CLUSTER, self, Endpoint.any(NodeId.of(addressee)), StartId.NONE, Fingerprint.NONE, message);
    }

    Envelope from(Endpoint sender, Message message) {
        return new Envelope(CLUSTER, sender, self, StartId.NONE, Fingerprint.NONE, message);
    }

    /** What a peer says that wants to come in. */
    Handshake handshakeOf(Endpoint peer) {
        return new Handshake(CLUSTER, peer, self.node());
    }

    void awaitReceived(Envelope expected) throws InterruptedException {
        assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(expected);
    }

    void awaitNews(String expected) throws InterruptedException {
        assertThat(news.poll(20, TimeUnit.SECONDS)).isEqualTo(expected);
    }

    @Override
    public void deliver(Envelope envelope) {
        received.add(envelope);
    }

    @Override
    public void peerUp(NodeId peer) {
        news.add("up " + peer);
    }

    @Override
    public void peerDown(NodeId peer) {
        news.add("down " + peer);
    }

    @Override
    public void close() {
        transport.close();
    }
}
