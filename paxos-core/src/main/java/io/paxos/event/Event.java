// SPDX-License-Identifier: Apache-2.0
package io.paxos.event;

import io.paxos.message.Envelope;
import io.paxos.message.LogMessage;
import io.paxos.model.CommandId;
import io.paxos.model.DecidedChange;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that can happen to a node. Time passes only as {@link Tick}. */
public sealed interface Event {

    /** Somebody waits for the answer to this. */
    sealed interface Call extends Event {

        /**
         * By what the answer is known.
         *
         * @return the request that the answer names
         */
        RequestId request();
    }

    /**
     * A message arrived, from another node or from the node itself.
     *
     * @param envelope the message with its sender and addressee
     */
    record Received(Envelope envelope) implements Event {}

    /**
     * One unit of time has passed. All timeouts are counted in ticks.
     *
     * @param now the wall clock, used for nothing but the time that a leader writes into the log
     * @param nanos a monotonic clock in nanoseconds, read behind all events that the host hands over before this one. Only
     *     leases and bounded staleness go by it, and only by differences
     */
    record Tick(LogTime now, long nanos) implements Event {

        /** For a host whose monotonic clock nobody goes by. */
        public Tick(LogTime now) {
            this(now, 0);
        }
    }

    /**
     * The transport believes that a peer can be reached. A hint.
     *
     * @param peer which one
     */
    record PeerUp(NodeId peer) implements Event {}

    /**
     * The transport believes that a peer can no longer be reached. A hint.
     *
     * @param peer which one
     */
    record PeerDown(NodeId peer) implements Event {}

    /**
     * Choose a value for a decree.
     *
     * @param request the call, answered with Chosen, Refused or Unknown
     * @param name the decree
     * @param value the value to propose if the choice is free
     * @param ticks how long to try, in ticks
     */
    record Agree(RequestId request, DecreeName name, Payload value, int ticks) implements Call {}

    /**
     * Find out whether a value has been chosen for a decree.
     *
     * @param request the call, answered with Chosen, Undecided or Refused
     * @param name the decree
     * @param ticks how long to try, in ticks
     */
    record Learn(RequestId request, DecreeName name, int ticks) implements Call {}

    /**
     * Wait until a value has been chosen for a decree.
     *
     * @param request the call, answered with Chosen or Refused
     * @param name the decree
     * @param ticks how long to wait, in ticks
     */
    record Await(RequestId request, DecreeName name, int ticks) implements Call {}

    /**
     * Find out the value of a register.
     *
     * @param request the call, answered with Held or Refused
     * @param name the register
     * @param ticks how long to try, in ticks
     */
    record ReadRegister(RequestId request, RegisterName name, int ticks) implements Call {}

    /**
     * Change the value of a register, once.
     *
     * @param request the call, answered with Changed; with Held if the change leaves what it found; with Refused or Unknown
     * @param name the register
     * @param change what is to be made of it
     * @param ticks how long to try, in ticks
     */
    record ChangeRegister(RequestId request, RegisterName name, RegisterChange change, int ticks) implements Call {}

    /**
     * The host has done what {@link Effect.Compute} asked for.
     *
     * @param request the call whose change is computed
     * @param name the register
     * @param next what to set, or null to leave what is there
     */
    record Computed(RequestId request, RegisterName name, RegisterChange.@Nullable Assign next) implements Event {}

    /**
     * Take part in a log.
     *
     * @param group the log
     */
    record OpenGroup(GroupId group) implements Event {}

    /**
     * Take no part any more in a log, until it is opened again. Followed by {@link Effect.GroupClosed}, whatever state the
     * node is in.
     *
     * @param group the log
     */
    record CloseGroup(GroupId group) implements Event {}

    /**
     * Execute a command, once.
     *
     * @param request the call, answered with Applied, Refused or Unknown
     * @param group the log
     * @param command the encoded command
     * @param ticks how long to try, in ticks
     */
    record Submit(RequestId request, GroupId group, Payload command, int ticks) implements Call {}

    /**
     * Change who belongs to a log.
     *
     * @param request the call, answered with Reconfigured, Refused or Unknown
     * @param group the log
     * @param change what is to become of the membership
     * @param ticks how long to try, in ticks
     */
    record Reconfigure(RequestId request, GroupId group, MembershipChange change, int ticks) implements Call {}

    /**
     * Find out when this node's replica is as fresh as asked for: then its state may be read.
     *
     * @param request the call, answered with Current or Refused
     * @param group the log
     * @param freshness what must be in the state
     * @param ticks how long to try, in ticks
     */
    record Read(RequestId request, GroupId group, Freshness freshness, int ticks) implements Call {

        /** A linearizable read: everything must be in it that was acknowledged to anyone before now (rule 13). */
        public Read(RequestId request, GroupId group, int ticks) {
            this(request, group, Freshness.ACKNOWLEDGED, ticks);
        }
    }

