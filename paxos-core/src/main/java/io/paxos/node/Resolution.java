// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.SlotToken;

/**
 * What became of a command, for good.
 *
 * @param <R> the results
 */
public sealed interface Resolution<R> {

    /**
     * It has been applied, once.
     *
     * @param result its result
     * @param token the slot in which it was
     * @param <R> the results
     */
    record Applied<R>(R result, SlotToken token) implements Resolution<R> {}

    /**
     * It has not been applied, and never will be.
     *
     * @param <R> the results
     */
    record Fenced<R>() implements Resolution<R> {}
}
