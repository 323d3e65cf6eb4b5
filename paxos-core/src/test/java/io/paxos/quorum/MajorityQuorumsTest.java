// SPDX-License-Identifier: Apache-2.0
package io.paxos.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MajorityQuorumsTest {

    private static final NodeId STRANGER = NodeId.of("stranger");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void aSetIsAQuorumExactlyIfItOutnumbersTheRest(int n) {
        Set<NodeId> members = Subsets.members(n);
        MajorityQuorums quorums = new MajorityQuorums(members);
        for (Set<NodeId> subset : Subsets.of(members)) {
            Set<NodeId> rest = new HashSet<>(members);
            rest.removeAll(subset);
            boolean expected = subset.size() > rest.size();
            Set<NodeId> withStranger = new HashSet<>(subset);
            withStranger.add(STRANGER);

            assertThat(quorums.isPhase1Quorum(subset)).isEqualTo(expected);
            assertThat(quorums.isPhase2Quorum(subset)).isEqualTo(expected);
            assertThat(quorums.isPhase1Quorum(withStranger)).isEqualTo(expected);
            assertThat(quorums.isPhase2Quorum(withStranger)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void anyTwoQuorumsMeetAndAllMembersAreOne(int n) {
        MajorityQuorums quorums = new MajorityQuorums(Subsets.members(n));

        assertThat(Subsets.allMeet(Subsets.of(quorums.members()), quorums::isPhase1Quorum, quorums::isPhase2Quorum))
                .isTrue();
        assertThat(quorums.isPhase1Quorum(quorums.members())).isTrue();
        assertThat(quorums.isPhase2Quorum(quorums.members())).isTrue();
    }

    @Test
    void refusesToHaveNoMembers() {
        assertThatThrownBy(() -> new MajorityQuorums(Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a quorum system needs at least one member");
    }

    @Test
    void keepsItsMembersWhateverBecomesOfTheSetGiven() {
        Set<NodeId> given = Subsets.members(3);
        MajorityQuorums quorums = new MajorityQuorums(given);
        given.clear();

        assertThat(quorums.members()).isEqualTo(Subsets.members(3));
        assertThatThrownBy(() -> quorums.members().add(STRANGER)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aMemberNamedTwiceCountsOnce() {
        NodeId a = NodeId.of("a");

        assertThat(MajorityQuorums.of(List.of(a, a, NodeId.of("b"))).isPhase2Quorum(Set.of(a)))
                .isFalse();
    }

    @Test
    void describesItselfAlikeInWhateverOrderTheMembersAreNamed() {
        MajorityQuorums quorums = MajorityQuorums.of(List.of(NodeId.of("n2"), NodeId.of("n1"), NodeId.of("n3")));
        assertThat(quorums.description()).isEqualTo("majority of [n1, n2, n3]");
    }
}
