// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

/** What a check came to. There are three answers, and only one of them is good. */
public sealed interface Verdict {

    /**
     * There is an order.
     *
     * @param operations how many calls were looked at, refused ones aside
     * @param parts how many parts they are about
     * @param steps how often the model was applied
     */
    record Linearizable(long operations, int parts, long steps) implements Verdict {}

    /**
     * There is none.
     *
     * @param failure the smallest part without one
     */
    record NotLinearizable(Failure failure) implements Verdict {}

    /**
     * It was not found out whether there is one.
     *
     * @param limit which limit was met
     * @param part the part that was looked at then
     * @param operations how many calls that part has
     */
    record LimitExceeded(String limit, Object part, int operations) implements Verdict {}

    /**
     * Whether there is an order.
     *
     * @return whether it is certain that there is
     */
    default boolean isLinearizable() {
        return this instanceof Linearizable;
    }

    /**
     * Goes on only if there is an order.
     *
     * @throws AssertionError if there is none, or it was not found out
     */
    default void orThrow() {
        if (this instanceof NotLinearizable not) {
            throw new AssertionError(not.failure().explanation());
        }
        if (this instanceof LimitExceeded limit) {
            throw new AssertionError("not found out whether it is linearizable: the " + limit.operations()
                    + " calls of part \"" + limit.part() + "\" take more than " + limit.limit()
                    + "; let fewer calls run at a time or end unknown, or raise the limits");
        }
    }
}
