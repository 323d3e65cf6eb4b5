// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.spi.TransportException;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plaintext stays on this machine unless somebody says that the network is trusted. 192.0.2.0/24 is nobody's. */
class PlaintextDoorTest {

    private final LogLines log = new LogLines();

    @AfterEach
    void closeLog() {
        log.close();
    }

    private static TestNode node(NettyTransport transport) {
        return new TestNode("n1", transport);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:0", "192.0.2.1:7101", "[::]:0"})
    void listeningBeyondThisMachineIsRefused(String address) {
        try (TestNode n1 = node(NettyTransport.plaintext(address))) {
            assertThatThrownBy(n1::start)
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("cannot listen on " + address)
                    .hasMessageContaining("mutualTls(...)")
                    .hasMessageContaining("trustNetwork()");
        }
    }

    @Test
    void aPeerBeyondThisMachineIsRefusedAtTheStart() {
        NettyTransport transport =
                NettyTransport.plaintext("127.0.0.1:0").peers(Map.of("n2", "127.0.0.1:7102", "n3", "192.0.2.1:7103"));
        try (TestNode n1 = node(transport)) {
            assertThatThrownBy(() -> n1.start("n2"))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("cannot have a peer at 192.0.2.1:7103")
                    .hasMessageContaining("mutualTls(...)")
                    .hasMessageContaining("trustNetwork()");
            assertThatThrownBy(transport::port).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aPeerThatIsFoundBeyondThisMachineIsNotConnectedTo() throws Exception {
        try (TestNode n1 = node(NettyTransport.plaintext("127.0.0.1:0")
                .peers(node -> InetSocketAddress.createUnresolved("192.0.2.1", 7102)))) {
            n1.start("n2");
            log.await("n1 cannot reach n2", "192.0.2.1", "beyond this machine", "mutualTls(...)");
            assertThat(n1.transport.connections()).isZero();
        }
    }

    @Test
    void whoeverTrustsTheNetworkMayListenBeyondThisMachine() {
        try (TestNode n1 =
                node(NettyTransport.plaintext("0.0.0.0:0").trustNetwork().peers(Map.of("n3", "192.0.2.1:7103")))) {
            n1.start();
            assertThat(n1.transport.port()).isPositive();
        }
    }

    @Test
    void mutualTlsMayListenAnywhere() {
        TestCa ca = new TestCa("door");
        try (TestNode n1 = node(NettyTransport.mutualTls("0.0.0.0:0", ca.tls("n1")))) {
            n1.start();
            assertThat(n1.transport.port()).isPositive();
        }
    }

    @Test
    void whatIsForTheOtherKindIsRefused() {
        NettyTransport tls = NettyTransport.mutualTls("127.0.0.1:0", TlsFilesTest.NOWHERE);
        assertThatThrownBy(tls::trustNetwork)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("leave it out");
        assertThatThrownBy(tls::reloadCertificates)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not been started");
        assertThatThrownBy(NettyTransport.plaintext("127.0.0.1:0")::reloadCertificates)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mutualTls");
    }
}
