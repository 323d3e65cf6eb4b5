package io.paxos.spi;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
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
 * @param formation where the node stands in forming the cluster
 * @param groups the state of each log ever written to
 * @param decrees the acceptors of undecided decrees
 * @param decided the decided decrees
 */
public record RecoveredState(
        Incarnation incarnation,
        Write.FormationWrite formation,
        Map<GroupId, Log> groups,
        Map<DecreeName, Write.DecreeWrite> decrees,
        Map<DecreeName, Payload> decided) {

    /** What a store that has just been created holds of the formation. */
    public static final Write.FormationWrite NOT_FORMED = new Write.FormationWrite(null, null, List.of());

    /** Checks that the identity is definite. */
    public RecoveredState {
        if (incarnation.equals(Incarnation.ANY)) {
            throw new IllegalArgumentException("a store needs a definite incarnation");
        }
        groups = Map.copyOf(groups);
        decrees = Map.copyOf(decrees);
    }

    /**
     * A store that has just been created.
     *
     * @param incarnation its identity
     * @return a state with nothing in it
     */
    public static RecoveredState empty(Incarnation incarnation) {
        return new RecoveredState(incarnation, NOT_FORMED, Map.of(), Map.of(), Map.of());
    }

    /**
     * The durable state of one log.
     *
     * @param promised the highest ballot promised
     * @param slots the proposal each slot holds; the ballot of one that was learned from a peer is
     *     {@link Ballot#ZERO}, for it was not accepted here
     * @param decided every slot up to here is decided
     */
    public record Log(Ballot promised, SortedMap<Long, Proposal<Value>> slots, long decided) {

        /** A log that was never written to. */
        public static final Log EMPTY = new Log(Ballot.ZERO, new TreeMap<>(), 0);

        /** Makes the map immutable without copying it. */
        public Log {
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
