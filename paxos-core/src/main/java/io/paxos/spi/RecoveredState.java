// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a store holds: the sum of all writes.
 *
 * @param incarnation the identity of the store, drawn at random when it was created
 * @param start counts how often the store was opened, this time included: from 1 on, each time a greater one, durable
 *     before it is handed out (rule 7)
 * @param formation where the node stands in forming the cluster
 * @param peerStarts the latest start heard of each other node's store, and of this one if it is not this one's own; as
 *     {@link io.paxos.model.StartId} composes it
 * @param groups the state of each log ever written to
 * @param decrees the acceptors of undecided decrees
 * @param decided the decided decrees
 * @param registers the acceptors of registers
 */
public record RecoveredState(
        Incarnation incarnation,
        long start,
        Write.FormationWrite formation,
        Map<Endpoint, Long> peerStarts,
        Map<GroupId, Log> groups,
        Map<DecreeName, Write.DecreeWrite> decrees,
        Map<DecreeName, Payload> decided,
        Map<RegisterName, Write.RegisterWrite> registers) {

    /** What a store that has just been created holds of the formation. */
    public static final Write.FormationWrite NOT_FORMED = new Write.FormationWrite(null, null, List.of());

    /**
     * Checks that the identity is definite.
     *
     * @throws IllegalArgumentException if it is not, or if {@code start} is less than 1
     */
    public RecoveredState {
        if (incarnation.equals(Incarnation.ANY)) {
            throw new IllegalArgumentException("a store needs a definite incarnation");
        }
        if (start < 1) {
            throw new IllegalArgumentException("starts are counted from 1, not " + start);
        }
        peerStarts = Map.copyOf(peerStarts);
        groups = Map.copyOf(groups);
        decrees = Map.copyOf(decrees);
        registers = Map.copyOf(registers);
    }

    /**
     * A store that has just been created.
     *
     * @param incarnation its identity
     * @return a state with nothing in it
     */
    public static RecoveredState empty(Incarnation incarnation) {
        return new RecoveredState(incarnation, 1, NOT_FORMED, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
    }

    /**
     * The durable state of one log.
     *
     * @param promised the highest ballot promised
     * @param slots the proposal each slot holds; the ballot of one that was learned from a peer is
     *     {@link Ballot#ZERO}, for it was not accepted here
     * @param decided every slot up to here is decided, and held unless compacted
     * @param compacted every slot up to here is forgotten, at most {@code decided}
     * @param snapshot the newest snapshot, which ends at {@code compacted} or later, or null if there is none
     */
    public record Log(
            Ballot promised,
            SortedMap<Long, Proposal<Value>> slots,
            long decided,
            long compacted,
            @Nullable SnapshotInfo snapshot) {

        /** A log that was never written to. */
        public static final Log EMPTY = new Log(Ballot.ZERO, new TreeMap<>(), 0, 0, null);

        /**
         * Makes the map immutable without copying it.
         *
         * @throws IllegalArgumentException if slots are missing that neither the map nor a snapshot holds
         */
        public Log {
            if (compacted > decided || (compacted > 0 && (snapshot == null || snapshot.slot() < compacted))) {
                throw new IllegalArgumentException("forgotten up to slot " + compacted + ", decided up to " + decided
                        + ", but the snapshot is " + snapshot);
            }
            slots = Collections.unmodifiableSortedMap(slots);
        }

        /**
         * The proposal a slot holds.
         *
         * @param slot the slot
         * @return the proposal, or null
         */
        public @Nullable Proposal<Value> at(long slot) {
            return slots.get(slot);
        }
    }
}
