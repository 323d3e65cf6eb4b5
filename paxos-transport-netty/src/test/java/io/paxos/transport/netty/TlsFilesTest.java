// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.paxos.spi.TransportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node makes of its own certificate when it starts. */
class TlsFilesTest {

    static final TlsFiles NOWHERE = TlsFiles.of(Path.of("no-chain"), Path.of("no-key"), Path.of("no-cas"));

    private static final TestCa CA = new TestCa("files");

    private final LogLines log = new LogLines();

    @TempDir
    Path directory;

    @AfterEach
    void closeLog() {
        log.close();
    }

    /** Writes the files of a node, as they should be. */
    static TlsFiles write(Path directory, X509Bundle own, TestCa... trusted) throws IOException {
        TlsFiles files =
                TlsFiles.of(directory.resolve("node.crt"), directory.resolve("node.key"), directory.resolve("ca.crt"));
        Files.writeString(files.chain(), "Certificate:\n  as openssl prints it\n" + own.getCertificatePathPEM());
        Files.writeString(files.key(), own.getPrivateKeyPEM());
        StringBuilder cas = new StringBuilder();
        for (TestCa ca : trusted) {
            cas.append(ca.ownBundle().getCertificatePEM());
        }
        Files.writeString(files.trusted(), cas);
        return files;
    }

    private TlsFiles sound() throws IOException {
        return write(directory, CA.issue("n1"), CA);
    }

    private static void starts(Certificates certificates) {
        try (TestNode n1 = new TestNode("n1", NettyTransport.mutualTls("127.0.0.1:0", certificates))) {
            n1.start();
            assertThat(n1.transport.port()).isPositive();
        }
    }

    private static void refuses(Certificates certificates, Object... parts) {
        try (TestNode n1 = new TestNode("n1", NettyTransport.mutualTls("127.0.0.1:0", certificates))) {
            assertThatThrownBy(n1::start).isInstanceOf(TransportException.class).satisfies(e -> {
                for (Object part : parts) {
                    assertThat(e).hasMessageContaining(part.toString());
                }
            });
            assertThatThrownBy(n1.transport::port).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ecp256", "ecp384", "rsa2048", "ed25519"})
    void keysOfTheUsualKindsAreRead(Algorithm algorithm) throws Exception {
        starts(write(directory, CA.issue("CN=n1", c -> c.algorithm(algorithm)), CA));
    }

    @Test
    void aChainWithAnIntermediateCaIsRead() throws Exception {
        X509Bundle between = CA.issue("CN=between", c -> c.setIsCertificateAuthority(true));
        TlsFiles files = write(directory, TestCa.issuedBy(between, TestCa.sound("CN=n1")), CA);
        assertThat(files.load().chain()).hasSize(2);
        starts(files);
    }

    @Test
    void aKeyStoreIsReadToo() throws Exception {
        char[] password = "secret".toCharArray();
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", CA.certificate());
        KeyStore keys = CA.issue("n1").toKeyStore(password);
        starts(Certificates.fixed(TlsMaterial.of(keys, password, trusted)));
        assertThatThrownBy(() -> TlsMaterial.of(trusted, password, trusted)).hasMessageContaining("exactly one key");
    }

    @Test
    void aContextMadeElsewhereIsTaken() {
        starts(Certificates.fixed(TlsMaterial.of(CA.material(CA.issue("n1")).context())));
    }

    @Test
    void aContextThatIsNotReadyIsSaidToBeThat() throws Exception {
        Certificates unready = Certificates.fixed(TlsMaterial.of(SSLContext.getInstance("TLS")));
        try (TestNode n1 = new TestNode("n1", NettyTransport.mutualTls("127.0.0.1:0", unready)).start();
                RawPeer peer = RawPeer.connect(n1.transport)) {
            peer.readToTheEnd();
            log.await("n1 gives up a connection", "TLS cannot begin with the certificates of this node");
        }
    }

    @Test
    void whateverMakesTheStartFailNothingIsLeftOfIt() {
        Certificates faulty = new Certificates() {
            @Override
            public Object version() {
                throw new IllegalStateException("a fault of the source");
            }

            @Override
            public TlsMaterial load() {
                throw new AssertionError();
            }
        };
        try (TestNode n1 = new TestNode("n1", NettyTransport.mutualTls("127.0.0.1:0", faulty))) {
            assertThatThrownBy(n1::start).hasMessage("a fault of the source");
            assertThat(n1.transport.executor().isShutdown()).isTrue();
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        refuses(NOWHERE, "n1 cannot use", "no-chain is no file that can be read", "correct the path");
    }

    @Test
    void aFileWithoutACertificateIsNamed() throws Exception {
        TlsFiles files = sound();
        Files.writeString(files.trusted(), "nothing");
        refuses(files, files.trusted(), "no certificate in it");
    }

    @Test
    void aDamagedCertificateIsNamed() throws Exception {
        TlsFiles files = sound();
        Files.writeString(files.chain(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        refuses(files, files.chain());
    }

    @Test
    void aKeyInAnotherFormIsNamedWithTheCommandThatConvertsIt() throws Exception {
        TlsFiles files = sound();
        for (String form : List.of("EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY")) {
            Files.writeString(files.key(), "-----BEGIN " + form + "-----\nAAAA\n-----END " + form + "-----\n");
            refuses(files, files.key(), form, "openssl pkcs8 -topk8 -nocrypt");
        }
    }

    @Test
    void aDamagedKeyIsNamed() throws Exception {
        TlsFiles files = sound();
        Files.writeString(files.key(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        refuses(files, files.key(), "damaged or of another kind");
        Files.writeString(files.key(), "");
        refuses(files, files.key(), "0 private keys in it");
    }

    @Test
    void theKeyOfAnotherCertificateIsNamed() throws Exception {
        TlsFiles files = sound();
        Files.writeString(files.key(), CA.issue("n1").getPrivateKeyPEM());
        refuses(files, files.key(), "the key is not that of the certificate", "replace both together");
        Files.writeString(
                files.key(),
                CA.issue("CN=n1", c -> c.algorithm(Algorithm.ed25519)).getPrivateKeyPEM());
        refuses(files, files.key(), "the key is not that of the certificate");
    }

    @Test
    void theCertificateOfAnotherNodeIsRefused() throws Exception {
        refuses(write(directory, CA.issue("n2"), CA), "that of node n2, but this is node n1", "give it its own");
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        refuses(write(directory, valid(Duration.ofDays(-9), Duration.ofDays(-1)), CA), "and not now", "renew it");
    }

    @Test
    void aCertificateThatExpiresSoonIsSaid() throws Exception {
        starts(write(directory, valid(Duration.ofDays(-99), Duration.ofDays(1)), CA));
        log.await("the certificate of n1 expires at", "renew it");
    }

    @Test
    void aCertificateThatItsOwnCasDoNotBelieveIsSaid() throws Exception {
        starts(write(directory, CA.issue("n1"), new TestCa("another")));
        log.await("n1: its own certificate would not be believed", "not issued by a CA that is trusted here");
    }

    private static X509Bundle valid(Duration from, Duration to) {
        return CA.issue("CN=n1", c -> c.notBefore(TestCa.NOW.plus(from)).notAfter(TestCa.NOW.plus(to)));
    }

    @Test
    void filesDifferWhenTheirContentDoes() throws Exception {
        TlsFiles files = sound();
        Object version = files.version();
        assertThat(files.version()).isEqualTo(version);
        Files.writeString(files.trusted(), new TestCa("later").ownBundle().getCertificatePEM());
        assertThat(files.version()).isNotEqualTo(version);
    }
}
