package io.paxos.event;

import io.paxos.message.Envelope;
import io.paxos.message.LogMessage;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that can happen to a node. Time passes only as {@link Tick}. */
public sealed interface Event {

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
     */
    record Tick(LogTime now) implements Event {}

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
    record Agree(RequestId request, DecreeName name, Payload value, int ticks) implements Event {}

    /**
     * Find out whether a value has been chosen for a decree.
     *
     * @param request the call, answered with Chosen, Undecided or Refused
     * @param name the decree
     * @param ticks how long to try, in ticks
     */
    record Learn(RequestId request, DecreeName name, int ticks) implements Event {}

    /**
     * Wait until a value has been chosen for a decree.
     *
     * @param request the call, answered with Chosen or Refused
     * @param name the decree
     * @param ticks how long to wait, in ticks
     */
    record Await(RequestId request, DecreeName name, int ticks) implements Event {}

    /**
     * Take part in a log.
     *
     * @param group the log
     */
    record OpenGroup(GroupId group) implements Event {}

    /**
     * Execute a command, once.
     *
     * @param request the call, answered with Applied, Refused or Unknown
     * @param group the log
     * @param command the encoded command
     * @param ticks how long to try, in ticks
     */
    record Submit(RequestId request, GroupId group, Payload command, int ticks) implements Event {}

    /**
     * Put a barrier into the log, for a linearizable read.
     *
     * @param request the call, answered with Applied or Refused
     * @param group the log
     * @param ticks how long to try, in ticks
     */
    record Barrier(RequestId request, GroupId group, int ticks) implements Event {}

    /**
     * The host has executed slots of a log, in order and without a gap, or put a snapshot in their place.
     *
     * @param group the log
     * @param upTo the last slot executed
     * @param completions what became of the values that this start of this node put into the log
     */
    record Applied(GroupId group, long upTo, List<Completion> completions) implements Event {
        /** Copies the list. */
        public Applied {
            completions = List.copyOf(completions);
        }
    }

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
