// SPDX-License-Identifier: Apache-2.0
package io.paxos.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {

    private static final NodeId STRANGER = NodeId.of("stranger");

    /** Votes in every order that the sorted members allow, each vote twice, with a stranger's between them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void isReachedByTheVoteThatCompletesAQuorumAndStaysSo(int n) {
        for (QuorumSystem quorums : systems(n)) {
            for (Set<NodeId> subset : Subsets.of(quorums.members())) {
                Tally phase1 = Tally.phase1(quorums);
                Tally phase2 = Tally.phase2(quorums);
                Set<NodeId> voted = new HashSet<>();
                for (NodeId voter : subset) {
                    assertThat(phase1.has(voter)).isFalse();
                    assertThat(phase1.add(voter)).isTrue();
                    assertThat(phase2.add(voter)).isTrue();
                    assertThat(phase1.add(voter)).isFalse();
                    assertThat(phase2.add(voter)).isFalse();
                    assertThat(phase1.add(STRANGER)).isFalse();
                    assertThat(phase2.add(STRANGER)).isFalse();
                    voted.add(voter);
                    assertThat(phase1.has(voter)).isTrue();
                    assertThat(phase1.isReached()).isEqualTo(quorums.isPhase1Quorum(voted));
                    assertThat(phase2.isReached()).isEqualTo(quorums.isPhase2Quorum(voted));
                }
            }
        }
    }

    private static List<QuorumSystem> systems(int n) {
        List<QuorumSystem> systems = new ArrayList<>();
        systems.add(new MajorityQuorums(Subsets.members(n)));
        for (int phase1 = 1; phase1 <= n; phase1++) {
            for (int phase2 = n + 1 - phase1; phase2 <= n; phase2++) {
                systems.add(new FlexibleQuorums(Subsets.members(n), phase1, phase2));
            }
        }
        return systems;
    }

    @Test
    void halfOfAnEvenNumberIsNotReached() {
        for (int n = 2; n <= 8; n += 2) {
            Tally tally = Tally.phase2(new MajorityQuorums(Subsets.members(n)));
            for (int i = 1; i <= n / 2; i++) {
                tally.add(NodeId.of("n" + i));
            }
            assertThat(tally.isReached()).as("%s", tally).isFalse();
            tally.add(NodeId.of("n" + (n / 2 + 1)));
            assertThat(tally.isReached()).as("%s", tally).isTrue();
        }
    }

    @Test
    void nobodyIsNeverAQuorum() {
        for (QuorumSystem quorums : systems(3)) {
            assertThat(Tally.phase1(quorums).isReached()).isFalse();
            assertThat(Tally.phase2(quorums).isReached()).isFalse();
            assertThat(Tally.phase1(quorums).has(STRANGER)).isFalse();
        }
    }
}
