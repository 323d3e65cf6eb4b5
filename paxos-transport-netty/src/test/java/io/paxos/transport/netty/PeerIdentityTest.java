// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.paxos.model.NodeId;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which node a certificate belongs to. */
class PeerIdentityTest {

    private static final TestCa CA = new TestCa("identity");

    private static X509Certificate certificate(String subject, UnaryOperator<CertificateBuilder> change) {
        return CA.issue(subject, change).getCertificate();
    }

    private static X509Certificate withUris(String... uris) {
        return certificate("CN=pod-1", c -> {
            for (String uri : uris) {
                c.addSanUriName(URI.create(uri));
            }
            return c;
        });
    }

    private static NodeId byDefault(X509Certificate certificate) throws CertificateException {
        return PeerIdentity.uriOrCommonName().nodeOf(certificate, TestNode.CLUSTER);
    }

    private static void isNobody(X509Certificate certificate, String... parts) {
        assertThatThrownBy(() -> byDefault(certificate))
                .isInstanceOf(CertificateException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void theCommonNameCountsAmongOtherPartsOfTheSubject() throws Exception {
        assertThat(byDefault(certificate("CN=n1,OU=storage,O=orders", c -> c))).isEqualTo(NodeId.of("n1"));
    }

    @Test
    void hostNamesPlayNoPart() throws Exception {
        assertThat(byDefault(certificate("CN=n1", c -> c.addSanDnsName("n2").addSanUriName(URI.create("https://n3/")))))
                .isEqualTo(NodeId.of("n1"));
    }

    @Test
    void aUriGoesBeforeTheCommonName() throws Exception {
        assertThat(byDefault(withUris("paxos://orders/n_1.a"))).isEqualTo(NodeId.of("n_1.a"));
        assertThat(byDefault(withUris("PAXOS://orders/n1", "spiffe://example/n2")))
                .isEqualTo(NodeId.of("n1"));
    }

    @Test
    void aNodeOfSeveralClustersIsOneInEach() throws Exception {
        assertThat(byDefault(withUris("paxos://billing/b7", "paxos://orders/n1")))
                .isEqualTo(NodeId.of("n1"));
    }

    @Test
    void aUriOfAnotherClusterIsNotMadeUpForByTheCommonName() {
        isNobody(withUris("paxos://billing/n1"), "paxos://billing/n1", "exactly one node of cluster orders");
        isNobody(withUris("paxos://Orders/n1"), "exactly one node of cluster orders");
    }

    @Test
    void twoNodesOfOneClusterAreNobody() {
        isNobody(withUris("paxos://orders/n1", "paxos://orders/n2"), "exactly one node");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "paxos://orders",
                "paxos://orders/",
                "paxos:orders/n1",
                "paxos:///n1",
                "paxos://orders/n1/n2",
                "paxos://orders/n1?n2",
                "paxos://orders/n1#n2",
                "paxos://orders:80/n1",
                "paxos://n2@orders/n1",
                "paxos://orders/n%31"
            })
    void whatIsNotExactlyOfTheFormIsNobody(String uri) {
        isNobody(withUris(uri), "is not of the form paxos://CLUSTER/NODE");
    }

    @Test
    void alternativeNamesThatCannotBeReadAreNotMadeUpForByTheCommonName() {
        // A name of a cluster may end like this, a name of a host may not, and the JDK takes it for one.
        isNobody(
                certificate("CN=n1", c -> c.addSanUriName(URI.create("paxos://billing./n1"))),
                "alternative names",
                "cannot be read");
    }

    @Test
    void aSubjectThatQuotesAnotherCommonNameHasOne() {
        // One value that holds ",CN=n2", and not two.
        isNobody(certificate("CN=\"n1,CN=n2\"", c -> c), "cannot be that of a node");
    }

    @Test
    void severalCommonNamesAreNobodyAlsoInOnePart() {
        isNobody(certificate("CN=n1,CN=n2", c -> c), "2 common names");
        isNobody(certificate("CN=n1+CN=n2", c -> c), "2 common names");
        isNobody(certificate("O=orders", c -> c), "0 common names");
    }

    @Test
    void theStricterRuleTakesUrisOnly() throws Exception {
        assertThat(PeerIdentity.uri().nodeOf(withUris("paxos://orders/n1"), TestNode.CLUSTER))
                .isEqualTo(NodeId.of("n1"));
        X509Certificate byName = certificate("CN=n1", c -> c);
        assertThatThrownBy(() -> PeerIdentity.uri().nodeOf(byName, TestNode.CLUSTER))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("no alternative name paxos://orders/NODE");
    }
}
