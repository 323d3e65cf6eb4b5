// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** Says in words fit for an operator, and for one line of a log, why TLS did not come about. */
final class TlsFailures {

    private static final int DEEPEST = 16;

    private TlsFailures() {}

    static String explain(Throwable failure) {
        Throwable deepest = failure;
        for (int depth = 0; depth < DEEPEST; depth++) {
            if (deepest instanceof CertificateExpiredException) {
                return "its certificate, or one that it rests on, has expired (" + text(deepest)
                        + "); renew it, or correct the clock";
            }
            if (deepest instanceof CertificateNotYetValidException) {
                return "its certificate, or one that it rests on, is not valid yet (" + text(deepest)
                        + "); correct the clock, or wait";
            }
            if (deepest instanceof CertPathBuilderException) {
                return "its certificate was not issued by a CA that is trusted here (" + text(deepest)
                        + "); correct the certificate, or the trusted CAs";
            }
            if (deepest instanceof SignatureException) {
                return "its certificate, or one that it rests on, is forged, or comes from another CA that has the name"
                        + " of one that is trusted here (" + text(deepest) + "); issue it anew";
            }
            Throwable cause = deepest.getCause();
            if (cause == null) {
                break;
            }
            deepest = cause;
        }
        return byMessage(text(deepest));
    }

    private static String byMessage(String message) {
        if (message.startsWith("Empty ") && message.endsWith("certificate chain")) {
            return "it shows no certificate, or has none of a CA that is trusted here (" + message + ")";
        }
        if (message.startsWith("Received fatal alert")) {
            return "it refuses TLS with this node (" + message + "); its log says why";
        }
        return "TLS failed: " + message;
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return Frames.printable(message == null ? failure.getClass().getName() : message);
    }
}
