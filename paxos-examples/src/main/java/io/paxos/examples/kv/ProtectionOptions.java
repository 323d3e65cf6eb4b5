// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.transport.netty.MutualTls;
import io.paxos.transport.netty.NettyTransport;
import io.paxos.transport.netty.PeerIdentity;
import io.paxos.transport.netty.TlsFiles;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how replicas know each other, and who can listen to what they say. */
final class ProtectionOptions {

    private static final String TLS = "--tls-certificate, --tls-key and --tls-trusted";

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description =
                    "The certificate of this replica in PEM, then the intermediate CAs; it names the replica as CN, or as"
                            + " paxos://CLUSTER/ID. May be replaced while the replica runs.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The private key to it, PKCS#8 in PEM.")
    private @Nullable Path key;

    @Option(
            names = "--tls-trusted",
            paramLabel = "FILE",
            description = "The CAs that issue the certificates of the replicas, in PEM.")
    private @Nullable Path trusted;

    @Option(
            names = "--tls-uri-only",
            description = "Only paxos://CLUSTER/ID counts, not the CN: for CAs that issue for others, too.")
    private boolean uriOnly;

    @Option(
            names = "--trust-network",
            description =
                    "Without TLS, replicas talk beyond this machine only with this, which confirms that nobody else can"
                            + " reach their ports.")
    private boolean trustNetwork;

    /**
     * The way to the others, to be told where they are.
     *
     * @param own where to listen
     * @throws IllegalArgumentException if the options do not fit together
     */
    NettyTransport transport(HostPort own) {
        long given = Stream.of(certificate, key, trusted)
                .filter(file -> file != null)
                .count();
        if (certificate != null && key != null && trusted != null) {
            if (trustNetwork) {
                throw new IllegalArgumentException("--trust-network is for replicas without TLS; leave it out");
            }
            MutualTls tls = MutualTls.with(TlsFiles.of(certificate, key, trusted));
            return NettyTransport.mutualTls(own.toString(), uriOnly ? tls.identity(PeerIdentity.uri()) : tls);
        }
        if (given > 0) {
            throw new IllegalArgumentException(TLS + " belong together; give all three, or none");
        }
        if (uriOnly) {
            throw new IllegalArgumentException("--tls-uri-only says how to read certificates; give " + TLS);
        }
        NettyTransport plaintext = NettyTransport.plaintext(own.host(), own.port());
        if (trustNetwork) {
            return plaintext.trustNetwork();
        }
        if (!own.resolve().getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("without TLS, whoever reaches " + own + " is believed to be any replica;"
                    + " give " + TLS + ", or confirm with --trust-network that nobody else can");
        }
        return plaintext;
    }
}
