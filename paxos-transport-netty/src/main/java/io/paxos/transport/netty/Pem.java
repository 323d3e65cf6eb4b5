// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as OpenSSL writes them: Base64 between two lines that say what it is, anything around that. */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

    private Pem() {}

    private record Block(String type, byte[] content) {}

    /** All certificates of a text, in their order. */
    static List<X509Certificate> certificates(String text) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        for (Block block : blocks(text)) {
            if (block.type().equals("CERTIFICATE")) {
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content())));
            }
        }
        if (found.isEmpty()) {
            throw new CertificateException("no certificate in it; a PEM file has a line -----BEGIN CERTIFICATE-----");
        }
        return found;
    }

    /** The one private key of a text. */
    static PrivateKey privateKey(String text) throws GeneralSecurityException {
        List<Block> keys = blocks(text).stream()
                .filter(block -> block.type().endsWith("PRIVATE KEY"))
                .toList();
        if (keys.size() != 1) {
            throw new InvalidKeySpecException(
                    keys.size() + " private keys in it, where exactly one -----BEGIN PRIVATE KEY----- should be");
        }
        Block key = keys.get(0);
        if (!key.type().equals("PRIVATE KEY")) {
            throw new InvalidKeySpecException("it holds a key in the form \"" + key.type()
                    + "\", which is not read; convert it with: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
        }
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key.content()));
            } catch (InvalidKeySpecException notOfThisKind) {
                continue;
            }
        }
        throw new InvalidKeySpecException("its key is damaged or of another kind than " + KEY_ALGORITHMS);
    }

    private static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException notBase64) {
                // To whoever looks for a certificate or a key it is as if there were none.
                continue;
            }
        }
        return blocks;
    }
}
