// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Endpoint;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.quorum.QuorumSystem;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Whose votes count by one vector of incarnations, counted by stores: one bit for each, as the observer numbers them. */
public final class Constituency {

    private final Membership membership;
    private final int[] voters;
    private final boolean[] phase1;
    private final boolean[] phase2;

    Constituency(Membership membership, QuorumSystem system, ToIntFunction<Endpoint> storeOf) {
        this.membership = membership;
        NodeId[] names = membership.voters().keySet().toArray(NodeId[]::new);
        voters = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            voters[i] = storeOf.applyAsInt(new Endpoint(
                    names[i], Objects.requireNonNull(membership.voters().get(names[i]))));
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

    /**
     * Who votes.
     *
     * @return the vector
     */
    public Membership membership() {
        return membership;
    }

    /**
     * Whether a store's votes count.
     *
     * @param store the number of the store
     * @return true if it is a voter
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
        return phase1[pack(stores)];
    }

    /**
     * Whether acceptance by these stores chooses.
     *
     * @param stores one bit for each store
     * @return true if the voters among them are a phase-2 quorum
     */
    public boolean isPhase2(long stores) {
        return phase2[pack(stores)];
    }

    /**
     * Whether these stores can do all the work.
     *
     * @param stores one bit for each store
     * @return true if the voters among them are a quorum for either phase
     */
    public boolean suffices(long stores) {
        return isPhase1(stores) && isPhase2(stores);
    }

    private int pack(long stores) {
        int packed = 0;
        for (int i = 0; i < voters.length; i++) {
            if (voters[i] >= 0 && (stores & (1L << voters[i])) != 0) {
                packed |= 1 << i;
            }
        }
        return packed;
    }
}
