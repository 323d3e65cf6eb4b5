// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A certification authority made for a test, and what it issues. */
final class TestCa {

    static final Instant NOW = Instant.now();

    private static final char[] PASSWORD = "none".toCharArray();

    private final X509Bundle bundle;
    private final Map<String, Certificates> sound = new ConcurrentHashMap<>();

    TestCa(String name) {
        try {
            bundle = sound("CN=" + name).setIsCertificateAuthority(true).buildSelfSigned();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Valid from yesterday until tomorrow. */
    static CertificateBuilder sound(String subject) {
        return new CertificateBuilder()
                .ecp256()
                .subject(subject)
                .notBefore(NOW.minus(Duration.ofDays(1)))
                .notAfter(NOW.plus(Duration.ofDays(1)));
    }

    X509Bundle ownBundle() {
        return bundle;
    }

    X509Certificate certificate() {
        return bundle.getCertificate();
    }

    /** What is sound for a node. */
    X509Bundle issue(String node) {
        return issue("CN=" + node, sound -> sound);
    }

    /** What is sound but for a change. */
    X509Bundle issue(String subject, UnaryOperator<CertificateBuilder> change) {
        return issuedBy(bundle, change.apply(sound(subject)));
    }

    static X509Bundle issuedBy(X509Bundle issuer, CertificateBuilder certificate) {
        try {
            return certificate.buildIssuedBy(issuer);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Whoever holds the bundle, trusting this CA. */
    TlsMaterial material(X509Bundle own) {
        return material(own, this);
    }

    static TlsMaterial material(X509Bundle own, TestCa... trusted) {
        try {
            return TlsMaterial.of(
                    key(own),
                    List.of(own.getCertificatePath()),
                    Stream.of(trusted).map(TestCa::certificate).toList());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static PrivateKey key(X509Bundle own) {
        return own.getKeyPair().getPrivate();
    }

    /** How a sound node of this CA is protected. */
    MutualTls tls(String node) {
        return MutualTls.with(sound.computeIfAbsent(node, id -> Certificates.fixed(material(issue(id)))));
    }

    /** Believes everybody, and shows what it was given whether or not the other end would believe it. */
    static SSLContext careless(X509Bundle shown) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", key(shown), PASSWORD, shown.getCertificatePath());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            return context(new StubbornKeys(keys));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Believes everybody, and shows nothing. */
    static SSLContext nameless() {
        return context();
    }

    private static SSLContext context(StubbornKeys... keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {new Gullible()}, null);
            return context;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static final class Gullible implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
