// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

/**
 * What a client hears of a command.
 *
 * @param <R> the results
 */
public sealed interface Answer<R> {

    /**
     * The command was executed, once.
     *
     * @param result its result
     * @param slot where in the log
     * @param <R> the results
     */
    record Applied<R>(R result, long slot) implements Answer<R> {}

    /**
     * The command was not executed and never will be.
     *
     * @param reason why
     * @param <R> the results
     */
    record Refused<R>(String reason) implements Answer<R> {}

    /**
     * The command may have been executed, or may still be: the time was over, or the node that was asked crashed.
     *
     * @param reason what is known
     * @param <R> the results
     */
    record Unknown<R>(String reason) implements Answer<R> {}
}
