// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.CONFIG;
import static io.paxos.replica.Parts.D;
import static io.paxos.replica.Parts.E;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import org.junit.jupiter.api.Test;

/** Rule 14 for the leader: which words make a lease, and how long it may be relied on. */
class LeaseHolderTest {

    /** Trusted for 16 ticks of the leader's clock. */
    private static final LeasePolicy LEASE = new LeasePolicy(20 * Lab.TICK_NANOS, 0.25);

    private static final Ballot BALLOT = Parts.ballot(1, ME);

    private final Parts parts = new Parts(CONFIG.withAlpha(8).with(LEASE));
    private final LeaseHolder holder = new LeaseHolder(parts.peers, parts.outbox, parts.config, BALLOT);

    private void tick(long now) {
        holder.tick(now, nanos(now));
    }

    /** What the clock shows at a tick. */
    private static long nanos(long tick) {
        return tick * Lab.TICK_NANOS;
    }

    private void grant(long count) {
        holder.onGrant(ME, count);
        holder.onGrant(B, count);
    }

    private static LogMessage.LeaseRequest request(long count) {
        return new LogMessage.LeaseRequest(BALLOT, count);
    }

    @Test
    void itIsAskedForWithEveryHeartbeat() {
        tick(100);
        assertThat(parts.said()).containsExactly(said(ME, request(1)), said(B, request(1)), said(C, request(1)));
        tick(104);
        assertThat(parts.said()).isEmpty();
        tick(105);
        assertThat(parts.said()).contains(said(B, request(2)));
        LeaseHolder none = new LeaseHolder(parts.peers, parts.outbox, CONFIG, BALLOT);
        none.tick(100, 0);
        assertThat(parts.said()).as("where there are no leases").isEmpty();
    }

    @Test
    void eightQuestionsMayWaitForTheirAnswers() {
        for (int i = 1; i <= 8; i++) {
            tick(5L * i);
        }
        grant(1);
        assertThat(holder.covers(nanos(5 + 16) - 1))
                .as("the first of eight is still waited for")
                .isTrue();
        assertThat(holder.covers(nanos(5 + 16))).isFalse();
        for (int i = 9; i <= 16; i++) {
            tick(5L * i);
        }
        grant(8);
        assertThat(holder.covers(nanos(40 + 16) - 1))
                .as("given up for newer ones")
                .isFalse();
        grant(9);
        assertThat(holder.covers(nanos(45 + 16) - 1)).isTrue();
    }

    @Test
    void wordsForAnEarlierQuestionComeTooLateWhenALaterOneIsAnswered() {
        tick(5);
        tick(10);
        tick(15);
        grant(2);
        grant(1);
        assertThat(holder.covers(nanos(10 + 16) - 1)).as("it is not shortened").isTrue();
        assertThat(holder.covers(nanos(10 + 16))).isFalse();
        grant(3);
        assertThat(holder.covers(nanos(15 + 16) - 1))
                .as("the later question still counts")
                .isTrue();
        assertThat(holder.covers(nanos(15 + 16))).isFalse();
    }

    @Test
    void aWordThatNobodyAskedForCountsForNothing() {
        grant(1);
        assertThat(holder.covers(0)).isFalse();
        tick(5);
        grant(2);
        assertThat(holder.covers(nanos(5))).isFalse();
    }

    @Test
    void rule10_everyConfigurationThatGovernsSlotsToComeHasToGiveItsWord() {
        tick(5);
        grant(1);
        assertThat(holder.covers(nanos(6))).isTrue();
        parts.peers.regimes().decide(5, Parts.changeTo(ME, D, E));
        parts.peers.regimes().advance(5);
        assertThat(holder.covers(nanos(6))).as("those who come have not").isFalse();
        parts.said();
        tick(10);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.LeaseRequest.class)).contains(B, C, D, E);
        grant(2);
        assertThat(holder.covers(nanos(11))).isFalse();
        holder.onGrant(D, 2);
        assertThat(holder.covers(nanos(11))).isTrue();
    }

    @Test
    void whoEndsItReliesOnNothingThatWasAskedForAndSaysSo() {
        tick(5);
        tick(10);
        grant(1);
        parts.said();
        holder.end();
        LogMessage end = new LogMessage.LeaseEnd(BALLOT, 2);
        assertThat(parts.said()).containsExactly(said(ME, end), said(B, end), said(C, end));
        assertThat(holder.covers(nanos(10))).isFalse();
        grant(2);
        assertThat(holder.covers(nanos(10))).isFalse();
    }

    @Test
    void whoHasAskedForNothingHasNothingToEnd() {
        holder.end();
        assertThat(parts.said()).isEmpty();
    }

    @Test
    void aPolicyIsNoneOrHasATimeAndADriftOfAtMostOne() {
        assertThat(new LeasePolicy(0, 0)).isEqualTo(LeasePolicy.NONE);
        assertThat(new LeasePolicy(0, 0).isOn()).isFalse();
        LeasePolicy loosest = new LeasePolicy(100, 1);
        assertThat(loosest.isOn()).isTrue();
        assertThat(loosest.trustedNanos()).isEqualTo(50);
        assertThatThrownBy(() -> new LeasePolicy(-1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1 ns");
    }
}
