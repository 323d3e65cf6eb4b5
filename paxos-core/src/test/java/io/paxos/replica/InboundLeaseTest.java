// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.CONFIG;
import static io.paxos.replica.Parts.GROUP;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.REBORN;
import static io.paxos.replica.Parts.ballot;
import static io.paxos.replica.Parts.commands;
import static io.paxos.replica.Parts.said;
import static io.paxos.replica.Parts.writes;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.spi.Write;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rule 14 for an acceptor: who gets its word, what the word forbids, and who gives it back. */
class InboundLeaseTest {

    private static final Ballot BALLOT = ballot(5, B);
    private static final Ballot HIGH = ballot(8, C);

    private final Parts parts = new Parts(CONFIG.with(new LeasePolicy(20 * Lab.TICK_NANOS, 0.25)));

    private boolean hear(Endpoint from, LogMessage message) {
        return parts.hear(10, from, message);
    }

    private void assertIgnored(Endpoint from, LogMessage message) {
        assertThat(hear(from, message)).as("%s", message).isFalse();
        assertThat(parts.effects()).as("after %s", message).isEmpty();
    }

    @BeforeEach
    void promiseToB() {
        hear(B, new LogMessage.Prepare(BALLOT, 1));
        parts.effects();
    }

    private void grantToB() {
        assertThat(hear(B, new LogMessage.LeaseRequest(BALLOT, 3))).isTrue();
        parts.effects();
    }

    /** Whether the ballot of a rival would be promised. */
    private boolean promisesToC() {
        boolean answered = hear(C, new LogMessage.Prepare(HIGH, 1));
        List<Effect> effects = parts.effects();
        assertThat(effects.isEmpty()).isEqualTo(!answered);
        return !Parts.whoHeard(Parts.said(effects), LogMessage.Promise.class).isEmpty();
    }

    @Test
    void theWordIsGivenToWhomThisAcceptorHasPromisedLastAndBehindThatPromise() {
        assertIgnored(C, new LogMessage.LeaseRequest(BALLOT, 3));
        assertIgnored(B, new LogMessage.LeaseRequest(ballot(4, B), 3));
        assertThat(hear(B, new LogMessage.LeaseRequest(BALLOT, 3))).isTrue();
        List<Effect> effects = parts.effects();
        assertThat(effects).singleElement().isInstanceOf(Effect.Persist.class);
        assertThat(Parts.said(effects)).containsExactly(said(B, new LogMessage.LeaseGrant(BALLOT, 3)));
        assertThat(promisesToC()).isFalse();
    }

    @Test
    void whoDoesNotVoteGivesNoWord() {
        parts.votes = false;
        assertIgnored(B, new LogMessage.LeaseRequest(BALLOT, 3));
    }

    @Test
    void whereThereAreNoLeasesNobodyGetsAWord() {
        Parts without = new Parts();
        without.hear(10, B, new LogMessage.Prepare(BALLOT, 1));
        without.effects();
        assertThat(without.hear(10, B, new LogMessage.LeaseRequest(BALLOT, 3))).isFalse();
        assertThat(without.effects()).isEmpty();
    }

    @Test
    void whoHasGivenItsWordPromisesNothingHigherToAnyoneElseAndSupportsNobody() {
        assertThat(promisesToC()).isTrue();
        Parts other = new Parts(parts.config);
        other.hear(10, B, new LogMessage.Prepare(BALLOT, 1));
        other.hear(10, B, new LogMessage.LeaseRequest(BALLOT, 3));
        other.effects();
        assertThat(other.hear(10, C, new LogMessage.Prepare(HIGH, 1)))
                .as("it may ask again")
                .isFalse();
        assertThat(other.effects()).isEmpty();
        assertThat(other.acceptor.promised()).isEqualTo(BALLOT);
        other.hear(10, C, new LogMessage.Canvass(new Probe(3, 1), 0, 0));
        assertThat(other.said())
                .containsExactly(said(C, new LogMessage.CanvassReply(new Probe(3, 1), false, null, BALLOT, 0)));
    }

    @Test
    void whoseProposalWasAcceptedHasThePromiseWhateverWordWasGivenBefore() {
        grantToB();
        assertThat(hear(C, new LogMessage.Accept(HIGH, 1, commands(1, 1), 0)))
                .as("a quorum of others has promised")
                .isTrue();
        assertThat(writes(parts.effects())).contains(new Write.AcceptWrite(GROUP, HIGH, 1, commands(1, 1)));
        assertThat(promisesToC()).as("accepting was promising").isTrue();
    }

    @Test
    void aLowerPrepareIsRefusedAloudThoughAWordHolds() {
        grantToB();
        Ballot lower = ballot(3, C);
        assertThat(hear(C, new LogMessage.Prepare(lower, 1))).isTrue();
        assertThat(parts.said()).containsExactly(said(C, new LogMessage.Nack(lower, BALLOT)));
    }

    @Test
    void aLeaderThatResignsGivesTheWordBackForGood() {
        grantToB();
        assertThat(hear(C, new LogMessage.Resign(BALLOT))).as("not for others").isFalse();
        assertThat(promisesToC()).isFalse();
        assertThat(hear(B, new LogMessage.Resign(BALLOT))).isTrue();
        assertIgnored(B, new LogMessage.LeaseRequest(BALLOT, 4));
        assertThat(promisesToC()).isTrue();
    }

    @Test
    void aLeaderMayGiveBackWhatItAskedForSoFar() {
        grantToB();
        assertIgnored(C, new LogMessage.LeaseEnd(BALLOT, 3));
        assertThat(promisesToC()).isFalse();
        assertThat(hear(B, new LogMessage.LeaseEnd(BALLOT, 2))).isTrue();
        assertThat(promisesToC()).as("it has asked since").isFalse();
        assertThat(hear(B, new LogMessage.LeaseEnd(BALLOT, 3))).isTrue();
        assertThat(promisesToC()).isTrue();
    }

    @Test
    void onlyTheLeaderOfTheBallotCountsWordsAndOnlyThoseOfVoters() {
        LogMessage.LeaseGrant grant = new LogMessage.LeaseGrant(ballot(6, ME), 1);
        assertIgnored(B, grant);
        parts.office.yieldTo(BALLOT, 40);
        Leader leader = leaderAt(41);
        assertThat(leader.ballot()).isEqualTo(grant.ballot());
        leader.renewLease(41, 0);
        parts.said();
        assertThat(parts.hear(41, ME, grant)).isTrue();
        assertIgnored(REBORN, grant);
        assertIgnored(B, new LogMessage.LeaseGrant(BALLOT, 1));
        assertThat(leader.lease().covers(1)).isFalse();
        assertThat(leader.coversByLease(1)).isFalse();
        assertThat(parts.hear(41, B, grant)).isTrue();
        assertThat(leader.lease().covers(1)).isTrue();
        assertThat(leader.coversByLease(1)).isTrue();
        assertThat(leader.coversByLease(16 * Lab.TICK_NANOS)).as("it is over").isFalse();
    }

    private Leader leaderAt(long now) {
        Ballot ballot = parts.candidate(now).ballot();
        for (Endpoint voter : List.of(ME, B)) {
            parts.hear(now, voter, Parts.emptyPromise(ballot));
        }
        return (Leader) parts.office.role();
    }
}
