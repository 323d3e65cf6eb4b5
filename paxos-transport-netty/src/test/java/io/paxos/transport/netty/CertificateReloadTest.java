// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestCa.careless;
import static io.paxos.transport.netty.TestNode.endpoint;
import static io.paxos.transport.netty.TestNode.urgent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import io.paxos.message.Envelope;
import io.paxos.spi.TransportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** n1 and n2 are connected, and files are replaced under n1 while it runs. */
@ExtendWith(LeakCheck.class)
class CertificateReloadTest {

    private static final TestCa CA = new TestCa("old");
    private static final TestCa NEW_CA = new TestCa("new");

    private final LogLines log = new LogLines();
    private final X509Bundle first = CA.issue("n1");
    private TlsFiles files;
    private TlsFiles filesOfN2;
    private TestNode n1;
    private TestNode n2;

    @TempDir
    Path directory;

    @BeforeEach
    void connect() throws Exception {
        files = TlsFilesTest.write(Files.createDirectory(directory.resolve("n1")), first, CA);
        filesOfN2 = TlsFilesTest.write(Files.createDirectory(directory.resolve("n2")), CA.issue("n2"), CA);
        start(MutualTls.with(files), MutualTls.with(filesOfN2));
    }

    private void start(MutualTls tlsOfN1, MutualTls tlsOfN2) throws InterruptedException {
        n1 = new TestNode("n1", NettyTransport.mutualTls("127.0.0.1:0", tlsOfN1));
        n2 = new TestNode("n2", NettyTransport.mutualTls("127.0.0.1:0", tlsOfN2));
        for (TestNode node : new TestNode[] {n1, n2}) {
            node.transport
                    .reconnect(Duration.ofMillis(5), Duration.ofMillis(20))
                    .keepAlive(Duration.ofSeconds(20))
                    .handshakeTimeout(Duration.ofSeconds(20))
                    .peers(peer -> switch (peer.name()) {
                        case "n1" -> HostPort.parse(n1.address()).unresolved();
                        case "n2" -> HostPort.parse(n2.address()).unresolved();
                        default -> null;
                    });
        }
        n2.start("n1");
        n1.start("n2", "n3");
        n1.awaitNews("up n2");
        n2.awaitNews("up n1");
    }

    private void stop() {
        n1.close();
        n2.close();
    }

    @AfterEach
    void close() {
        stop();
        log.close();
    }

    /** The certificate that n1 shows to someone who connects now. */
    private Certificate shownByN1() throws IOException {
        try (SSLSocket socket = Tap.to(n1.transport).tls(careless(CA.issue("n3")))) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private void talk(int number) throws InterruptedException {
        Envelope there = n2.to("n1", urgent(number));
        n2.transport.send(there);
        n1.awaitReceived(there);
        Envelope back = n1.to("n2", urgent(number));
        n1.transport.send(back);
        n2.awaitReceived(back);
    }

    private void replace(X509Bundle own, TestCa... trusted) throws IOException {
        TlsFilesTest.write(directory.resolve("n1"), own, trusted);
    }

    @Test
    void newFilesAreTakenBeforeTheNextHandshakeAndConnectionsStay() throws Exception {
        assertThat(shownByN1()).isEqualTo(first.getCertificate());
        X509Bundle second = CA.issue("n1");
        replace(second, CA);
        assertThat(shownByN1()).isEqualTo(second.getCertificate());
        talk(1);
        assertThat(n1.news).isEmpty();
        assertThat(n2.news).isEmpty();
    }

    @Test
    void brokenFilesAreSaidOnceAndTheOldOnesStay() throws Exception {
        Files.writeString(files.chain(), "half a certif");
        assertThat(shownByN1()).isEqualTo(first.getCertificate());
        assertThat(shownByN1()).isEqualTo(first.getCertificate());
        log.await("n1: new certificates are of no use, the old ones stay in use", "node.crt", "no certificate in it");
        assertThat(log.count("are of no use")).isEqualTo(1);
        X509Bundle second = CA.issue("n1");
        replace(second, CA);
        assertThat(shownByN1()).isEqualTo(second.getCertificate());
    }

    @Test
    void betweenTheReplacementOfTwoFilesTheOldOnesStay() throws Exception {
        X509Bundle second = CA.issue("n1");
        Files.writeString(files.chain(), second.getCertificatePathPEM());
        assertThat(shownByN1()).isEqualTo(first.getCertificate());
        Files.writeString(files.key(), second.getPrivateKeyPEM());
        assertThat(shownByN1()).isEqualTo(second.getCertificate());
    }

    @Test
    void theCertificateOfAnotherNodeIsNotTaken() throws Exception {
        replace(CA.issue("n2"), CA);
        assertThat(shownByN1()).isEqualTo(first.getCertificate());
        log.await("n1: new certificates are of no use", "that of node n2, but this is node n1");
    }

    @Test
    void reloadSaysWhatIsWrongAndTheOldStays() throws Exception {
        Files.delete(files.key());
        assertThatThrownBy(n1.transport::reloadCertificates)
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("n1 cannot use certificates in")
                .hasMessageContaining(files.key() + " is no file that can be read");
        assertThat(shownByN1()).isEqualTo(first.getCertificate());
        X509Bundle second = CA.issue("n1");
        replace(second, CA);
        n1.transport.reloadCertificates();
        assertThat(shownByN1()).isEqualTo(second.getCertificate());
    }

    @Test
    void whoseCaIsNotTrustedAnyMoreHasToGo() throws Exception {
        replace(first, CA, NEW_CA);
        n1.transport.reloadCertificates();
        try (RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(careless(NEW_CA.issue("n3"))))) {
            peer.enter(n1.handshakeOf(endpoint("n3", 7)));
            replace(first, CA);
            n1.transport.reloadCertificates();
            assertThat(peer.readRefusal()).contains("was believed, and is not any more");
        }
        log.await("n1 gives up the connection of node n3", "was believed, and is not any more");
        talk(1);
        assertThat(n1.news).isEmpty();
    }

