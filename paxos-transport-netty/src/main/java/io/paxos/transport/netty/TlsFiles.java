// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;

/**
 * Certificates in PEM files, as OpenSSL, cert-manager and most others write them. The files are looked at before each
 * handshake and once in a while, and count as changed when their content has; replace them by renaming where you can, and
 * in any order: until all of them fit together, the old ones stay in use. A path may be a link.
 *
 * @param chain the certificate of the node, followed by the intermediate CAs, if there are any
 * @param key the private key of the node, PKCS#8 without a password ({@code -----BEGIN PRIVATE KEY-----}); keep it
 *     readable for the node only
 * @param trusted the certificates of the CAs that are trusted, one or several
 */
public record TlsFiles(Path chain, Path key, Path trusted) implements Certificates {

    /** More than this is no certificate. */
    private static final int MAX_BYTES = 1 << 20;

    /**
     * Names the files, without reading them yet.
     *
     * @param chain see {@link #chain()}
     * @param key see {@link #key()}
     * @param trusted see {@link #trusted()}
     * @return the source
     */
    public static TlsFiles of(Path chain, Path key, Path trusted) {
        return new TlsFiles(chain, key, trusted);
    }

    @Override
    public Object version() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : List.of(chain, key, trusted)) {
                // A digest of digests, so that what moves from one file to the next is a change.
                digest.update(MessageDigest.getInstance("SHA-256").digest(read(file)));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public TlsMaterial load() throws IOException, GeneralSecurityException {
        List<X509Certificate> own = certificates(chain);
        PrivateKey secret = privateKey();
        List<X509Certificate> cas = certificates(trusted);
        try {
            return TlsMaterial.of(secret, own, cas);
        } catch (GeneralSecurityException e) {
            throw new CertificateException(chain + " and " + key + ": " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> certificates(Path file) throws IOException, CertificateException {
        try {
            return Pem.certificates(text(file));
        } catch (CertificateException e) {
            throw new CertificateException(file + ": " + e.getMessage(), e);
        }
    }

    private PrivateKey privateKey() throws IOException, GeneralSecurityException {
        try {
            return Pem.privateKey(text(key));
        } catch (GeneralSecurityException e) {
            throw new CertificateException(key + ": " + e.getMessage(), e);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(read(file), StandardCharsets.ISO_8859_1);
    }

    private static byte[] read(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException(file + " is no file that can be read; correct the path, or its permissions");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(
                    file + " has " + Files.size(file) + " bytes, too many for certificates; correct the path");
        }
        return Files.readAllBytes(file);
    }

    @Override
    public String toString() {
        return "certificates in " + chain + ", " + key + " and " + trusted;
    }
}
