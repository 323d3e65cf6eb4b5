// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

/** The other end does not keep to the protocol; the message says how, fit for a log and for the other end to read. */
final class BadFrame extends Exception {

    private static final long serialVersionUID = 1L;

    BadFrame(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
