// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a node needs to prove who it is and to check who others are: a certificate with its chain, the key to it, and the
 * CAs whose word it takes. Immutable, and safe for use by several threads.
 */
public final class TlsMaterial {

    /** How a key of a kind signs, for the trial whether it belongs to a certificate. */
    private static final Map<String, String> SIGNATURES = Map.of(
            "RSA", "SHA256withRSA",
            "EC", "SHA256withECDSA",
            "EdDSA", "EdDSA",
            "Ed25519", "EdDSA",
            "Ed448", "EdDSA");

    private static final char[] NO_PASSWORD = new char[0];

    private final SSLContext context;
    private final List<X509Certificate> chain;
    private final @Nullable X509TrustManager trust;

    private TlsMaterial(SSLContext context, List<X509Certificate> chain, @Nullable X509TrustManager trust) {
        this.context = context;
        this.chain = chain;
        this.trust = trust;
    }

    /**
     * From a key, its certificate and the trusted CAs.
     *
     * @param key the private key of the node
     * @param chain the certificate of the node first, then the intermediate CAs, each of which issued the one before
     * @param trusted the CAs whose certificates are believed; trust none that issues for others than this cluster
     *     unless the {@link PeerIdentity} takes account of that
     * @return the material
     * @throws GeneralSecurityException if the key is not that of the certificate, or one of them is of no use; the
     *     message says which
     */
    public static TlsMaterial of(PrivateKey key, List<X509Certificate> chain, Collection<X509Certificate> trusted)
            throws GeneralSecurityException {
        if (chain.isEmpty()) {
            throw new CertificateException("the chain holds no certificate; put that of the node first");
        }
        if (trusted.isEmpty()) {
            throw new CertificateException("no CA is trusted; name at least the one that issued the certificates");
        }
        requirePair(key, chain.get(0));
        KeyStore own = empty();
        own.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, NO_PASSWORD);

        KeyStore anchors = empty();
        for (X509Certificate ca : trusted) {
            anchors.setCertificateEntry("ca-" + anchors.size(), ca);
        }
        TrustManagerFactory trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(anchors);

        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
        return new TlsMaterial(context, List.copyOf(chain), x509(trusts.getTrustManagers()));
    }

    /**
     * From key stores, such as PKCS#12 files.
     *
     * @param keys holds one key with its chain
     * @param password of that key
     * @param trusted holds the trusted CAs, as entries of certificates
     * @return the material
     * @throws GeneralSecurityException as {@link #of(PrivateKey, List, Collection)}, and if there is not exactly one key
     */
    public static TlsMaterial of(KeyStore keys, char[] password, KeyStore trusted) throws GeneralSecurityException {
        List<String> aliases = new ArrayList<>();
        for (String alias : Collections.list(keys.aliases())) {
            if (keys.isKeyEntry(alias)) {
                aliases.add(alias);
            }
        }
        if (aliases.size() != 1) {
            throw new KeyStoreException(
                    "the key store must hold exactly one key, but holds " + aliases + "; take out the others");
        }
        Key key = keys.getKey(aliases.get(0), password);
        if (!(key instanceof PrivateKey privateKey)) {
            throw new KeyStoreException("the key " + aliases.get(0) + " is no private key; store the one of the node");
        }
        List<X509Certificate> chain = Stream.of(keys.getCertificateChain(aliases.get(0)))
                .map(X509Certificate.class::cast)
                .toList();
        List<X509Certificate> anchors = new ArrayList<>();
        for (String alias : Collections.list(trusted.aliases())) {
            if (trusted.isCertificateEntry(alias) && trusted.getCertificate(alias) instanceof X509Certificate ca) {
                anchors.add(ca);
            }
        }
        return of(privateKey, chain, anchors);
    }

    /**
     * From a context made elsewhere, which may check more than chains, such as revocation. What it holds is not visible
     * here, so nothing of it is checked before the first handshake, and when it is replaced, connections that stand are
     * left alone.
     *
     * @param context made for both ends of connections: its key manager answers for clients and servers, and its trust
     *     manager checks both
     * @return the material
     */
    public static TlsMaterial of(SSLContext context) {
        return new TlsMaterial(context, List.of(), null);
    }

    SSLContext context() {
        return context;
    }

    /** The node's own certificate and what issued it; empty if that is not known. */
    List<X509Certificate> chain() {
        return chain;
    }

    /**
     * Whether a chain would be believed.
     *
     * @throws CertificateException if not; never if that cannot be told without a handshake
     */
    void requireTrusted(List<X509Certificate> others) throws CertificateException {
        if (trust != null) {
            trust.checkClientTrusted(
                    others.toArray(X509Certificate[]::new),
                    others.get(0).getPublicKey().getAlgorithm());
        }
    }

    private static void requirePair(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        PublicKey publicKey = certificate.getPublicKey();
        String algorithm = SIGNATURES.get(publicKey.getAlgorithm());
        if (algorithm == null) {
            return;
        }
        boolean pair;
        try {
            byte[] probe = certificate.getEncoded();
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(probe);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(publicKey);
            verifying.update(probe);
            pair = verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            throw new CertificateException(notAPair(certificate), e);
        }
        if (!pair) {
            throw new CertificateException(notAPair(certificate));
        }
    }

    private static String notAPair(X509Certificate certificate) {
        return "the key is not that of the certificate of " + certificate.getSubjectX500Principal()
                + "; replace both together";
    }

    private static KeyStore empty() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new KeyStoreException("an empty key store cannot be made", e);
        }
        return store;
    }

    private static X509TrustManager x509(TrustManager... managers) throws KeyStoreException {
        for (TrustManager manager : managers) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new KeyStoreException("this JDK has no trust manager for X.509 certificates");
    }
}
