// SPDX-License-Identifier: Apache-2.0
package io.paxos.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.NodeId;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoteMasksTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void answersLikeTheQuorumSystem(int n) {
        for (int phase2 = 1; phase2 <= n; phase2++) {
            FlexibleQuorums quorums = new FlexibleQuorums(Subsets.members(n), n, phase2);
            VoteMasks masks = new VoteMasks(quorums);
            for (Set<NodeId> subset : Subsets.of(quorums.members())) {
                long votes = 0;
                for (NodeId voter : subset) {
                    votes |= masks.bit(voter);
                }
                assertThat(Long.bitCount(votes))
                        .as("each member has a bit of its own")
                        .isEqualTo(subset.size());
                assertThat(masks.isPhase2Quorum(votes)).isEqualTo(quorums.isPhase2Quorum(subset));
                assertThat(masks.isPhase2Quorum(votes)).as("asked again").isEqualTo(quorums.isPhase2Quorum(subset));
            }
        }
    }

    @Test
    void aStrangerHasNoBit() {
        assertThat(new VoteMasks(new MajorityQuorums(Subsets.members(3))).bit(NodeId.of("stranger")))
                .isZero();
    }

    @Test
    void sixtyFourMembersFitAndNoMore() {
        VoteMasks widest = new VoteMasks(new MajorityQuorums(Subsets.members(64)));

        assertThat(widest.isPhase2Quorum(-1L)).isTrue();
        assertThat(widest.isPhase2Quorum(0xffff_ffffL)).as("32 of 64").isFalse();
        assertThat(widest.isPhase2Quorum(0x1_ffff_ffffL)).as("33 of 64").isTrue();
        assertThatThrownBy(() -> new VoteMasks(new MajorityQuorums(Subsets.members(65))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("at most 64 acceptors are supported, not 65");
    }
}
