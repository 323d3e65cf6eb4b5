// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestCa.careless;
import static io.paxos.transport.netty.TestCa.issuedBy;
import static io.paxos.transport.netty.TestCa.nameless;
import static io.paxos.transport.netty.TestCa.sound;
import static io.paxos.transport.netty.TestNode.endpoint;
import static io.paxos.transport.netty.TestNode.urgent;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Everything that is to be refused under mutual TLS, by what is wrong with it; docs/security.md has the table. */
class TlsRefusalsTest {

    private static final X509Bundle SOUND_N3 = TlsScene.CA.issue("n3");
    private static final Duration DAY = Duration.ofDays(1);

    private static X509Bundle n3(UnaryOperator<CertificateBuilder> change) {
        return TlsScene.CA.issue("CN=n3", change);
    }

    /** The scene is sound: what differs from it is what is refused. */
    @Nested
    class NothingWrong extends TlsScene {

        @Test
        void aSoundPeerIsHeard() throws Exception {
            try (RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(careless(SOUND_N3)))) {
                peer.enter(n1.handshakeOf(N3));
                peer.writeEnvelope(n1.from(N3, urgent(3)));
                n1.awaitReceived(n1.from(N3, urgent(3)));
            }
        }

        @Test
        void aPeerWithAUriAsItsNameIsHeard() throws Exception {
            X509Bundle byUri = CA.issue("CN=pod-17", c -> c.addSanUriName(URI.create("paxos://orders/n3")));
            try (RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(careless(byUri)))) {
                peer.enter(n1.handshakeOf(N3));
            }
        }
    }

    @Nested
    class CertificateOfAClient extends TlsScene {

        @Test
        void ofAnotherCa() throws Exception {
            refusesClient(careless(OTHER_CA.issue("n3")), "not issued by a CA that is trusted here");
        }

        @Test
        void ofAnotherCaThatHasTheNameOfOurs() throws Exception {
            refusesClient(careless(new TestCa("ca of orders").issue("n3")), "is forged, or comes from another CA");
        }

        @Test
        void signedByItself() throws Exception {
            refusesClient(careless(new TestCa("n3").ownBundle()), "not issued by a CA that is trusted here");
        }

        @Test
        void issuedByANodeThatIsNoCa() throws Exception {
            refusesClient(careless(issuedBy(CA.issue("n2"), sound("CN=n3"))), "TLS failed", "not a CA");
        }

        @Test
        void expired() throws Exception {
            refusesClient(
                    careless(n3(c ->
                            c.notBefore(TestCa.NOW.minus(DAY.multipliedBy(9))).notAfter(TestCa.NOW.minus(DAY)))),
                    "has expired",
                    "renew it");
        }

        @Test
        void notValidYet() throws Exception {
            refusesClient(
                    careless(n3(c -> c.notBefore(TestCa.NOW.plus(DAY)).notAfter(TestCa.NOW.plus(DAY.multipliedBy(9))))),
                    "is not valid yet",
                    "correct the clock");
        }

        @Test
        void none() throws Exception {
            refusesClient(nameless(), "shows no certificate");
        }

        @Test
        void forServersOnly() throws Exception {
            refusesClient(careless(n3(CertificateBuilder::addExtendedKeyUsageServerAuth)), "TLS failed", "client");
        }

        @Test
        void tooLong() throws Exception {
            X509Bundle huge = n3(c -> {
                for (int i = 0; i < 3000; i++) {
                    c.addSanDnsName("name-" + i + ".of.a.long.certificate.example");
                }
                return c;
            });
            refusesClient(careless(huge), "n1 gives up a connection");
        }
    }

    @Nested
    class IdentityOfAClient extends TlsScene {

        @Test
        void ofAnotherNode() throws Exception {
            refusesClient(careless(CA.issue("n2")), "calls itself node n3", "certificate is that of node n2");
        }

        @Test
        void ofNobody() throws Exception {
            refusesClient(careless(CA.issue("O=somebody", c -> c)), "has 0 common names");
        }

        @Test
        void ofTwo() throws Exception {
            refusesClient(careless(CA.issue("CN=n3,CN=n2", c -> c)), "has 2 common names");
        }

        @Test
        void ofANameThatNoNodeCanHave() throws Exception {
            refusesClient(careless(CA.issue("CN=n3 or so", c -> c)), "cannot be that of a node");
        }

        @Test
        void ofTheSameNodeInAnotherCluster() throws Exception {
            refusesClient(
                    careless(n3(c -> c.addSanUriName(URI.create("paxos://billing/n3")))),
                    "paxos://billing/n3",
                    "exactly one node of cluster orders");
        }

        @Test
        void ofTwoNodesOfTheCluster() throws Exception {
            refusesClient(
                    careless(n3(c -> c.addSanUriName(URI.create("paxos://orders/n3"))
                            .addSanUriName(URI.create("paxos://orders/n2")))),
                    "paxos://orders/n2",
                    "exactly one node");
        }

        @Test
        void ofANodeThatNobodyKnows() throws Exception {
            Endpoint stranger = endpoint("n9", 1);
            try (RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(careless(CA.issue("n9"))))) {
                peer.writeHandshake(Frames.HANDSHAKE, n1.handshakeOf(stranger));
                assertThat(peer.readRefusal()).contains("n9 is not known to n1");
            }
            log.await("n1 gives up", "n9 is not known to n1");
        }

        @Test
        void ofThisVeryNode() throws Exception {
            Endpoint impostor = endpoint("n1", 9);
            try (RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(careless(CA.issue("n1"))))) {
                peer.writeHandshake(Frames.HANDSHAKE, n1.handshakeOf(impostor));
                assertThat(peer.readRefusal()).contains("calls itself n1 too");
            }
            log.await("n1 gives up", "calls itself n1 too");
        }

        @Test
        void anEnvelopeInTheNameOfAnother() throws Exception {
            try (RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(careless(SOUND_N3)))) {
                peer.enter(n1.handshakeOf(N3));
                peer.writeEnvelope(n1.from(n2.self, urgent(3)));
                assertThat(peer.readRefusal()).contains("in the name of n2/1");
            }
            log.await("n1 gives up the connection of node n3", "in the name of n2/1");
        }
    }

    /** A rule that somebody wrote, and that does what it must not. */
    @Nested
    class IdentityByAFaultyRule extends TlsScene {

        @Override
        UnaryOperator<MutualTls> tlsOfN1() {
            return usual -> usual.identity((certificate, cluster) -> {
                NodeId node = PeerIdentity.uriOrCommonName().nodeOf(certificate, cluster);
                return switch (node.name()) {
                    case "n3" -> null;
                    case "n4" -> throw new IllegalStateException("a fault of the rule");
                    default -> node;
                };
            });
        }

        @Test
        void nobodyIsNotAnybody() throws Exception {
            refusesClient(careless(SOUND_N3), "the rule for identities names no node");
        }

        @Test
        void aRuleThatThrowsIsSaidOnce() throws Exception {
            for (int i = 0; i < 3; i++) {
                refusesClient(careless(CA.issue("n4")), "the rule for identities failed on its certificate");
            }
            awaitConnections(n1, 2);
            assertThat(n1.transport.stats().refusedConnections()).isEqualTo(3);
            assertThat(log.count("which it must not")).isEqualTo(1);
        }
    }

    @Nested
    class Protocol extends TlsScene {

        @Test
        void plaintextToTls() throws Exception {
            try (RawPeer peer = RawPeer.connect(n1.transport)) {
                peer.writeHandshake(Frames.HANDSHAKE, n1.handshakeOf(N3));
                peer.readToTheEnd();
            }
            log.await("n1 gives up a connection", "does not speak TLS", "give both nodes mutualTls(...)");
        }

        @Test
        void aNodeWithPlaintextHearsThatItWasShutOut() throws Exception {
            TestNode n3 = new TestNode("n3", NettyTransport.plaintext("127.0.0.1:0"));
            n3.transport.peers(node -> HostPort.parse(n1.address()).unresolved());
            try {
                n3.start("n1");
                log.await("n3 cannot reach n1", "closed the connection", "its log may say why");
                log.await("n1 gives up a connection", "does not speak TLS");
            } finally {
                n3.close();
            }
        }

        @Test
        void tlsToPlaintext() throws Exception {
            TestNode n3 = new TestNode("n3", NettyTransport.plaintext("127.0.0.1:0"));
            try {
                n3.start("n1");
                addressOfN3 = HostPort.parse(n3.address()).unresolved();
                log.await("n1 cannot reach n3", "does not speak TLS", "give both nodes mutualTls(...)");
                log.await("n3 gives up a connection", "it speaks TLS, and this node does not");
                assertThat(n3.received).isEmpty();
            } finally {
                addressOfN3 = null;
                n3.close();
            }
        }

        @Test
        void anHttpRequest() throws Exception {
            try (RawPeer peer = RawPeer.connect(n1.transport)) {
                peer.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                peer.readToTheEnd();
            }
            log.await("n1 gives up a connection", "does not speak TLS", "another port");
        }

        @Test
        void tls12WhereOnly13IsAllowed() throws Exception {
            refusesClient(Tap.to(n1.transport).tls(careless(SOUND_N3), "TLSv1.2"), "TLSv1.2", "TLSv1.3");
        }

        @Test
        void aSessionThatIsResumed() throws Exception {
            resumes("TLSv1.3");
        }

        @Test
        void aRecordThatWasChanged() throws Exception {
            Tap tap = Tap.to(n1.transport);
            try (RawPeer peer = new RawPeer(tap.tls(careless(SOUND_N3)))) {
                peer.enter(n1.handshakeOf(N3));
                byte[] forged = new byte[5 + 40];
                forged[0] = 23;
                forged[1] = 3;
                forged[2] = 3;
                forged[4] = 40;
                tap.inject(forged);
                log.await("n1 gives up the connection of node n3", "TLS failed");
            }
        }

        @Test
        void aRecordThatIsRepeated() throws Exception {
            Tap tap = Tap.to(n1.transport);
            try (RawPeer peer = new RawPeer(tap.tls(careless(SOUND_N3)))) {
                peer.enter(n1.handshakeOf(N3));
                peer.writeEnvelope(n1.from(N3, urgent(3)));
                n1.awaitReceived(n1.from(N3, urgent(3)));
                tap.inject(tap.lastWritten());
                log.await("n1 gives up the connection of node n3", "TLS failed");
            }
        }
    }

    @Nested
    class ProtocolWhereTls12IsAllowed extends TlsScene {

        @Override
        UnaryOperator<MutualTls> tlsOfN1() {
            return MutualTls::allowTls12;
        }

        @Test
        void tls12IsTaken() throws Exception {
            try (RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(careless(SOUND_N3), "TLSv1.2"))) {
                peer.enter(n1.handshakeOf(N3));
            }
        }

        @Test
        void aSessionThatIsResumed() throws Exception {
            resumes("TLSv1.2");
        }

        @Test
        void aCipherWithoutForwardSecrecy() throws Exception {
            SSLSocket socket = Tap.to(n1.transport).tls(careless(SOUND_N3), "TLSv1.2");
            socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
            refusesClient(socket, "no cipher suites in common");
        }

        @Test
        void renegotiation() throws Exception {
            SSLSocket socket = Tap.to(n1.transport).tls(careless(SOUND_N3), "TLSv1.2");
            try (RawPeer peer = new RawPeer(socket)) {
                peer.enter(n1.handshakeOf(N3));
                socket.startHandshake();
                assertThat(peer.readFrameOtherThanPing().kind()).isEqualTo(Frames.REFUSED);
            } catch (IOException refused) {
                assertThat(refused).isNotInstanceOf(SocketTimeoutException.class);
            }
            log.await("n1 gives up the connection of node n3", "renegotiation");
        }

        @Test
        void aHelloFromWhichSomeoneOnTheWayTookTheNewerVersion() throws Exception {
            TestNode n3 = new TestNode("n3", transport("n3", MutualTls::allowTls12));
            try (Downgrader between = new Downgrader()) {
                n3.start("n1");
                between.forwardOneHelloTo(n3.transport.port());
                addressOfN3 = between.address();
                log.await("n1 cannot reach n3", "downgrade");
            } finally {
                addressOfN3 = null;
                n3.close();
            }
        }
    }

    @Nested
    class CertificateOfAServer extends TlsScene {

        @Test
        void ofAnotherCa() throws Exception {
            refusesServer(careless(OTHER_CA.issue("n3")), "not issued by a CA that is trusted here");
        }

        @Test
        void expired() throws Exception {
            refusesServer(
                    careless(n3(c ->
                            c.notBefore(TestCa.NOW.minus(DAY.multipliedBy(9))).notAfter(TestCa.NOW.minus(DAY)))),
                    "has expired");
        }

        @Test
        void ofAnotherNode() throws Exception {
            refusesServer(careless(CA.issue("n2")), "that of node n2, where node n3 should be");
        }

        @Test
        void forClientsOnly() throws Exception {
            refusesServer(careless(n3(CertificateBuilder::addExtendedKeyUsageClientAuth)), "TLS failed", "server");
        }

        @Test
        void withTls12Only() throws Exception {
            try (SSLServerSocket server = (SSLServerSocket) careless(SOUND_N3)
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                server.setEnabledProtocols(new String[] {"TLSv1.2"});
                refusesServer(server, "n3", "TLS");
            }
        }
    }

    @Nested
    class TimeAndRoom extends TlsScene {

        private final List<AutoCloseable> opened = new ArrayList<>();

        /** A node that lets nobody take long. */
        private TestNode impatient() {
            TestNode n4 = new TestNode("n4", transport("n4", usual -> usual));
            n4.transport.handshakeTimeout(Duration.ofMillis(100));
            opened.add(n4);
            return n4;
        }

        private void closeAll() throws Exception {
            for (AutoCloseable resource : opened) {
                resource.close();
            }
        }

        @Test
        void aClientThatSaysNothing() throws Exception {
            TestNode n4 = impatient().start();
            try (RawPeer silent = RawPeer.connect(n4.transport)) {
                silent.readToTheEnd();
                log.await("n4 gives up a connection", "no handshake within PT0.1S");
                awaitConnections(n4, 0);
            } finally {
                closeAll();
            }
        }

        @Test
        void aClientThatStopsInTheMiddleOfItsHello() throws Exception {
            TestNode n4 = impatient().start();
            try (RawPeer slow = RawPeer.connect(n4.transport)) {
                slow.write(new byte[] {22, 3, 1, 1, 0, 1, 0, 0});
                slow.readToTheEnd();
                log.await("n4 gives up a connection", "no handshake within PT0.1S");
                awaitConnections(n4, 0);
            } finally {
                closeAll();
            }
        }

        @Test
        void aClientThatStopsBehindTls() throws Exception {
            TestNode n4 = impatient().start();
            SSLSocket socket = Tap.to(n4.transport).tls(careless(SOUND_N3));
            try (RawPeer slow = new RawPeer(socket)) {
                socket.startHandshake();
                slow.readToTheEnd();
            } catch (IOException cutShort) {
                assertThat(cutShort).isNotInstanceOf(SocketTimeoutException.class);
            }
            try {
                log.await("n4 gives up a connection", "no handshake within PT0.1S");
                awaitConnections(n4, 0);
            } finally {
                closeAll();
            }
        }

        @Test
        void aServerThatSaysNothing() throws Exception {
            try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                TestNode n4 = impatient();
                n4.transport.peers(node -> (InetSocketAddress) silent.getLocalSocketAddress());
                n4.start("n3");
                try (RawPeer peer = new RawPeer(silent.accept())) {
                    peer.readToTheEnd();
                    log.await("n4 cannot reach n3", "no handshake within PT0.1S");
                }
            } finally {
                closeAll();
            }
        }

        @Test
        void moreConnectionsThanThereIsRoomFor() throws Exception {
            List<RawPeer> strangers = new ArrayList<>();
            try {
                for (int i = 0; i < 300; i++) {
                    strangers.add(RawPeer.connect(n1.transport));
                }
                strangers.get(0).readToTheEnd();
                log.await("n1 gives up a connection", "more than 128 connections have not introduced themselves");
                try (RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(careless(SOUND_N3)))) {
                    peer.enter(n1.handshakeOf(N3));
                }
            } finally {
                strangers.forEach(RawPeer::close);
            }
        }

        @Test
        void moreIncarnationsOfOneNodeThanThereIsRoomFor() throws Exception {
            List<RawPeer> guests = new ArrayList<>();
            try {
                for (int i = 0; i <= Doorkeeper.MAX_INCARNATIONS; i++) {
                    RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(careless(SOUND_N3)));
                    guests.add(peer);
                    peer.enter(n1.handshakeOf(endpoint("n3", 100 + i)));
                }
                guests.get(0).readToTheEnd();
                log.await("n1 gives up a connection", "node n3 has more than 4 connections");
            } finally {
                guests.forEach(RawPeer::close);
            }
        }

        @Test
        void aRecordThatIsTooLong() throws Exception {
            try (RawPeer peer = RawPeer.connect(n1.transport)) {
                peer.write(new byte[] {22, 3, 1, -1, -1});
                peer.readToTheEnd();
            }
            log.await("n1 gives up a connection", "TLS record of 65535 bytes");
        }

        @Test
        void aHelloThatIsTooLong() throws Exception {
            try (RawPeer peer = RawPeer.connect(n1.transport)) {
                // A record of full length, the beginning of a hello of sixteen megabytes.
                byte[] record = new byte[5 + (16 << 10)];
                System.arraycopy(new byte[] {22, 3, 1, 0x40, 0, 1, -1, -1, -1}, 0, record, 0, 9);
                peer.write(record);
                peer.readToTheEnd();
            }
            log.await("n1 gives up a connection", "handshake message", "exceeds the maximum");
        }

        @Test
        void aHandshakeThatNeverEnds() throws Exception {
            try (RawPeer peer = RawPeer.connect(n1.transport)) {
                // A hello of 24,576 bytes, a record for each byte.
                byte[] record = {22, 3, 1, 0, 1, 0};
                byte[] begin = {1, 0, 0x60, 0};
                for (int i = 0; i < 300; i++) {
                    record[5] = i < begin.length ? begin[i] : 0;
                    peer.write(record);
                }
                peer.readToTheEnd();
            } catch (IOException closedWhileWriting) {
                assertThat(closedWhileWriting).isNotInstanceOf(SocketTimeoutException.class);
            }
            log.await("n1 gives up a connection", "more than 256 records before the end of the TLS handshake");
        }
    }
}
