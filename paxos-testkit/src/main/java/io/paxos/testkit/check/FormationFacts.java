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
    private @Nullable Membership formed;
    private int[] voters = {};
    private boolean[] phase1 = {};
    private boolean[] phase2 = {};

    FormationFacts(Function<Set<NodeId>, QuorumSystem> quorums) {
        this.quorums = quorums;
    }

    void created(DurableState store) {
        // A copy of a store has its identity, but what the vector names is the store that bound itself.
        storeOf.putIfAbsent(store.incarnation(), store.index());
    }

    void bound(int store, Membership vector) {
        everBound.merge(vector, 1L << store, (a, b) -> a | b);
    }

    /** Takes a vector as the formed one: from now on the votes of its stores count, and only theirs. */
    void form(Membership vector) {
        formed = vector;
        QuorumSystem system = quorums.apply(vector.voters().keySet());
        NodeId[] names = vector.voters().keySet().toArray(NodeId[]::new);
        voters = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            voters[i] = store(vector, names[i]);
        }
        phase1 = new boolean[1 << names.length];
        phase2 = new boolean[1 << names.length];
        for (int set = 0; set < phase1.length; set++) {
            Set<NodeId> members = new HashSet<>();
            for (int i = 0; i < names.length; i++) {
                if ((set & (1 << i)) != 0) {
                    members.add(names[i]);
                }
            }
            phase1[set] = system.isPhase1Quorum(members);
            phase2[set] = system.isPhase2Quorum(members);
        }
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
        for (int voter : voters) {
            if (voter == store) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether these stores complete phase 1.
     *
     * @param stores one bit for each store
     * @return true if the voters among them are a phase-1 quorum
     */
    public boolean isPhase1(long stores) {
        return phase1.length > 0 && phase1[pack(stores)];
    }

    /**
     * Whether acceptance by these stores chooses.
     *
     * @param stores one bit for each store
     * @return true if the voters among them are a phase-2 quorum
     */
    public boolean isPhase2(long stores) {
        return phase2.length > 0 && phase2[pack(stores)];
    }

    private int pack(long stores) {
        int packed = 0;
        for (int i = 0; i < voters.length; i++) {
            if ((stores & (1L << voters[i])) != 0) {
                packed |= 1 << i;
            }
        }
        return packed;
    }
}
