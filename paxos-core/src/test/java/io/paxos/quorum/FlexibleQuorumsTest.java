// SPDX-License-Identifier: Apache-2.0
package io.paxos.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.paxos.model.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlexibleQuorumsTest {

    private static final Pattern TWO_QUORUMS = Pattern.compile(
            "quorums must intersect, but the phase-1 quorum \\[(.+)] and the phase-2 quorum \\[(.+)] share no member; "
                    + "choose sizes whose sum is at least (\\d+)");

    /** Whether sizes may be used is found by writing out all sets of these sizes and looking for two that do not meet. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void existsExactlyIfEveryPhase1QuorumMeetsEveryPhase2Quorum(int n) {
        Set<NodeId> members = Subsets.members(n);
        List<Set<NodeId>> subsets = Subsets.of(members);
        for (int phase1 = 1; phase1 <= n; phase1++) {
            for (int phase2 = 1; phase2 <= n; phase2++) {
                int p1 = phase1;
                int p2 = phase2;
                if (Subsets.allMeet(subsets, s -> s.size() == p1, s -> s.size() == p2)) {
                    assertQuorumsAreTheSetsOfTheirSize(new FlexibleQuorums(members, p1, p2), subsets);
                } else {
                    assertRefusalNamesTwoQuorumsThatDoNotMeet(members, p1, p2);
                }
            }
        }
    }

    private static void assertQuorumsAreTheSetsOfTheirSize(FlexibleQuorums quorums, List<Set<NodeId>> subsets) {
        for (Set<NodeId> subset : subsets) {
            Set<NodeId> withStranger = new HashSet<>(subset);
            withStranger.add(NodeId.of("stranger"));
            assertThat(quorums.isPhase1Quorum(subset)).isEqualTo(subset.size() >= quorums.phase1());
            assertThat(quorums.isPhase2Quorum(subset)).isEqualTo(subset.size() >= quorums.phase2());
            assertThat(quorums.isPhase1Quorum(withStranger)).isEqualTo(quorums.isPhase1Quorum(subset));
            assertThat(quorums.isPhase2Quorum(withStranger)).isEqualTo(quorums.isPhase2Quorum(subset));
        }
    }

    private static void assertRefusalNamesTwoQuorumsThatDoNotMeet(Set<NodeId> members, int p1, int p2) {
        Throwable refusal = catchThrowable(() -> new FlexibleQuorums(members, p1, p2));
        assertThat(refusal).isInstanceOf(IllegalArgumentException.class);
        Matcher named = TWO_QUORUMS.matcher(refusal.getMessage());
        assertThat(named.matches()).as(refusal.getMessage()).isTrue();
        Set<NodeId> one = nodes(named.group(1));
        Set<NodeId> other = nodes(named.group(2));

        assertThat(one).hasSize(p1).isSubsetOf(members).doesNotContainAnyElementsOf(other);
        assertThat(other).hasSize(p2).isSubsetOf(members);
        assertThat(Integer.parseInt(named.group(3))).isEqualTo(members.size() + 1);
    }

    private static Set<NodeId> nodes(String listed) {
        return Stream.of(listed.split(", ", -1)).map(NodeId::of).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 3 | a phase-1 quorum of 3 members must have 1 to 3 of them, not 0",
                "-1 | 3 | a phase-1 quorum of 3 members must have 1 to 3 of them, not -1",
                "4 | 3 | a phase-1 quorum of 3 members must have 1 to 3 of them, not 4",
                "3 | 0 | a phase-2 quorum of 3 members must have 1 to 3 of them, not 0",
                "3 | 4 | a phase-2 quorum of 3 members must have 1 to 3 of them, not 4",
                "2147483647 | 3 | a phase-1 quorum of 3 members must have 1 to 3 of them, not 2147483647"
            })
    void refusesSizesThatNoSetOfMembersHas(int phase1, int phase2, String message) {
        assertThatThrownBy(() -> new FlexibleQuorums(Subsets.members(3), phase1, phase2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void refusesToHaveNoMembers() {
        assertThatThrownBy(() -> new FlexibleQuorums(Set.of(), 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a quorum system needs at least one member");
    }

    @Test
    void describesItselfBySizesAndMembers() {
        Set<NodeId> members = Set.of(NodeId.of("n2"), NodeId.of("n1"), NodeId.of("n3"));
        assertThat(new FlexibleQuorums(members, 3, 1).description())
                .isEqualTo("phase 1: 3, phase 2: 1 of [n1, n2, n3]");
        assertThat(new FlexibleQuorums(members, 2, 2).description())
                .isNotEqualTo(MajorityQuorums.of(members).description());
    }
}
