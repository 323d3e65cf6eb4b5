// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.model.NodeId;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the certificate of the node itself, so that a wrong one is noticed where it is and not by its peers, and
 * warns before it expires. Not for several threads at once.
 */
final class OwnCertificate {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

    /** With less than this part of its life left, somebody should have renewed it. */
    private static final int LAST_PART = 10;

    private final LocalNode local;
    private final PeerIdentity rule;
    private @Nullable X509Certificate present;
    private boolean warned;

    OwnCertificate(LocalNode local, PeerIdentity rule) {
        this.local = local;
        this.rule = rule;
    }

    NodeId node() {
        return local.id();
    }

    /**
     * Takes new material if it is that of this node.
     *
     * @throws CertificateException if it is not; the message says why
     */
    void judge(TlsMaterial material) throws CertificateException {
        X509Certificate own =
                material.chain().isEmpty() ? null : material.chain().get(0);
        if (own != null) {
            requireNow(own);
            NodeId named = rule.nodeOf(own, local.identity().cluster());
            if (!named.equals(local.id())) {
                throw new CertificateException("the certificate is that of node " + named + ", but this is node "
                        + local.id() + "; give it its own");
            }
            try {
                material.requireTrusted(material.chain());
            } catch (CertificateException e) {
                LOG.warn(
                        "{}: its own certificate would not be believed by peers that trust the same CAs: {}",
                        local.id(),
                        TlsFailures.explain(e));
            }
        }
        present = own;
        warned = false;
        warnBeforeItExpires();
    }

    private static void requireNow(X509Certificate own) throws CertificateException {
        try {
            own.checkValidity();
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            throw new CertificateException(
                    "the certificate is valid from " + own.getNotBefore().toInstant() + " to "
                            + own.getNotAfter().toInstant() + " and not now; renew it, or correct the clock",
                    e);
        }
    }

    /** Says once that the certificate should be renewed. */
    void warnBeforeItExpires() {
        X509Certificate own = present;
        if (own == null || warned) {
            return;
        }
        Instant end = own.getNotAfter().toInstant();
        Duration life = Duration.between(own.getNotBefore().toInstant(), end);
        if (Instant.now().isAfter(end.minus(life.dividedBy(LAST_PART)))) {
            warned = true;
            LOG.warn("the certificate of {} expires at {}, after which no peer believes it; renew it", local.id(), end);
        }
    }

    @Override
    public String toString() {
        X509Certificate own = present;
        return own == null
                ? "a certificate that is not visible"
                : "the certificate with serial number " + own.getSerialNumber().toString(16) + ", valid until "
                        + own.getNotAfter().toInstant();
    }
}
