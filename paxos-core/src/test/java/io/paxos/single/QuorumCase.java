// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import io.paxos.model.NodeId;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A quorum system over the acceptors a0, a1, … together with its smallest quorums spelled out one by one, as sets of
 * bits, so that an oracle can look a quorum up instead of counting.
 */
record QuorumCase(String name, QuorumSystem system, int n, List<Integer> phase1, List<Integer> phase2) {

    /** One who is no member of any system. */
    static final NodeId STRANGER = NodeId.of("stranger");

    private static final List<NodeId> ACCEPTORS =
            Stream.of("a0", "a1", "a2", "a3", "a4").map(NodeId::of).toList();

    /** Majorities, and every flexible system that intersects, over n acceptors. */
    static List<QuorumCase> over(int n) {
        List<QuorumCase> cases = new ArrayList<>();
        int majority = IntStream.rangeClosed(1, n).filter(k -> k + k > n).min().orElseThrow();
        cases.add(new QuorumCase(
                "majority of " + n,
                MajorityQuorums.of(acceptors(n)),
                n,
                subsetsOf(n, majority),
                subsetsOf(n, majority)));
        for (int p1 = 1; p1 <= n; p1++) {
            for (int p2 = n + 1 - p1; p2 <= n; p2++) {
                cases.add(new QuorumCase(
                        p1 + "+" + p2 + " of " + n,
                        new FlexibleQuorums(new TreeSet<>(acceptors(n)), p1, p2),
                        n,
                        subsetsOf(n, p1),
                        subsetsOf(n, p2)));
            }
        }
        return cases;
    }

    /** Of those systems, one for each kind of phase-2 quorum: a learner never sees the others apart. */
    static List<QuorumCase> withDifferentPhase2(int n) {
        Map<List<Integer>, QuorumCase> cases = new LinkedHashMap<>();
        over(n).forEach(quorums -> cases.putIfAbsent(quorums.phase2(), quorums));
        return List.copyOf(cases.values());
    }

    private static List<NodeId> acceptors(int n) {
        return ACCEPTORS.subList(0, n);
    }

    private static List<Integer> subsetsOf(int n, int size) {
        return IntStream.range(0, 1 << n)
                .filter(set -> Integer.bitCount(set) == size)
                .boxed()
                .toList();
    }

    /** The acceptor of this number; the number n is a stranger. */
    NodeId node(int i) {
        return i == n ? STRANGER : ACCEPTORS.get(i);
    }

    static boolean contains(List<Integer> quorums, int voters) {
        for (int quorum : quorums) {
            if ((quorum & ~voters) == 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return name;
    }
}
