// SPDX-License-Identifier: Apache-2.0
package io.paxos.event;

import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import org.jspecify.annotations.Nullable;

/** The answer to one call. Every call gets exactly one. */
public sealed interface Outcome {

    /**
     * The command was executed once.
     *
     * @param slot where
     * @param result its result
     */
    record Applied(long slot, Payload result) implements Outcome {}

    /**
     * This node's replica has executed everything that was acknowledged to anyone before the call, so what it holds now,
     * or later, may be read.
     *
     * @param slot the last slot executed, 0 if none
     */
    record Current(long slot) implements Outcome {}

    /**
     * A node leads the log, by this node's knowledge.
     *
     * @param leader who
     * @param ballot at which ballot
     */
    record Led(NodeId leader, Ballot ballot) implements Outcome {}

    /**
     * The membership is what was asked for, and governs: whoever left may be stopped.
     *
     * @param configuration the configuration in force
     * @param from the first slot that it governs
     */
    record Reconfigured(Configuration configuration, long from) implements Outcome {}

    /**
     * The value chosen for a decree.
     *
     * @param value the value
     */
    record Chosen(Payload value) implements Outcome {}

    /** When asked, no value had been chosen for the decree. */
    record Undecided() implements Outcome {}

    /**
     * The value of a register, at a moment between call and answer. To a change: it found this and left it so, and has no
     * effect, now or later.
     *
     * @param value the value, or null if there is none
     */
    record Held(@Nullable Payload value) implements Outcome {}

    /**
     * A register was changed once.
     *
     * @param value what the change made of it, or null if it took the value away
     */
    record Changed(@Nullable Payload value) implements Outcome {}

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
     * @param command under which id it can be settled, or null if it cannot
     */
    record Unknown(String detail, @Nullable CommandId command) implements Outcome {

        /** Something that cannot be settled. */
        public Unknown(String detail) {
            this(detail, null);
        }
    }

    /** The command that was asked about has not been applied, and never will be. */
    record Fenced() implements Outcome {}

    /** Why a call was refused. */
    enum Reason {
        /** A queue is full; try again later. */
        OVERLOADED,
        /** The deadline passed while the call certainly had no effect. */
        TIMEOUT,
        /** The node, or its replica of the group, is stopped, or the log was closed there. */
        STOPPED,
        /** The value is larger than configured. */
        TOO_LARGE,
        /** Somebody has had it settled that the command is never applied. */
        FENCED,
        /** Nothing fresh enough was to be had before the deadline passed. */
        STALE,
        /** This node does not lead the log; the detail names the leader, if one is known. */
        NOT_LEADER,
        /** The node named does not vote. */
        NOT_A_VOTER,
        /** Another change of membership does not govern yet; try again when it does. */
        CHANGE_UNDER_WAY,
        /** The change amends a version that is not the latest. */
        VERSION_OUTDATED,
        /** A node is named that is not known: to lead, to leave, though it does not belong; to vote, though never heard. */
        UNKNOWN_NODE,
        /** The change would leave nobody to vote, or voters for whom there are no quorums. */
        NO_QUORUM,
        /** The log's feature level does not allow it: the detail names who runs too old a library, or has not been heard. */
        FEATURE_LEVEL
    }
}
