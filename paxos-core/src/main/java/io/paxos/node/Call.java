// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A call that waits for its answer. Safe for any thread. */
final class Call {

    /** Takes the answer of a call. */
    interface Answer {

        /**
         * Takes it; never blocks.
         *
         * @param callbacks runs what belongs to the caller
         */
        void take(Outcome outcome, Executor callbacks);

        /**
         * Applies the caller's function; only of a call that brought one. Never called twice at once.
         *
         * @param found the value, or null if there is none
         * @return what to set, or null to leave what is there
         */
        default RegisterChange.@Nullable Assign compute(@Nullable Payload found) {
            throw new IllegalStateException("this call brought nothing to compute " + found + " by");
        }
    }

    /** Where a call is: the machine sees no call that has been ended before, so that what was refused has no effect. */
    private enum Stage {
        ON_ITS_WAY,
        TAKEN,
        ENDED
    }

    private final @Nullable GroupId group;
    private final boolean effectful;
    private final Answer answer;
    private long number;
    private Stage stage = Stage.ON_ITS_WAY;

    /**
     * A call that has not been taken in yet.
     *
     * @param group the log it concerns, or null for a decree or a register
     * @param effectful whether it may change anything once it has been taken in
     * @param answer what takes the answer
     */
    Call(@Nullable GroupId group, boolean effectful, Answer answer) {
        this.group = group;
        this.effectful = effectful;
        this.answer = answer;
    }

    @Nullable
    GroupId group() {
        return group;
    }

    /** The call gets its number, before any other thread can meet it. */
    void opened(long newNumber) {
        number = newNumber;
    }

    long number() {
        return number;
    }

    /** The machine is about to see the call; false if it must not, for the call has been ended. */
    boolean take() {
        return enter(Stage.TAKEN);
    }

    synchronized boolean isTaken() {
        return stage == Stage.TAKEN;
    }

    private synchronized boolean enter(Stage next) {
        if (stage != Stage.ON_ITS_WAY) {
            return false;
        }
        stage = next;
        return true;
    }

    RegisterChange.@Nullable Assign compute(@Nullable Payload found) {
        return answer.compute(found);
    }

    void answer(Outcome outcome, Executor callbacks) {
        answer.take(outcome, callbacks);
    }

    /** Ends the call without an answer of the machine: unknown only if it may have, or still get, its effect. */
    void abandon(String detail, Executor callbacks) {
        boolean untouched = enter(Stage.ENDED);
        answer(
                !untouched && effectful
                        ? new Outcome.Unknown(detail)
                        : new Outcome.Refused(Outcome.Reason.STOPPED, detail),
                callbacks);
    }
}
