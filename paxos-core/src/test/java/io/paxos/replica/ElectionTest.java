// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.ballot;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Ballot;
import org.junit.jupiter.api.Test;

/** When a node asks for the leader's office, to the tick. */
class ElectionTest {

    private final Parts.Draws draws = new Parts.Draws();

    private Election at(long now) {
        return new Election(Parts.CONFIG, draws, now);
    }

    private static void assertDueAt(Election election, long tick) {
        assertThat(election.isDue(tick - 1)).as("before tick %s", tick).isFalse();
        assertThat(election.isDue(tick)).as("at tick %s", tick).isTrue();
    }

    @Test
    void theFirstElectionComesSoonAndNotForAllAtOnce() {
        assertDueAt(at(100), 101);
        draws.largest();
        assertDueAt(at(100), 110);
    }

    @Test
    void aLeaderIsHeardForSoLongAndThenElectionsAreDue() {
        Election election = at(0);
        assertThat(election.heard(ballot(1, B), 50)).isTrue();
        assertThat(election.leader()).isEqualTo(B.node());
        assertThat(election.leaderBallot()).isEqualTo(ballot(1, B));
        assertThat(election.hearsLeader(79)).isTrue();
        assertThat(election.hearsLeader(80)).isFalse();
        assertDueAt(election, 80);
        draws.largest();
        assertThat(election.heard(ballot(1, B), 60)).as("the same as before").isFalse();
        assertDueAt(election, 99);
    }

    @Test
    void anOlderLeaderIsNotListenedToAndANewerIsAnother() {
        Election election = at(0);
        election.heard(ballot(2, B), 50);
        assertThat(election.heard(ballot(1, C), 60)).isFalse();
        assertThat(election.leader()).isEqualTo(B.node());
        assertDueAt(election, 80);
        assertThat(election.heard(ballot(3, C), 70)).isTrue();
        assertThat(election.leader()).isEqualTo(C.node());
        assertDueAt(election, 100);
    }

    @Test
    void aLeaderThatIsLostIsMissedSoonByThoseWhoDrawLow() {
        Election election = at(0);
        election.heard(ballot(1, B), 50);
        election.lost(60);
        assertThat(election.leader()).isNull();
        assertThat(election.hearsLeader(60)).isFalse();
        assertThat(election.leaderBallot()).isEqualTo(ballot(1, B));
        assertDueAt(election, 61);
        draws.largest();
        election.lost(60);
        assertDueAt(election, 63);
        assertThat(election.heard(ballot(1, B), 70)).as("back again").isTrue();
    }

    @Test
    void howLongToWaitForAnotherTry() {
        Election election = at(0);
        assertThat(election.leaderBallot()).isEqualTo(Ballot.ZERO);
        election.postpone(100);
        assertDueAt(election, 130);
        election.retrySoon(100);
        assertDueAt(election, 105);
        election.hurry(100);
        assertDueAt(election, 101);
        draws.largest();
        election.postpone(100);
        assertDueAt(election, 139);
        election.retrySoon(100);
        assertDueAt(election, 114);
    }
}
