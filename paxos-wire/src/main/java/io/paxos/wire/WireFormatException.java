// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

/**
 * Bytes are not an envelope that this version understands. The message says what is wrong with them. Nothing has been
 * delivered or kept when it is thrown.
 */
public final class WireFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * With a cause.
     *
     * @param message what is wrong with the bytes
     * @param cause what found it out
     */
    public WireFormatException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Without a cause.
     *
     * @param message what is wrong with the bytes
     */
    public WireFormatException(String message) {
        super(message);
    }
}
