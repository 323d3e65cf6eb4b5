// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.CONFIG;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import org.junit.jupiter.api.Test;

/** When the successor is told, how often, and how long a leader waits for it. */
class HandOverTest {

    private static final Ballot BALLOT = Parts.ballot(1, ME);
    private static final long DEADLINE = 140;

    private final Parts parts = new Parts();
    private final Followers followers = new Followers(parts.peers, 100);
    private final HandOver handOver = new HandOver(
            B, BALLOT, new LeaseHolder(parts.peers, parts.outbox, CONFIG, BALLOT), CONFIG, parts.outbox, DEADLINE);

    /** Everything up to slot 10 is decided, and up to 12 proposed. */
    private void advance(long now) {
        handOver.advance(followers, 10, 12, now);
    }

    private void assertTold() {
        assertThat(parts.said()).containsExactly(said(B, new LogMessage.TakeOver(BALLOT, 12)));
    }

    @Test
    void theSuccessorIsToldWhenItLacksNoMoreThanAWindow() {
        advance(101);
        followers.reached(B, 9 - CONFIG.windowSlots(), 102);
        advance(102);
        assertThat(parts.said()).isEmpty();
        assertThat(handOver.isHeld()).as("commands go on being proposed").isFalse();
        followers.reached(B, 10 - CONFIG.windowSlots(), 103);
        advance(103);
        assertTold();
        assertThat(handOver.isHeld()).isTrue();
    }

    @Test
    void theInvitationMayGetLostSoItIsRepeatedWithEveryHeartbeat() {
        followers.reached(B, 10, 103);
        advance(103);
        assertTold();
        advance(103 + CONFIG.heartbeatTicks() - 1);
        assertThat(parts.said()).isEmpty();
        advance(103 + CONFIG.heartbeatTicks());
        assertTold();
        advance(103 + CONFIG.heartbeatTicks() + 1);
        assertThat(parts.said()).isEmpty();
    }

    @Test
    void whoDoesNotComeNearInTimeIsNotWaitedFor() {
        assertThat(handOver.isOver(DEADLINE - 1)).isFalse();
        assertThat(handOver.isOver(DEADLINE)).isTrue();
    }

    @Test
    void whoWasToldHasAnElectionTimeoutToTakeOverWhateverTheDeadlineWas() {
        followers.reached(B, 10, 130);
        advance(130);
        assertThat(handOver.isOver(DEADLINE)).isFalse();
        assertThat(handOver.isOver(130 + CONFIG.electionTicks() - 1)).isFalse();
        assertThat(handOver.isOver(130 + CONFIG.electionTicks())).isTrue();
    }
}
