// SPDX-License-Identifier: Apache-2.0
package io.paxos.quorum;

import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Every subset of some members, written out. */
final class Subsets {

    private Subsets() {}

    static Set<NodeId> members(int n) {
        Set<NodeId> members = new HashSet<>();
        for (int i = 1; i <= n; i++) {
            members.add(NodeId.of("n" + i));
        }
        return members;
    }

    static List<Set<NodeId>> of(Set<NodeId> members) {
        List<Set<NodeId>> subsets = new ArrayList<>();
        subsets.add(Set.of());
        for (NodeId member : members) {
            for (Set<NodeId> without : List.copyOf(subsets)) {
                Set<NodeId> with = new HashSet<>(without);
                with.add(member);
                subsets.add(with);
            }
        }
        return subsets;
    }

    static boolean meet(Set<NodeId> a, Set<NodeId> b) {
        return a.stream().anyMatch(b::contains);
    }

    /** Whether each set that one predicate takes for a quorum meets each one that the other takes for a quorum. */
    static boolean allMeet(List<Set<NodeId>> subsets, Predicate<Set<NodeId>> one, Predicate<Set<NodeId>> other) {
        List<Set<NodeId>> ones = subsets.stream().filter(one).toList();
        List<Set<NodeId>> others = subsets.stream().filter(other).toList();
        return ones.stream().allMatch(a -> others.stream().allMatch(b -> meet(a, b)));
    }
}
