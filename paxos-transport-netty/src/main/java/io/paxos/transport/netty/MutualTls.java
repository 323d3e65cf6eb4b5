// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.model.NodeId;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How nodes prove to each other who they are, and keep what they say to themselves: TLS 1.3, certificates at both ends, and
 * a rule for which node a certificate belongs to. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * MutualTls.with(TlsFiles.of(chain, key, trusted)).identity(PeerIdentity.uri())
 * }</pre>
 */
public final class MutualTls {

    /** TLS 1.3 has no others that are weak; of TLS 1.2 only those with forward secrecy and authenticated encryption. */
    private static final List<String> CIPHERS_13 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private static final List<String> CIPHERS_12 = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final Certificates certificates;
    private final PeerIdentity identity;
    private final boolean tls12;
    private final Duration lookEvery;

    private MutualTls(Certificates certificates, PeerIdentity identity, boolean tls12, Duration lookEvery) {
        this.certificates = certificates;
        this.identity = identity;
        this.tls12 = tls12;
        this.lookEvery = lookEvery;
    }

    /**
     * With TLS 1.3 only, and the rule {@link PeerIdentity#uriOrCommonName()}.
     *
     * @param certificates where certificate, key and trusted CAs come from
     * @return the settings
     */
    public static MutualTls with(Certificates certificates) {
        return new MutualTls(certificates, PeerIdentity.uriOrCommonName(), false, Duration.ofMinutes(1));
    }

    /**
     * Another rule for which node a certificate belongs to. The same on all nodes.
     *
     * @param rule the rule
     * @return the changed settings
     */
    public MutualTls identity(PeerIdentity rule) {
        return new MutualTls(certificates, rule, tls12, lookEvery);
    }

    /**
     * Allows TLS 1.2 beside 1.3, with ciphers of forward secrecy and authenticated encryption only, and without
     * renegotiation. For peers behind something that cannot speak 1.3; two nodes of this library always agree on 1.3.
     *
     * @return the changed settings
     */
    public MutualTls allowTls12() {
        return new MutualTls(certificates, identity, true, lookEvery);
    }

    /**
     * How often to look for new certificates when there is no handshake before which to look; default one minute.
     *
     * @param period at least a millisecond
     * @return the changed settings
     * @throws IllegalArgumentException if it is shorter, or longer than 1000 days
     */
    public MutualTls lookEvery(Duration period) {
        if (period.toMillis() < 1 || period.toDays() > 1000) {
            throw new IllegalArgumentException(
                    "lookEvery must be at least a millisecond and at most 1000 days, but is " + period);
        }
        return new MutualTls(certificates, identity, tls12, period);
    }

    Certificates certificates() {
        return certificates;
    }

    /** The rule, which may have been written by somebody else: an answer that is none is an objection. */
    PeerIdentity identity() {
        return (certificate, cluster) -> {
            NodeId node = identity.nodeOf(certificate, cluster);
            if (node == null) {
                throw new CertificateException("the rule for identities names no node for the certificate of "
                        + certificate.getSubjectX500Principal());
            }
            return node;
        };
    }

    Duration lookEvery() {
        return lookEvery;
    }

    List<String> protocols() {
        return tls12 ? List.of("TLSv1.3", "TLSv1.2") : List.of("TLSv1.3");
    }

    List<String> ciphers() {
        List<String> all = new ArrayList<>(CIPHERS_13);
        if (tls12) {
            all.addAll(CIPHERS_12);
        }
        return all;
    }
}
