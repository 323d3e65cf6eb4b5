package io.paxos.node;

import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call that waits for its answer. Safe for any thread. */
final class Call {

    private final @Nullable GroupId group;
    private final boolean effectful;
    private final Consumer<Outcome> answer;
    private volatile boolean taken;

    /**
     * A call that has not been taken in yet.
     *
     * @param group the log it concerns, or null for a decree
     * @param effectful whether it may change anything once it has been taken in
     * @param answer what takes the answer; never blocks
     */
    Call(@Nullable GroupId group, boolean effectful, Consumer<Outcome> answer) {
        this.group = group;
        this.effectful = effectful;
        this.answer = answer;
    }

    @Nullable
    GroupId group() {
        return group;
    }

    /** The machine is about to see the call. */
    void take() {
        taken = true;
    }

    boolean isTaken() {
        return taken;
    }

    void answer(Outcome outcome) {
        answer.accept(outcome);
    }

    /** Ends the call without an answer of the machine: unknown only if it may have, or still get, its effect. */
    void abandon(String detail) {
        answer(taken && effectful ? new Outcome.Unknown(detail) : new Outcome.Refused(Outcome.Reason.STOPPED, detail));
    }
}
