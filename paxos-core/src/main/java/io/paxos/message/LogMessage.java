// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages of Multi-Paxos: phase 1 for all slots at once, phase 2 for many slots in one message. */
public sealed interface LogMessage {

    /**
     * Hands this message to the method of the handler that bears its name.
     *
     * @param handler whose method is called
     * @param <R> what the handler returns
     * @return what the handler returned
     */
    <R> R dispatch(LogMessageHandler<R> handler);

    /**
     * Whether this message belongs to the bulk that may wait or be dropped first (rule 18).
     *
     * @return true for bulk
     */
    default boolean isBulk() {
        return false;
    }

    /**
     * Whether this is heard from a store that is known not to be counted any more, as {@link Message#isOpen} says.
     *
     * @return true if an observer may say this
     */
    default boolean isOpen() {
        return false;
    }

    /**
     * About how many bytes this message takes.
     *
     * @return an estimate in bytes, at least 1
     */
    default int weight() {
        return 128;
    }

    private static int weigh(List<Value> values) {
        int sum = 128;
        for (Value value : values) {
            sum += value.weight();
        }
        return sum;
    }

    /**
     * Phase 1a for every slot from {@code from} on. Asked again with a later slot, it fetches the next part of the
     * same promise.
     *
     * @param ballot the candidate's ballot
     * @param from the first slot asked about
     */
    record Prepare(Ballot ballot, long from) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onPrepare(this);
        }
    }

    /**
     * Phase 1b: one part of a promise. It reports every proposal accepted in {@code slots}, those already decided
     * included; the promise is complete, and counts, when parts from the first slot asked on join without a gap up to
     * one that is {@code last} (rule 3). A vote: it leaves only when it is durable.
     *
     * @param ballot the ballot promised
     * @param slots the slots this part speaks for; if {@code last}, it speaks for all later slots too
     * @param last whether nothing is accepted beyond this part
     * @param compacted every slot up to here may have been forgotten; a candidate proposes nothing there (rule 3)
     * @param decided every slot up to here is known to be decided by the sender
     * @param accepted the proposals, in the order of their slots; for slots up to {@code decided}, the decided values
     */
    record Promise(
            Ballot ballot, SlotRange slots, boolean last, long compacted, long decided, List<SlotProposal> accepted)
            implements LogMessage {
        /** Copies the list. */
        public Promise {
            accepted = List.copyOf(accepted);
        }

        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onPromise(this);
        }

        @Override
        public int weight() {
            int sum = 192;
            for (SlotProposal p : accepted) {
                sum += 32 + p.proposal().value().weight();
            }
            return sum;
        }
    }

    /**
     * Phase 2a for consecutive slots, one value each.
     *
     * @param ballot the leader's ballot
     * @param first the slot of the first value
     * @param values the values, in the order of their slots
     * @param decided every slot up to here is decided, by this ballot as far as the leader proposed there (rule 4)
     */
    record Accept(Ballot ballot, long first, List<Value> values, long decided) implements LogMessage {
        /** Copies the list. */
        public Accept {
            values = List.copyOf(values);
        }

        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onAccept(this);
        }

        @Override
        public boolean isBulk() {
            return true;
        }

        @Override
        public int weight() {
            return weigh(values);
        }

        /**
         * The slots of the values.
         *
         * @return from {@code first}, as many as there are values
         */
        public SlotRange slots() {
            return new SlotRange(first, first + values.size());
        }
    }

    /**
     * Phase 2b for consecutive slots. A vote: it leaves only when it is durable.
     *
     * @param ballot the ballot accepted
     * @param slots the slots in which the proposals of that ballot were accepted
     */
    record Accepted(Ballot ballot, SlotRange slots) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onAccepted(this);
        }
    }

    /**
     * Refused: a higher ballot has been promised. Nothing is counted from it.
     *
     * @param ballot the ballot refused
     * @param promised the higher one
     */
    record Nack(Ballot ballot, Ballot promised) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onNack(this);
        }
    }

    /**
     * The leader's word that slots are decided, sent where no Accept carries it.
     *
     * @param ballot the leader's ballot
     * @param decided every slot up to here is decided, by this ballot as far as the leader proposed there (rule 4)
     */
    record Decide(Ballot ballot, long decided) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onDecide(this);
        }
    }

    /**
     * The leader is alive.
     *
     * @param ballot the leader's ballot
     * @param decided as in {@link Decide}
     */
    record Heartbeat(Ballot ballot, long decided) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onHeartbeat(this);
        }
    }

    /**
     * The sender hears this leader and has promised nothing higher.
     *
     * @param ballot the leader's ballot
     * @param decided every slot up to here is decided at the sender
     */
    record HeartbeatAck(Ballot ballot, long decided) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onHeartbeatAck(this);
        }
    }

    /**
     * The leader gives up its office at once; nobody need wait for it to time out.
     *
     * @param ballot the ballot at which the sender led
     */
    record Resign(Ballot ballot) implements LogMessage {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onResign(this);
        }
    }

    /**
     * The leader hands its office over: the addressee is to ask for promises at once, though it hears a live leader. The
     * sender proposes nothing new until it is superseded or has waited long enough.
     *
     * @param ballot the ballot at which the sender leads
     * @param upTo the last slot that the sender has proposed in; who holds less would only have to learn it in phase 1
     */
    record TakeOver(Ballot ballot, long upTo) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onTakeOver(this);
        }
    }

    /**
     * The leader asks a voter to promise nothing to anyone else for a while (rule 14).
     *
     * @param ballot the ballot at which the sender leads
     * @param count numbers the questions of this ballot, from 1
     */
    record LeaseRequest(Ballot ballot, long count) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onLeaseRequest(this);
        }
    }

    /**
     * A voter's word that it promises nothing to anyone else for as long as all nodes are configured to. It leaves only
     * when the promise of this ballot is durable.
     *
     * @param ballot the ballot of the leader that asked
     * @param count its question
     */
    record LeaseGrant(Ballot ballot, long count) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onLeaseGrant(this);
        }
    }

    /**
     * The leader relies no more on what it has asked for: voters are free of their word.
     *
     * @param ballot the ballot at which the sender leads
     * @param count the last question whose answers it does not rely on
     */
    record LeaseEnd(Ballot ballot, long count) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onLeaseEnd(this);
        }
    }

    /**
     * Would you promise me? Asked before a campaign, so that it disturbs nobody who hears a live leader (rule 17).
     *
     * @param probe marks the round of questions
     * @param decided every slot up to here is decided at the sender
     * @param priority the sender's priority; higher goes first
     */
    record Canvass(Probe probe, long decided, int priority) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onCanvass(this);
        }
    }

    /**
     * The answer to a {@link Canvass}. Not a vote.
     *
     * @param probe the question answered
     * @param supports whether the sender hears no leader and would promise
     * @param leader the leader the sender hears, or knows a way to through another peer, or null
     * @param highest the highest ballot the sender has promised
     * @param decided every slot up to here is decided at the sender
     */
    record CanvassReply(
            Probe probe, boolean supports, @Nullable NodeId leader, Ballot highest, long decided)
            implements LogMessage {

        /**
         * The same from somebody who does not support it.
         *
         * @return the answer of somebody who is bound otherwise
         */
        public CanvassReply withoutSupport() {
            return new CanvassReply(probe, false, leader, highest, decided);
        }

        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onCanvassReply(this);
        }
    }

    /**
     * Asks any peer for decided values.
     *
     * @param from the first slot missing
     * @param maxBytes about how much the answer may weigh
     */
    record CatchUpRequest(long from, int maxBytes) implements LogMessage {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onCatchUpRequest(this);
        }
    }

    /**
     * Decided values of consecutive slots.
     *
     * @param first the slot of the first value
     * @param values the decided values; empty if the sender has none from the slot asked for on
     * @param decided every slot up to here is decided at the sender
     * @param compacted every slot up to here is forgotten at the sender
     */
    record CatchUpReply(long first, List<Value> values, long decided, long compacted) implements LogMessage {
        /** Copies the list. */
        public CatchUpReply {
            values = List.copyOf(values);
        }

        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onCatchUpReply(this);
        }

        @Override
        public boolean isBulk() {
            return true;
        }

        @Override
        public int weight() {
            return weigh(values);
        }
    }

    /**
     * Asks a peer for a part of a snapshot, because what is missing has been forgotten there (rule 9).
     *
     * @param snapshot which one, or null for the newest that the peer has
     * @param offset where the part begins, in bytes from the beginning of the snapshot
     * @param maxBytes about how much the answer may carry
     */
    record SnapshotRequest(@Nullable SnapshotInfo snapshot, long offset, int maxBytes) implements LogMessage {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onSnapshotRequest(this);
        }
    }

    /**
     * A part of a snapshot: of the one asked for, or, if the sender does not have that one, of its newest.
     *
     * @param snapshot which one
     * @param offset where the part begins
     * @param checksum the CRC32C of the bytes of this part
     * @param bytes the part, not empty
     */
    record SnapshotChunk(SnapshotInfo snapshot, long offset, long checksum, Payload bytes) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onSnapshotChunk(this);
        }

        @Override
        public boolean isBulk() {
            return true;
        }

        @Override
        public int weight() {
            return 192 + bytes.size();
        }

        /**
         * Where the part ends.
         *
         * @return the offset behind its last byte
         */
        public long end() {
            return offset + bytes.size();
        }
    }

    /**
     * Values that callers at other nodes want proposed. The leader stamps its own time on them.
     *
     * @param values what to propose, in the order of submission
     * @param hops how many more nodes may pass this on
     */
    record Forward(List<Value> values, int hops) implements LogMessage {
        /** Copies the list. */
        public Forward {
            values = List.copyOf(values);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onForward(this);
        }

        @Override
        public boolean isBulk() {
            return true;
        }

        @Override
        public int weight() {
            return weigh(values);
        }
    }

    /**
     * Up to where may anything have been chosen? Asked of all voters in one round for all the reads that came before it
     * (rule 13). Reads that come later need another round, and so does whoever asks again.
     *
     * @param probe marks the round
     * @param hops through how many more nodes a quorum may be asked; if more than none, whoever is asked also asks the
     *     others in a round of its own, for the sender may not reach them (rule 17)
     */
    record ReadQuery(Probe probe, int hops) implements LogMessage {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onReadQuery(this);
        }
    }

    /**
     * The answer to a {@link ReadQuery}. It waits for no write: to count what is not durable yet makes a read wait a
     * little longer, and nothing else.
     *
     * @param probe the round answered
     * @param highest beyond this slot the sender has accepted nothing, knows nothing decided and has forgotten nothing;
     *     or so it heard from others
     * @param decided every slot up to here is known to be decided by the sender
     * @param quorum whether {@code highest} is the highest that a phase-1 quorum answered in a round that the sender
     *     began when it was asked; if not, the sender speaks for itself alone
     */
    record ReadReply(Probe probe, long highest, long decided, boolean quorum) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onReadReply(this);
        }
    }

    /**
     * Asks the leader to leave no slot free up to one, because a read waits for it: some acceptor holds a proposal there
     * that the leader has never heard of. What has no command gets a no-op.
     *
     * @param upTo the last slot to be closed
     * @param hops how many more nodes may pass this on
     */
    record CloseSlots(long upTo, int hops) implements LogMessage {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onCloseSlots(this);
        }
    }

    /**
     * What the sender has made of a stretch of the log, so that whoever makes something else of the same commands is found.
     *
     * @param digest the stretch and its checksum
     */
    record Compare(StateDigest digest) implements LogMessage {
        @Override
        public <R> R dispatch(LogMessageHandler<R> handler) {
            return handler.onCompare(this);
        }
    }
}
