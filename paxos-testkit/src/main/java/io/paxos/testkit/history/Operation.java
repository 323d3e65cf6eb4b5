// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import org.jspecify.annotations.Nullable;

/**
 * One call as its caller knows it.
 *
 * @param client who called; only shown to people
 * @param input what was asked
 * @param invoked when, before anyone else could know of it
 * @param ending what the caller knows of the end
 * @param ended when the caller knew, or null if it never did
 * @param output the answer, or null if there was none
 * @param <I> what is asked
 * @param <O> what is answered
 */
public record Operation<I, O>(
        String client,
        I input,
        Moment invoked,
        Ending ending,
        @Nullable Moment ended,
        @Nullable O output) {

    /** What a caller knows of the end of its call. */
    public enum Ending {
        /** It was answered, so it took effect between invocation and answer. */
        RETURNED,
        /** It may have taken effect, or may still do so at any later time, or never. */
        UNKNOWN,
        /** It has no effect, now or later. */
        REFUSED
    }

    /**
     * Rejects what contradicts itself.
     *
     * @throws IllegalArgumentException if there is an answer without a return, or the other way round
     */
    public Operation {
        if ((ending == Ending.RETURNED) != (output != null) || (ending == Ending.RETURNED && ended == null)) {
            throw new IllegalArgumentException(
                    "a call has an answer, and a time of it, if and only if it returned, but " + input + " of " + client
                            + " is " + ending + " with the answer " + output + " at " + ended);
        }
    }

    /** The same call as its caller knows it before it ends. */
    Operation<I, O> open() {
        return new Operation<>(client, input, invoked, Ending.UNKNOWN, null, null);
    }

    @Override
    public String toString() {
        return client + ": " + input + " -> " + (ending == Ending.RETURNED ? output : ending);
    }
}
