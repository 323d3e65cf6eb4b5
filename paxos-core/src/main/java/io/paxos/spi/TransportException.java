// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

/** A transport could not start. The message names the address and the remedy. */
public final class TransportException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * With a cause.
     *
     * @param message what failed, with which value, and what to do
     * @param cause why
     */
    public TransportException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Without a cause.
     *
     * @param message what failed, with which value, and what to do
     */
    public TransportException(String message) {
        super(message);
    }
}
