// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.node.PaxosNode;
import io.paxos.storage.file.FileStorage;
import io.paxos.transport.netty.MutualTls;
import io.paxos.transport.netty.NettyTransport;
import io.paxos.transport.netty.PeerIdentity;
import io.paxos.transport.netty.TlsFiles;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code README.md} and {@code docs/security.md} show. Without the files, a node says which one is missing. */
class SecurityPageTest {

    private final Map<String, String> addresses = Map.of("n2", "10.0.0.2:7101", "n3", "10.0.0.3:7101");

    @TempDir
    private Path directory;

    @Test
    void aNodeWithoutItsCertificateDoesNotStart() {
        String listenOn = "127.0.0.1:0";
        Path certificate = directory.resolve("n1.crt");
        Path key = directory.resolve("n1.key");
        Path trustedCas = directory.resolve("ca.crt");

        assertThatThrownBy(() -> {
                    PaxosNode node = PaxosNode.builder()
                            .id("n1")
                            .members("n1", "n2", "n3")
                            .transport(NettyTransport.mutualTls(listenOn, TlsFiles.of(certificate, key, trustedCas))
                                    .peers(addresses))
                            .storage(FileStorage.open(directory))
                            .start();
                    node.close();
                })
                .hasMessageContaining("n1.crt");
        assertThatThrownBy(() -> {
                    PaxosNode node = PaxosNode.builder()
                            .id("n1")
                            .cluster("orders")
                            .members("n1", "n2", "n3")
                            .transport(
                                    NettyTransport.mutualTls("10.0.0.1:7101", TlsFiles.of(certificate, key, trustedCas))
                                            .peers(addresses))
                            .start();
                    node.close();
                })
                .hasMessageContaining("n1.crt");
    }

    @Test
    void theRuleOfIdentityIsChosenWithTheCertificates() {
        String address = "127.0.0.1:0";
        TlsFiles files =
                TlsFiles.of(directory.resolve("n1.crt"), directory.resolve("n1.key"), directory.resolve("ca.crt"));

        NettyTransport transport =
                NettyTransport.mutualTls(address, MutualTls.with(files).identity(PeerIdentity.uri()));

        assertThat(transport).isNotNull();
        transport.close();
    }
}
