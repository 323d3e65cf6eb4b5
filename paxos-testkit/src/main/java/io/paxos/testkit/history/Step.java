// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

/**
 * What one call does to a {@link Model}.
 *
 * @param state the state it leaves
 * @param output the answer
 * @param <S> the states
 * @param <O> the answers
 */
public record Step<S, O>(S state, O output) {}
