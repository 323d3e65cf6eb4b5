// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.model.GroupId;

/**
 * Hears what a node does, for counters and histograms. What a meter wants to know of how things stand at a moment,
 * {@link PaxosNode#status} and {@link PaxosNode#load} tell; here is what would be over by then.
 *
 * <p>Called on the threads that do the node's work, several at a time: a method must return at once, must not block,
 * and must be safe for any thread. What it throws is logged, once, and takes the meter off the node; the node goes on.
 * While no meter is attached, nothing is measured and nothing is allocated for it.
 */
public interface NodeMeter {

    /** What became of a command, as its caller hears it. */
    enum CommandOutcome {
        /** It was executed, once. */
        APPLIED,
        /** It may have been executed, or may still be. */
        UNKNOWN,
        /** It was refused at once, because too much waits already. */
        OVERLOADED,
        /** Its deadline passed before it left this node. */
        TIMED_OUT,
        /** It was refused for another reason, and was certainly not executed. */
        REFUSED
    }

    /** A call about a decree or a register. To await a decree is not among them: how long that takes, others decide. */
    enum CallKind {
        /** {@link Decrees#agree(String, Object)}. */
        AGREE,
        /** {@link Decrees#learn(String)}. */
        LEARN,
        /** {@link Registers#get(String)}. */
        GET,
        /** Whatever sets, deletes or changes a register. */
        CHANGE
    }

    /** What became of a call about a decree or a register, as its caller hears it. */
    enum CallOutcome {
        /** It has its answer. */
        ANSWERED,
        /** It may have had its effect, or may still have it. */
        UNKNOWN,
        /** It was refused at once, because too much waits already. */
        OVERLOADED,
        /** Its deadline passed before it could have any effect. */
        TIMED_OUT,
        /** It was refused for another reason, and had certainly no effect. */
        REFUSED
    }

    /** What a read of a log was to guarantee; see {@link Consistency}. */
    enum ReadGuarantee {
        /** {@link Consistency#linearizable}, also where nothing is said. */
        LINEARIZABLE,
        /** {@link Consistency#lease}. */
        LEASE,
        /** {@link Consistency#atLeast}. */
        AT_LEAST,
        /** {@link Consistency#boundedBy}. */
        BOUNDED,
        /** {@link Consistency#local}. */
        LOCAL
    }

    /** What became of a snapshot. */
    enum SnapshotOutcome {
        /** Written by this node, and durable. */
        TAKEN,
        /** Fetched from a peer, and durable. */
        RECEIVED,
        /** Given up; the next one that is due or offered is tried again. */
        FAILED
    }

    /**
     * A command submitted at this node has its answer; its future completes next.
     *
     * @param group the log
     * @param outcome what became of it
     * @param nanos how long that took since it was submitted
     */
    default void commandAnswered(GroupId group, CommandOutcome outcome, long nanos) {}

    /**
     * A call about a decree or a register made at this node has its answer; its future completes next.
     *
     * @param kind what was asked for
     * @param outcome what became of it
     * @param nanos how long that took since the call
     */
    default void callAnswered(CallKind kind, CallOutcome outcome, long nanos) {}

    /**
     * A read of a log at this node has ended; its future completes next.
     *
     * @param group the log
     * @param guarantee what it was to guarantee
     * @param answered whether its query ran, and not whether it threw; false if it was refused
     * @param nanos how long that took since the call, the query included
     */
    default void readEnded(GroupId group, ReadGuarantee guarantee, boolean answered, long nanos) {}

    /**
     * A batch of writes has returned from the store.
     *
     * @param writes how many writes it held; 0 if it only made sure of earlier ones
     * @param nanos how long the store took, the force included
     * @param failed whether it failed, after which the node votes no more until it is restarted
     */
    default void wrote(int writes, long nanos, boolean failed) {}

    /**
     * The store has forced its journal to the device; only stores that say so, such as {@code FileStorage}, are heard.
     *
     * @param nanos how long that took
     */
    default void forced(long nanos) {}

    /**
     * Slots of a log have been executed here.
     *
     * @param group the log
     * @param first the first of them
     * @param slots how many, at least 1
     * @param nanos how long the state machine took for all of them
     */
    default void applied(GroupId group, long first, int slots, long nanos) {}

    /**
     * This node's part in a log, or the leader that it hears, has changed.
     *
     * @param group the log
     * @param role the part it plays now, which may be the one it played before
     */
    default void roleChanged(GroupId group, Effect.RoleName role) {}

    /**
     * A candidacy of this node has ended.
     *
     * @param group the log
     * @param won whether the node leads now
     * @param nanos how long it had been a candidate
     */
    default void electionEnded(GroupId group, boolean won, long nanos) {}

    /**
     * A snapshot has come to its end.
     *
     * @param group the log
     * @param outcome how
     * @param bytes how large it is; 0 if it failed
     */
    default void snapshotEnded(GroupId group, SnapshotOutcome outcome, long bytes) {}
}