    /**
     * Settle for good what became of a command: its result, or that it never will be applied.
     *
     * @param request the call, answered with Applied, Fenced, Refused or Unknown
     * @param group the log
     * @param command its id, whoever submitted it
     * @param ticks how long to try, in ticks
     */
    record Resolve(RequestId request, GroupId group, CommandId command, int ticks) implements Call {

        /**
         * Checks the id.
         *
         * @throws IllegalArgumentException if no command can have it
         */
        public Resolve {
            if (!Value.Command.isPossible(command)) {
                throw new IllegalArgumentException("no command has the id " + command
                        + ": sessions and their commands are counted from 1; resolve takes the id that came with the"
                        + " unknown outcome");
            }
        }
    }

    /**
     * Let another node lead a log that this node leads. Whoever is asked to takes over at once, without a lost command;
     * if it does not, this node goes on leading.
     *
     * @param request the call, answered with Led, Refused or Unknown
     * @param group the log
     * @param target who is to lead, or null for the best of the others
     * @param resign whether this node gives up its office even if nobody takes over
     * @param ticks how long to try, in ticks
     */
    record Transfer(
            RequestId request, GroupId group, @Nullable NodeId target, boolean resign, int ticks) implements Call {}

    /**
     * The node will be closed soon: it lets others lead what it leads, if they can. Nobody is told what came of it but by
     * {@link Effect.RoleChanged}.
     */
    record HandOver() implements Event {}

    /**
     * The host has executed slots of a log, in order and without a gap, or put a snapshot in their place.
     *
     * @param group the log
     * @param upTo the last slot executed
     * @param completions what became of the values that this start of this node put into the log
     * @param answered whether the host has told the callers whom {@link Effect.Apply} named, as far as their commands
     *     were executed now or earlier; if not, it is asked to by {@link Effect.Respond}
     * @param changes if a snapshot was put in the place of slots, the changes of membership that matter for the slots
     *     behind {@code upTo}, as the state says after that; else null
     * @param level if a snapshot was put in the place of slots, the level raised in them, as the state says after that
     */
    record Applied(
            GroupId group,
            long upTo,
            List<Completion> completions,
            boolean answered,
            @Nullable List<DecidedChange> changes,
            FeatureLevel level)
            implements Event {
        /** Copies the lists. */
        public Applied {
            completions = List.copyOf(completions);
            changes = changes == null ? null : List.copyOf(changes);
        }

        /** A snapshot was put in the place of slots in which no level was raised. */
        public Applied(
                GroupId group,
                long upTo,
                List<Completion> completions,
                boolean answered,
                @Nullable List<DecidedChange> changes) {
            this(group, upTo, completions, answered, changes, FeatureLevel.BASE);
        }

        /** Values were executed. */
        public Applied(GroupId group, long upTo, List<Completion> completions, boolean answered) {
            this(group, upTo, completions, answered, null);
        }

        /** Values were executed by a host that leaves all answers to the machine. */
        public Applied(GroupId group, long upTo, List<Completion> completions) {
            this(group, upTo, completions, false, null);
        }
    }

    /**
     * The host has executed the last slot of a stretch of which states are compared.
     *
     * @param group the log
     * @param digest what has come of it here
     */
    record Digested(GroupId group, StateDigest digest) implements Event {}

    /**
     * The user's {@code apply} threw (rule 12).
     *
     * @param group the log
     * @param slot where
     * @param command which command, or null if the slot holds none
     * @param problem what was thrown
     */
    record ApplyFailed(GroupId group, long slot, @Nullable CommandId command, String problem) implements Event {}

    /**
     * A part of a snapshot has been read for a peer.
     *
     * @param group the log
     * @param to the peer
     * @param chunk what to send it
     */
    record ChunkRead(GroupId group, Endpoint to, LogMessage.SnapshotChunk chunk) implements Event {}

    /**
     * A part of a snapshot that is being received has been stored; it need not be durable yet.
     *
     * @param group the log
     * @param snapshot of which snapshot
     * @param upTo the offset behind the part
     */
    record ChunkStored(GroupId group, SnapshotInfo snapshot, long upTo) implements Event {}

    /**
     * A snapshot is durable: taken here, or received whole.
     *
     * @param group the log
     * @param snapshot which one
     */
    record SnapshotStored(GroupId group, SnapshotInfo snapshot) implements Event {}

    /**
     * A snapshot could not be received. What had been stored of it is gone.
     *
     * @param group the log
     * @param problem what failed
     */
    record SnapshotFailed(GroupId group, String problem) implements Event {}

    /**
     * The node is about to be closed: it gives up any office, and says so, that the others need not wait until they miss
     * it. The last event; what it causes besides is not carried out any more.
     */
    record Close() implements Event {}

    /**
     * A write failed: nothing that waited for it or for a later one may ever be sent.
     *
     * @param problem what failed
     */
    record WriteFailed(String problem) implements Event {}
}
