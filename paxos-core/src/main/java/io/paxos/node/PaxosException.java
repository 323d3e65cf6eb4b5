// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Outcome;

/**
 * Why a call has no result. Its two kinds tell the one thing a caller must know: whether the call is certainly without
 * effect, or may have had one. Arguments that can never be right throw {@link IllegalArgumentException} instead.
 */
public abstract sealed class PaxosException extends RuntimeException permits RefusedException, UnknownOutcomeException {

    private static final long serialVersionUID = 1L;

    PaxosException(String message) {
        super(message);
    }

    PaxosException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The failure that an outcome is.
     *
     * @param outcome an answer of the machine that is not the one hoped for
     * @return the exception that says the same
     * @throws IllegalStateException if the outcome is a success, which no call of that kind can have
     */
    static PaxosException of(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return new RefusedException(refused.reason(), refused.detail());
        }
        if (outcome instanceof Outcome.Unknown unknown) {
            return new UnknownOutcomeException(unknown.detail(), unknown.command());
        }
        throw new IllegalStateException("an answer that does not fit the question: " + outcome);
    }
}
