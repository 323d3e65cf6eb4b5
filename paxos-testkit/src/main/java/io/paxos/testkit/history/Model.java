// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

/**
 * What an object does when one caller at a time uses it: the specification that a history is held against. A model is
 * deterministic, without side effects, and may be used by several threads.
 *
 * @param <S> the states: immutable, with {@code equals} and {@code hashCode}
 * @param <I> what is asked: immutable, with {@code equals} and {@code hashCode}
 * @param <O> what is answered
 */
public interface Model<S, I, O> {

    /**
     * The state before any call.
     *
     * @return the state
     */
    S initial();

    /**
     * What one call does.
     *
     * @param state the state it meets
     * @param input what is asked
     * @return the state it leaves, the same object if it changes nothing, and the answer
     */
    Step<S, O> apply(S state, I input);

    /**
     * Whether an answer that a caller heard is the one that the model gives; to be overridden where a caller hears only
     * part of it.
     *
     * @param expected what the model answers
     * @param heard what the caller heard
     * @return whether they agree; if not said, whether they are equal
     */
    default boolean agrees(O expected, O heard) {
        return expected.equals(heard);
    }

    /**
     * Whether a call changes nothing, in whatever state. To say so saves the checker work, and means nothing else.
     *
     * @param input what is asked
     * @return whether it certainly changes nothing; if not said, nobody knows
     */
    default boolean isRead(I input) {
        return false;
    }

    /**
     * The part of the object that a call is about. Calls of different parts must have nothing to do with each other, as
     * those of different keys of a map: then a history is linearizable if the history of every part is, which is much
     * easier to find out. Every part begins in the initial state.
     *
     * @param input what is asked
     * @return names the part, by {@code equals}; if not said, there is only one
     */
    default Object part(I input) {
        return "";
    }
}
