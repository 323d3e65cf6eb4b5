package io.paxos.event;

import io.paxos.model.Payload;

/** The answer to one call. Every call gets exactly one. */
public sealed interface Outcome {

    /**
     * The command was executed once.
     *
     * @param slot where
     * @param result its result; empty for a barrier
     */
    record Applied(long slot, Payload result) implements Outcome {}

    /**
     * The value chosen for a decree.
     *
     * @param value the value
     */
    record Chosen(Payload value) implements Outcome {}

    /** When asked, no value had been chosen for the decree. */
    record Undecided() implements Outcome {}

    /**
     * Certainly without effect, now and later.
     *
     * @param reason the kind of refusal
     * @param detail what exactly, and what to do
     */
    record Refused(Reason reason, String detail) implements Outcome {}

    /**
     * May have had its effect, or may still have it.
     *
     * @param detail what is known
     */
    record Unknown(String detail) implements Outcome {}

    /** Why a call was refused. */
    enum Reason {
        /** A queue is full; try again later. */
        OVERLOADED,
        /** The deadline passed before the command left this node. */
        TIMEOUT,
        /** The node, or its replica of the group, is stopped. */
        STOPPED,
        /** The value is larger than configured. */
        TOO_LARGE
    }
}
