// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.quorum.QuorumSystem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which stores were ever bound to which vector, and the vector with which the cluster formed. */
public final class FormationFacts {

    private final Function<Set<NodeId>, QuorumSystem> quorums;
    private final Map<Incarnation, Integer> storeOf = new HashMap<>();
    private final Map<Membership, Long> everBound = new HashMap<>();
    private final Set<Membership> everFormed = new HashSet<>();
    private @Nullable Membership formed;
    private @Nullable Constituency constituency;

    FormationFacts(Function<Set<NodeId>, QuorumSystem> quorums) {
        this.quorums = quorums;
    }

    void created(DurableState store) {
        // A copy of a store has its identity, but what the vector names is the store that bound itself.
        storeOf.putIfAbsent(store.incarnation(), store.index());
    }

    /**
     * The store that bears an identity; of several, because some are copies, the one that was first.
     *
     * @param incarnation the identity
     * @return its number, or -1 if no store ever bore it
     */
    public int storeOf(Incarnation incarnation) {
        return storeOf.getOrDefault(incarnation, -1);
    }

    void bound(int store, Membership vector) {
        everBound.merge(vector, 1L << store, (a, b) -> a | b);
    }

    /** Takes a vector as the formed one: from now on the votes of its stores count, and only theirs. */
    void form(Membership vector) {
        everFormed.add(vector);
        formed = vector;
        constituency = constituency(vector);
    }

    /** How the votes of a vector are counted. */
    Constituency constituency(Membership vector) {
        return new Constituency(
                vector,
                quorums.apply(vector.voters().keySet()),
                voter -> storeOf.getOrDefault(voter.incarnation(), -1));
    }

    /** Whether the configured rule has quorums over these nodes. */
    boolean isTenable(Set<NodeId> voters) {
        try {
            return quorums.apply(voters).members().equals(voters);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * How votes would be counted by a vector.
     *
     * @param vector who would vote
     * @return the same, or null if the configured rule has no quorums over them
     */
    public @Nullable Constituency tenable(Membership vector) {
        return isTenable(vector.voters().keySet()) ? constituency(vector) : null;
    }

    /**
     * How votes are counted by the formed vector.
     *
     * @return the same for as long as that vector stays, or null while the cluster has not formed
     */
    public @Nullable Constituency constituency() {
        return constituency;
    }

    private int store(Membership vector, NodeId name) {
        Integer store = storeOf.get(vector.voters().get(name));
        if (store == null) {
            throw new Violation("one formation", vector + " names a store that never existed, at " + name);
        }
        return store;
    }

    /**
     * The vector with which the cluster formed.
     *
     * @return the vector, or null while no node says that it formed
     */
    public @Nullable Membership formed() {
        return formed;
    }

    /**
     * Whether a store was ever durably bound to a vector.
     *
     * @param vector the vector
     * @param endpoint a voter of it
     * @return true if it was bound, even if it no longer is
     */
    public boolean wasBound(Membership vector, Endpoint endpoint) {
        Integer store = storeOf.get(endpoint.incarnation());
        return store != null && (everBound.getOrDefault(vector, 0L) & (1L << store)) != 0;
    }

    /**
     * Whether some store ever held durably that the cluster formed with a vector. What it said of that may arrive when it
     * is lost, and what was heard from it may become durable elsewhere only then.
     *
     * @param vector the vector
     * @return true if it did, even if that store is lost by now
     */
    public boolean everFormed(Membership vector) {
        return everFormed.contains(vector);
    }

    /**
     * Whether the cluster could still do all its work if these stores were lost: every vector with which it has formed,
     * or may yet turn out to have formed, keeps a quorum for both phases.
     *
     * @param lost one bit for each store
     * @return true if the rest suffices
     */
    public boolean survivesLossOf(long lost) {
        if (formed != null) {
            return holdsQuorums(formed, lost);
        }
        for (Membership vector : everBound.keySet()) {
            if (mayForm(vector, lost) && !holdsQuorums(vector, lost)) {
                return false;
            }
        }
        return true;
    }

    /** A lost store that was bound may have said so, and the others may yet bind themselves to the same vector. */
    private boolean mayForm(Membership vector, long lost) {
        for (Endpoint voter : vector.endpoints()) {
            boolean isLost = (lost & (1L << store(vector, voter.node()))) != 0;
            if (isLost && !wasBound(vector, voter)) {
                return false;
            }
        }
        return true;
    }

    private boolean holdsQuorums(Membership vector, long lost) {
        Set<NodeId> left = new HashSet<>();
        vector.voters().forEach((name, incarnation) -> {
            if ((lost & (1L << store(vector, name))) == 0) {
                left.add(name);
            }
        });
        QuorumSystem system = quorums.apply(vector.voters().keySet());
        return system.isPhase1Quorum(left) && system.isPhase2Quorum(left);
    }

    /**
     * Whether a store's votes count.
     *
     * @param store the number of the store
     * @return true if it is in the formed vector
     */
    public boolean isVoter(int store) {
        return constituency != null && constituency.isVoter(store);
    }

    /**
     * Whether these stores complete phase 1.
     *
     * @param stores one bit for each store
     * @return true if the voters among them are a phase-1 quorum
     */
    public boolean isPhase1(long stores) {
        return constituency != null && constituency.isPhase1(stores);
    }

    /**
     * Whether acceptance by these stores chooses.
     *
     * @param stores one bit for each store
     * @return true if the voters among them are a phase-2 quorum
     */
    public boolean isPhase2(long stores) {
        return constituency != null && constituency.isPhase2(stores);
    }
}