    @Test
    void allPassFromOneCaToAnotherWithoutAnyoneBeingShutOut() throws Exception {
        // Trust both, everywhere; then issue anew, everywhere; then trust the new one only.
        replace(first, CA, NEW_CA);
        TlsFilesTest.write(directory.resolve("n2"), CA.issue("n2"), CA, NEW_CA);
        n1.transport.reloadCertificates();
        n2.transport.reloadCertificates();
        X509Bundle second = NEW_CA.issue("n1");
        replace(second, CA, NEW_CA);
        n1.transport.reloadCertificates();
        talk(1);
        TlsFilesTest.write(directory.resolve("n2"), NEW_CA.issue("n2"), CA, NEW_CA);
        n2.transport.reloadCertificates();
        talk(2);
        assertThat(n1.news).isEmpty();
        assertThat(n2.news).isEmpty();

        // What was proved by the old CA has to be proved again.
        replace(second, NEW_CA);
        n1.transport.reloadCertificates();
        n1.awaitNews("down n2");
        n1.awaitNews("up n2");
        n2.awaitNews("down n1");
        n2.awaitNews("up n1");
        talk(3);
    }

    @Test
    void newFilesAreFoundWithoutAHandshake() throws Exception {
        stop();
        replace(first, CA, NEW_CA);
        start(MutualTls.with(files).lookEvery(Duration.ofMillis(5)), MutualTls.with(filesOfN2));
        try (RawPeer peer = new RawPeer(Tap.to(n1.transport).tls(careless(NEW_CA.issue("n3"))))) {
            peer.enter(n1.handshakeOf(endpoint("n3", 7)));
            replace(first, CA);
            assertThat(peer.readRefusal()).contains("was believed, and is not any more");
        }
    }

    @Test
    void whileASourceHangsTheNodeGoesOnAndHandshakesEnd() throws Exception {
        stop();
        AtomicBoolean hangs = new AtomicBoolean();
        CountDownLatch released = new CountDownLatch(1);
        TlsMaterial material = CA.material(first);
        Certificates slow = new Certificates() {
            @Override
            public Object version() {
                try {
                    if (hangs.get()) {
                        released.await();
                    }
                } catch (InterruptedException closed) {
                    Thread.currentThread().interrupt();
                }
                return "the only one";
            }

            @Override
            public TlsMaterial load() {
                return material;
            }
        };
        start(MutualTls.with(slow), MutualTls.with(filesOfN2));
        hangs.set(true);
        TestNode n3 = new TestNode("n3", NettyTransport.mutualTls("127.0.0.1:0", CA.tls("n3")));
        try {
            n3.transport
                    .peers(node -> HostPort.parse(n1.address()).unresolved())
                    .handshakeTimeout(Duration.ofMillis(50));
            n3.start("n1");
            log.await("n3 cannot reach n1", "no handshake within PT0.05S");
            talk(1);
            hangs.set(false);
            released.countDown();
            n3.awaitNews("up n1");
        } finally {
            n3.close();
        }
    }
}
