// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of a node's durable state. A storage keeps what they add up to, as {@link RecoveredState} spells out; it
 * need not understand more than that.
 */
public sealed interface Write {

    /**
     * Where the node stands in the cluster: in forming it, and in the epochs of its decrees and registers since. Replaces
     * what was written before.
     *
     * @param bound the vector it is bound to, or null
     * @param formed the vector with which the cluster has formed, or null
     * @param renounced the vectors it will never infer to be formed
     * @param mark how far it has come through the epochs (rule 16); a store that begins anew under another identity begins
     *     with {@link EpochMark#FIRST}
     */
    record FormationWrite(
            @Nullable Membership bound, @Nullable Membership formed, List<Membership> renounced, EpochMark mark)
            implements Write {
        /** Copies the list. */
        public FormationWrite {
            renounced = List.copyOf(renounced);
        }

        /** Of a node that knows of no change. */
        public FormationWrite(@Nullable Membership bound, @Nullable Membership formed, List<Membership> renounced) {
            this(bound, formed, renounced, EpochMark.FIRST);
        }
    }

    /**
     * A promise for all slots of a log. Replaces the promise written before.
     *
     * @param group the log
     * @param promised the ballot promised
     */
    record PromiseWrite(GroupId group, Ballot promised) implements Write {}

    /**
     * Proposals of one ballot accepted in consecutive slots. Each replaces what the slot held; the promise becomes at
     * least the ballot.
     *
     * @param group the log
     * @param ballot the ballot accepted
     * @param first the slot of the first value
     * @param values the values, in the order of their slots
     */
    record AcceptWrite(GroupId group, Ballot ballot, long first, List<Value> values) implements Write {
        /** Copies the list. */
        public AcceptWrite {
            values = List.copyOf(values);
        }
    }

    /**
     * Decided values learned from a peer, for consecutive slots. Each replaces what the slot held.
     *
     * @param group the log
     * @param first the slot of the first value
     * @param values the decided values, in the order of their slots
     */
    record LearnWrite(GroupId group, long first, List<Value> values) implements Write {
        /** Copies the list. */
        public LearnWrite {
            values = List.copyOf(values);
        }
    }

    /**
     * What the slots hold up to here is decided. Replaces the mark written before.
     *
     * @param group the log
     * @param decided every slot up to here is decided
     */
    record DecidedWrite(GroupId group, long decided) implements Write {}

    /**
     * The state of the acceptor of one undecided decree. Replaces what was written for the name before.
     *
     * @param name the decree
     * @param promised the ballot promised
     * @param accepted the proposal accepted, or null
     */
    record DecreeWrite(
            DecreeName name, Ballot promised, @Nullable Proposal<Payload> accepted) implements Write {}

    /**
     * A decree is decided. Replaces what was written for the name before, for ever (rule 15).
     *
     * @param name the decree
     * @param value the chosen value
     */
    record DecreeDecidedWrite(DecreeName name, Payload value) implements Write {}

    /**
     * The state of the acceptor of one register. Replaces what was written for the name before. There is one for every
     * register ever asked about, for a register is never forgotten: one whose value was deleted still holds the promise.
     *
     * @param name the register
     * @param promised the ballot promised
     * @param accepted the proposal accepted, whose value is an encoded {@link io.paxos.model.RegisterState}, or null
     */
    record RegisterWrite(
            RegisterName name, Ballot promised, @Nullable Proposal<Payload> accepted) implements Write {}

    /**
     * The slots up to here may be forgotten, and are decided: a durable snapshot that ends at this slot or later stands
     * for them (rule 9). The promise stays as it is (rule 8). A lower mark than the one written before changes nothing.
     *
     * @param group the log
     * @param compacted nothing up to this slot is needed any more
     */
    record TrimWrite(GroupId group, long compacted) implements Write {}

    /**
     * The latest start of another node's store that this node has heard of; a store that turns up with an earlier one
     * was restored or copied (rule 7). Of this node's own store: a later or another start of it that this node was told
     * of, by which it stays a stranger for good. Replaces what was written for that store before.
     *
     * @param peer the node and its store
     * @param start the start, as {@link io.paxos.model.StartId} composes it; to a storage, a number to keep
     */
    record PeerStartWrite(Endpoint peer, long start) implements Write {}
}
