// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect.RoleName;
import io.paxos.model.NodeId;
import org.junit.jupiter.api.Test;

/** What the status of a log says of leaders that are missed, and of those who are behind. */
class StandingTest extends RestLab {

    private static NodeStatus.Group status(Lab.Node node) {
        return node.machine.status().groups().values().iterator().next();
    }

    @Test
    void whoHasHeardNoLeaderSinceItsStartSaysSo() {
        Lab.Node alone = lab.start("n1", lab.newDisk());
        lab.ticks(3 * FAILOVER);
        assertThat(status(alone).leaderlessTicks()).isEqualTo(-1);
    }

    @Test
    void nobodyIsWithoutALeaderHoweverLongTheLogRests() {
        start();
        lab.ticks(1000);
        assertThat(nodes).allSatisfy(node -> {
            assertThat(rests(node)).isTrue();
            assertThat(status(node).leaderlessTicks()).isZero();
        });
    }

    @Test
    void theTimeWithoutALeaderBeginsWhenItIsMissedAndEndsWithTheNext() {
        start();
        lab.ticks(1000);
        lab.lose(envelope -> true);
        lab.ticks(500);
        assertThat(nodes).allSatisfy(node -> assertThat(status(node).leaderlessTicks())
                .as("a leader that lost its quorum counts from then, not from the beginning of its office")
                .isBetween(500L - 3 * FAILOVER, 500L));
        long before = status(nodes.get(0)).leaderlessTicks();
        lab.ticks(1);
        assertThat(status(nodes.get(0)).leaderlessTicks()).isEqualTo(before + 1);
        lab.lose(envelope -> false);
        lab.ticks(2 * FAILOVER);
        assertThat(nodes)
                .allSatisfy(node -> assertThat(status(node).leaderlessTicks()).isZero());
    }

    @Test
    void aLeaderKnowsHowFarEachOtherVoterIs() {
        start();
        Lab.Node leader = leader();
        NodeId cut = followers().get(0).id;
        NodeId other = followers().get(1).id;
        leader.submit("a");
        lab.ticks(ELECTION);
        assertThat(status(leader).role()).isEqualTo(RoleName.LEADER);
        assertThat(status(leader).lags()).containsOnlyKeys(cut, other).allSatisfy((peer, lag) -> assertThat(lag)
                .isZero());
        lab.lose(envelope -> envelope.from().node().equals(cut));
        leader.submit("b");
        leader.submit("c");
        lab.ticks(ELECTION);
        assertThat(status(leader).lags())
                .as("one that answers no more is as far as it said last")
                .containsEntry(cut, 2L)
                .containsEntry(other, 0L);
        assertThat(status(followers().get(1)).lags()).isEmpty();
    }
}
