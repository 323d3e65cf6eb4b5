// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.D;
import static io.paxos.replica.Parts.E;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.OBSERVER;
import static io.paxos.replica.Parts.REBORN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a leader may conclude from whom it has heard: that it still has a quorum, and to whom it can hand over. */
class FollowersTest {

    private final Parts parts = new Parts();
    private final Followers followers = new Followers(parts.peers, 100);

    @Test
    void everyVoterCountsAsHeardWhenAnOfficeBeginsAndForSoManyTicksOnly() {
        assertThat(followers.heardWithin(30, 129)).containsExactlyInAnyOrder(ME, B, C);
        assertThat(followers.heardWithin(30, 130)).isEmpty();
        followers.heard(B, 110);
        followers.reached(C, 1, 111);
        followers.decided(ME, 1, 112);
        assertThat(followers.heardWithin(30, 139)).containsExactlyInAnyOrder(ME, B, C);
        assertThat(followers.heardWithin(30, 140)).containsExactlyInAnyOrder(C, ME);
        assertThat(followers.heardWithin(30, 141)).containsExactly(ME);
    }

    @Test
    void rule2_whoDoesNotVoteIsNeverCountedWhateverItSays() {
        followers.heard(REBORN, 200);
        followers.reached(REBORN, 9, 200);
        followers.decided(OBSERVER, 9, 200);
        assertThat(followers.heardWithin(30, 200)).isEmpty();
        assertThat(followers.decidedUpTo(1)).isEmpty();
        assertThat(followers.isNear(REBORN, 9, 4, 30, 200)).isFalse();
        assertThat(followers.best(30, 200)).isNull();
    }

    @Test
    void whoKnowsAllToBeDecidedUpToASlotHasSaidSoOrMore() {
        followers.decided(B, 5, 101);
        followers.decided(C, 7, 101);
        followers.reached(ME, 9, 101);
        assertThat(followers.decidedUpTo(5)).as("to hold is not to know").containsExactlyInAnyOrder(B, C);
        assertThat(followers.decidedUpTo(6)).containsExactly(C);
        followers.decided(C, 6, 102);
        assertThat(followers.decidedUpTo(7)).as("an answer that was overtaken").containsExactly(C);
        assertThat(followers.decidedUpTo(8)).isEmpty();
    }

    @Test
    void nearIsWhoHasAnsweredLatelyAndLacksNoMoreThanSoManySlots() {
        assertThat(followers.isNear(B, 0, 4, 30, 101)).as("it has not answered").isFalse();
        followers.reached(B, 6, 110);
        assertThat(followers.isNear(B, 10, 4, 30, 110)).isTrue();
        assertThat(followers.isNear(B, 11, 4, 30, 110)).as("too far behind").isFalse();
        assertThat(followers.isNear(B, 10, 4, 30, 139)).isTrue();
        assertThat(followers.isNear(B, 10, 4, 30, 140)).as("too long ago").isFalse();
    }

    @Test
    void theBestSuccessorIsTheFarthestOfThoseThatAnswer() {
        assertThat(followers.best(30, 101)).as("nobody has answered").isNull();
        followers.reached(ME, 9, 101);
        assertThat(followers.best(30, 101)).as("another is wanted").isNull();
        followers.reached(B, 5, 110);
        followers.decided(C, 5, 105);
        assertThat(followers.best(30, 110)).as("the first of equals").isEqualTo(B);
        followers.decided(C, 6, 105);
        assertThat(followers.best(30, 134)).isEqualTo(C);
        assertThat(followers.best(30, 135)).as("it was heard too long ago").isEqualTo(B);
        assertThat(followers.best(30, 140)).isNull();
    }

    @Test
    void whoHoldsNothingYetCanLeadAsWell() {
        followers.decided(C, 0, 101);
        assertThat(followers.best(30, 101)).isEqualTo(C);
    }

    @Test
    void whoIsBehindIsSoByItsOwnWordWhateverItHasAcceptedSince() {
        assertThat(followers.lags(9)).as("nobody has answered").isEmpty();
        followers.decided(B, 5, 101);
        followers.reached(B, 9, 102);
        followers.reached(C, 9, 102);
        assertThat(followers.lags(9)).containsOnlyKeys(B.node()).containsEntry(B.node(), 4L);
        followers.forgetDecided();
        followers.restarted(B);
        assertThat(followers.lags(3)).containsEntry(B.node(), 0L);
    }

    @Test
    void whoCannotBeReachedIsNoSuccessorUntilItAnswersAgain() {
        followers.reached(B, 5, 110);
        followers.reached(C, 9, 110);
        followers.lost(C.node());
        assertThat(followers.best(30, 110)).isEqualTo(B);
        assertThat(followers.isNear(C, 9, 4, 30, 110)).isFalse();
        followers.reached(C, 9, 111);
        assertThat(followers.best(30, 111)).isEqualTo(C);
    }

    @Test
    void rule10_whoComesCountsAsHeardAndWhoLeavesIsForgotten() {
        Parts small = new Parts(Parts.CONFIG.withAlpha(8));
        Followers changing = new Followers(small.peers, 100);
        changing.decided(B, 9, 101);
        small.peers.regimes().decide(5, Parts.changeTo(ME, D, E));
        small.peers.regimes().advance(12);
        changing.follow(150);
        assertThat(changing.heardWithin(30, 150)).containsExactlyInAnyOrder(D, E);
        assertThat(changing.decidedUpTo(0)).isEmpty();
        assertThat(changing.best(100, 150)).isNull();
        changing.decided(E, 3, 151);
        assertThat(changing.best(100, 151)).isEqualTo(E);
    }
}
