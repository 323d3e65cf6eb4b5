// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestNode.endpoint;
import static io.paxos.transport.netty.TestNode.urgent;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.Envelope;
import io.paxos.model.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * n1 and n2 of one CA, connected both ways by mutual TLS, and an attacker who comes to n1, or waits where n1 looks for n3.
 * Whatever the attacker does: n1 logs why it refuses, delivers nothing of it, keeps nothing of it, and n2 does not notice.
 */
@ExtendWith(LeakCheck.class)
abstract class TlsScene {

    static final TestCa CA = new TestCa("ca of orders");
    static final TestCa OTHER_CA = new TestCa("ca of somebody else");
    static final Endpoint N3 = endpoint("n3", 7);

    /** One each way with n2. */
    private static final int CONNECTIONS = 2;

    final LogLines log = new LogLines();
    TestNode n1;
    TestNode n2;
    volatile InetSocketAddress addressOfN3;

    /** How n1 is set up, where it is not as usual. */
    UnaryOperator<MutualTls> tlsOfN1() {
        return usual -> usual;
    }

    @BeforeEach
    void connectN1AndN2() throws InterruptedException {
        n1 = new TestNode("n1", transport("n1", tlsOfN1()));
        n1.transport.peers(node -> switch (node.name()) {
            case "n2" -> HostPort.parse(n2.address()).unresolved();
            case "n3" -> addressOfN3;
            default -> null;
        });
        n2 = new TestNode("n2", transport("n2", usual -> usual));
        n2.transport.peers(node -> HostPort.parse(n1.address()).unresolved());
        n2.start("n1");
        n1.start("n2", "n3");
        n1.awaitNews("up n2");
        n2.awaitNews("up n1");
    }

    @AfterEach
    void nothingWasDeliveredAndNothingRemains() throws InterruptedException {
        try {
            addressOfN3 = null;
            awaitConnections(n1, CONNECTIONS);
            Envelope there = n2.to("n1", urgent(1));
            n2.transport.send(there);
            n1.awaitReceived(there);
            Envelope back = n1.to("n2", urgent(2));
            n1.transport.send(back);
            n2.awaitReceived(back);
            assertThat(n1.received).isEmpty();
            assertThat(n1.news).isEmpty();
            assertThat(n2.news).isEmpty();
        } finally {
            n1.close();
            n2.close();
            log.close();
        }
    }

    static NettyTransport transport(String node, UnaryOperator<MutualTls> change) {
        return NettyTransport.mutualTls("127.0.0.1:0", change.apply(CA.tls(node)))
                .reconnect(Duration.ofMillis(5), Duration.ofMillis(20))
                .keepAlive(Duration.ofSeconds(20))
                .handshakeTimeout(Duration.ofSeconds(20));
    }

    /** Waits until a transport has so many connections and no others; each look is a task behind what went before. */
    static void awaitConnections(TestNode node, int expected) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        int present;
        do {
            present = CompletableFuture.supplyAsync(node.transport::connections, node.transport.executor())
                    .join();
        } while (present != expected && System.nanoTime() < deadline);
        assertThat(present).as("connections of %s", node.self).isEqualTo(expected);
    }

    /** Does what an attacker would do at n1: takes TLS as far as it goes, and speaks as n3. */
    void refusesClient(SSLContext context, String... reason) throws Exception {
        refusesClient(Tap.to(n1.transport).tls(context), reason);
    }

    void refusesClient(SSLSocket socket, String... reason) throws Exception {
        try (RawPeer peer = new RawPeer(socket)) {
            intrude(peer);
        }
        String[] parts = new String[reason.length + 1];
        parts[0] = "n1 gives up";
        System.arraycopy(reason, 0, parts, 1, reason.length);
        log.await(parts);
        assertThat(n1.transport.stats().refusedConnections()).isPositive();
    }

    /** Says what n3 would say, and reads to the end; under TLS 1.3 a client hears of a refusal only then. */
    private void intrude(RawPeer peer) {
        try {
            peer.writeHandshake(Frames.HANDSHAKE, n1.handshakeOf(N3));
            peer.writeEnvelope(n1.from(N3, urgent(3)));
            peer.readToTheEnd();
        } catch (IOException refused) {
            assertThat(refused).isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Comes as n3, goes, and comes again without showing a certificate, as a session of TLS that is resumed allows. */
    void resumes(String version) throws Exception {
        SSLContext n3 = TestCa.careless(CA.issue("n3"));
        try (RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(n3, version))) {
            peer.enter(n1.handshakeOf(N3));
        }
        SSLSocket again = Tap.to(n1.transport).tls(n3, version);
        refusesClient(again, "resumes");
    }

    /** Lets n1 find something where it looks for n3, and returns when n1 has said what it thinks of it. */
    void refusesServer(SSLContext context, String... reason) throws Exception {
        try (SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setNeedClientAuth(true);
            refusesServer(server, reason);
        }
    }

    void refusesServer(SSLServerSocket server, String... reason) throws Exception {
        server.setSoTimeout(20_000);
        addressOfN3 = (InetSocketAddress) server.getLocalSocketAddress();
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            addressOfN3 = null;
            try (RawPeer peer = new RawPeer(socket)) {
                assertThat(firstFrame(peer))
                        .as("what n1 tells whoever it finds")
                        .isNull();
            }
        }
        String[] parts = new String[reason.length + 1];
        parts[0] = "n1 cannot reach n3";
        System.arraycopy(reason, 0, parts, 1, reason.length);
        log.await(parts);
        assertThat(n1.transport.stats().peers().get(N3.node()).sent()).isZero();
    }

    /** What n1 says first, other than why it goes; null if it says nothing. */
    private static RawPeer.Frame firstFrame(RawPeer peer) {
        try {
            RawPeer.Frame frame = peer.readFrame();
            return frame.kind() == Frames.REFUSED ? null : frame;
        } catch (IOException refused) {
            assertThat(refused).isNotInstanceOf(SocketTimeoutException.class);
            return null;
        }
    }
}
