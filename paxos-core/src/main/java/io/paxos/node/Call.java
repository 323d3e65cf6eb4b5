package io.paxos.node;

import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for its answer.
 *
 * @param group the log it concerns, or null for a decree
 * @param effectful whether it may change anything once it has left the mailbox, so that its end without an answer is
 *     unknown rather than refused
 * @param answer what takes the answer; never blocks
 */
record Call(@Nullable GroupId group, boolean effectful, Consumer<Outcome> answer) {

    /** Ends the call without an answer of the machine. */
    void abandon(String detail) {
        answer.accept(effectful ? new Outcome.Unknown(detail) : new Outcome.Refused(Outcome.Reason.STOPPED, detail));
    }
}
