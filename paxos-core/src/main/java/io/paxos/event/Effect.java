// SPDX-License-Identifier: Apache-2.0
package io.paxos.event;

import io.paxos.message.Envelope;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node can want done. The host carries effects out in their order; a message that is a vote travels inside
 * the write it waits for, so that no host can send it early.
 */
public sealed interface Effect {

    /**
     * Make the writes durable, after all earlier ones; then, and only then, send. Without writes, wait for the earlier
     * ones. If the write fails, send nothing of this or any later Persist and report {@link Event.WriteFailed}.
     *
     * @param writes what to write, as one atomic batch or part of one
     * @param afterDurable the messages that say what the writes hold
     */
    record Persist(List<Write> writes, List<Envelope> afterDurable) implements Effect {
        /** Copies the lists. */
        public Persist {
            writes = List.copyOf(writes);
            afterDurable = List.copyOf(afterDurable);
        }
    }

    /**
     * Send now. An envelope addressed to the node itself comes back as {@link Event.Received}.
     *
     * @param envelope what to send
     */
    record Send(Envelope envelope) implements Effect {}

    /**
     * Execute decided values, in order, and report {@link Event.Applied}. The host may tell the callers of this node who
     * wait for them at once, from where it executes; then it says so in its report.
     *
     * @param group the log
     * @param first the slot of the first value
     * @param values the values, in the order of their slots
     * @param callers the calls that wait for the values, each in the place of its value, null where none does; empty if
     *     none does at all
     * @param awaited whether the machine has something to say as soon as it hears that they are executed, so that the
     *     report should not be kept until anything else happens
     */
    record Apply(GroupId group, long first, List<Value> values, List<@Nullable RequestId> callers, boolean awaited)
            implements Effect {
        /** Copies the values, and takes over the callers. */
        public Apply {
            values = List.copyOf(values);
            callers = Collections.unmodifiableList(callers);
        }

        /** Values for which no caller of this node waits. */
        public Apply(GroupId group, long first, List<Value> values) {
            this(group, first, values, List.of());
        }

        /** Values that nothing but these callers waits for. */
        public Apply(GroupId group, long first, List<Value> values, List<@Nullable RequestId> callers) {
            this(group, first, values, callers, false);
        }
    }

    /**
     * Replace what has been executed by the newest durable snapshot, in its place among the {@link Apply}s, and report
     * {@link Event.Applied}; the next values to execute are those behind it.
     *
     * @param group the log
     * @param snapshot the snapshot, or an older one than the newest: then the newest is used all the same
     */
    record Install(GroupId group, SnapshotInfo snapshot) implements Effect {}

    /**
     * Read a part of the snapshot asked for, or the first part of the newest if that one is not there, and report
     * {@link Event.ChunkRead}; where there is none, or too much to read already, do nothing: the peer asks again.
     *
     * @param group the log
     * @param to the peer
     * @param request what it asked for
     */
    record ReadChunk(GroupId group, Endpoint to, LogMessage.SnapshotRequest request) implements Effect {}

    /**
     * Store a part of a snapshot that is being received, behind those before it; one that begins at offset 0 begins a
     * snapshot anew. Report {@link Event.ChunkStored}, and after the last part, when the whole is durable and its checksum
     * has been found right, {@link Event.SnapshotStored}; or {@link Event.SnapshotFailed}.
     *
     * @param group the log
     * @param chunk the part
     */
    record StoreChunk(GroupId group, LogMessage.SnapshotChunk chunk) implements Effect {}

    /**
     * Throw away the parts of a snapshot that was being received.
     *
     * @param group the log
     */
    record AbandonSnapshot(GroupId group) implements Effect {}

    /**
     * Answer a call.
     *
     * @param request which one
     * @param outcome the answer
     */
    record Respond(RequestId request, Outcome outcome) implements Effect {}

    /**
     * This node's part in a log changed, or the leader it knows.
     *
     * @param group the log
     * @param role the part it plays now
     * @param ballot the ballot of that part
     * @param leader the leader it hears, itself included, or null
     */
    record RoleChanged(
            GroupId group,
            RoleName role,
            Ballot ballot,
            @Nullable NodeId leader) implements Effect {}

    /**
     * This node leads a log and has executed everything that phase 1 found, or does so no more. Whatever was acknowledged
     * to anyone before it asked for promises is in the state then.
     *
     * @param group the log
     * @param token the ballot at which it leads, which no other node has and which is higher than that of whoever led
     *     before; null if it leads no more
     */
    record LeadershipChanged(GroupId group, @Nullable Ballot token) implements Effect {}

    /**
     * Have a caller's function applied to the value of a register, and report {@link Event.Computed}. It may be asked for
     * again, with another value, after that; what is not reported holds the call up until its deadline, and nothing but
     * that register at this node.
     *
     * @param request the call that brought a {@link RegisterChange.Compute}
     * @param name the register
     * @param found the value, or null if there is none
     */
    record Compute(
            RequestId request, RegisterName name, @Nullable Payload found) implements Effect {}

    /**
     * This node has learned the decision of a decree.
     *
     * @param name the decree
     * @param value the chosen value
     */
    record DecreeDecided(DecreeName name, Payload value) implements Effect {}

    /**
     * The cluster has formed, as far as this node knows from now on.
     *
     * @param membership the vector it formed with
     * @param stranger null if this node is in the vector, else why its votes on decrees and registers do not count
     */
    record Formed(Membership membership, @Nullable String stranger) implements Effect {}

    /**
     * This node's votes no longer count, though they did as far as it knew: another start of its store is counted
     * (rule 7). It resigns any office and goes on as an observer.
     *
     * @param reason why, which start is counted, and how the cluster goes on
     */
    record TurnedStranger(String reason) implements Effect {}

    /**
     * Replicas of a log have executed the same commands and come to different states. Each that differs from more than half
     * of the voters stops by itself.
     *
     * @param group the log
     * @param odd who differs from more than half of the voters; empty if no result is that of more than half
     * @param detail where they differ, and what each has come to
     */
    record Diverged(GroupId group, Set<NodeId> odd, String detail) implements Effect {
        /** Copies the names. */
        public Diverged {
            odd = Set.copyOf(odd);
        }
    }

    /**
     * This node has learned that a log works at a higher feature level than it knew, by a decision or by a snapshot. Told once
     * in a start of the node, also where the log is closed and opened again.
     *
     * @param group the log
     * @param level the level in force
     */
    record LevelRaised(GroupId group, FeatureLevel level) implements Effect {}

    /**
     * Something can no longer go on. The process goes on, and so does whatever is not named.
     *
     * @param group the log that stopped, or null if the whole node did
     * @param reason what happened, where, and the remedy
     */
    record Halted(@Nullable GroupId group, String reason) implements Effect {}

    /**
     * The machine takes no part in a log any more, and has answered all calls that it knows of. What it has handed over to be
     * executed and is not executed yet is to be dropped; what is reported of it before the log is opened again counts for
     * nothing, and nothing of it may be reported afterwards.
     *
     * @param group the log
     */
    record GroupClosed(GroupId group) implements Effect {}

    /** The part a node plays in a log. */
    enum RoleName {
        /** Learns and never votes. */
        OBSERVER,
        /** Votes, and hears or awaits a leader. */
        FOLLOWER,
        /** Has sent Prepare and collects promises. */
        CANDIDATE,
        /** Proposes. */
        LEADER,
        /** Stopped for good until the node is restarted. */
        HALTED
    }
}
