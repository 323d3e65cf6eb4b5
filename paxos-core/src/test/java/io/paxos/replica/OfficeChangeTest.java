// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.CONFIG;
import static io.paxos.replica.Parts.D;
import static io.paxos.replica.Parts.E;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.REBORN;
import static io.paxos.replica.Parts.ballot;
import static io.paxos.replica.Parts.commands;
import static io.paxos.replica.Parts.emptyPromise;
import static io.paxos.replica.Parts.said;
import static io.paxos.replica.Parts.whoHeard;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.LogTime;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How an office passes on: to whom it is handed, or with the votes that a change gives to others. */
class OfficeChangeTest {

    private static final Ballot BALLOT = ballot(5, B);
    private static final int ALPHA = 8;

    private final Parts parts = new Parts(CONFIG.withAlpha(ALPHA));
    private final Office office = parts.office;

    private void follow(long now) {
        office.followInvitation(now, parts.acceptor.promised());
    }

    // Invitations

    @Test
    void whoIsInvitedTakesOverAsSoonAsItHoldsAllThatWasProposed() {
        parts.hear(9, B, new LogMessage.Heartbeat(BALLOT, 0));
        assertThat(parts.hear(10, B, new LogMessage.TakeOver(BALLOT, 2))).isTrue();
        parts.acceptor.accept(BALLOT, 1, commands(1, 1), 0);
        follow(10);
        assertThat(office.role()).isInstanceOf(Follower.class);
        parts.acceptor.accept(BALLOT, 2, commands(2, 2), 0);
        parts.said();
        follow(10 + CONFIG.electionTicks());
        assertThat(office.ballotInUse()).as("without canvassing").isEqualTo(ballot(6, ME));
        assertThat(whoHeard(parts.said(), LogMessage.Prepare.class)).containsExactly(ME, B, C);
    }

    @Test
    void anInvitationThatCouldNotBeFollowedInTimeIsForgotten() {
        parts.hear(10, B, new LogMessage.TakeOver(BALLOT, 1));
        parts.acceptor.accept(BALLOT, 1, commands(1, 1), 0);
        follow(11 + CONFIG.electionTicks());
        assertThat(office.role()).isInstanceOf(Follower.class);
        follow(10);
        assertThat(office.role()).isInstanceOf(Follower.class);
    }

    @Test
    void rule2_onlyTheLeaderItselfInvitesAndOnlyAVoter() {
        LogMessage.TakeOver takeOver = new LogMessage.TakeOver(BALLOT, 0);
        assertThat(parts.hear(10, REBORN, takeOver)).isFalse();
        assertThat(parts.hear(10, C, takeOver)).isFalse();
        assertThat(parts.hear(10, B, new LogMessage.TakeOver(new Ballot(Long.MAX_VALUE, B.node(), 7), 0)))
                .isFalse();
        parts.votes = false;
        assertThat(parts.hear(10, B, takeOver)).isFalse();
        parts.votes = true;
        follow(10);
        assertThat(office.role()).isInstanceOf(Follower.class);
    }

    @Test
    void whoHasMetALaterLeaderFollowsNoInvitationOfAnEarlierOne() {
        parts.hear(10, B, new LogMessage.TakeOver(BALLOT, 0));
        parts.hear(10, C, new LogMessage.Heartbeat(ballot(6, C), 0));
        follow(10);
        assertThat(office.role()).isInstanceOf(Follower.class);
    }

    // Leaders

    @Test
    void anOlderLeadersWordChangesNothingForALeaderThoughItsOwnStoreHasPromisedNothingYet() {
        office.tick(1, Ballot.ZERO);
        parts.hear(1, B, new LogMessage.CanvassReply(new Probe(7, 1), true, null, ballot(4, C), 0));
        Ballot own = ballot(5, ME);
        parts.hear(2, B, emptyPromise(own));
        parts.hear(2, C, emptyPromise(own));
        assertThat(office.role()).isInstanceOf(Leader.class);
        parts.effects();
        assertThat(parts.acceptor.promised()).isEqualTo(Ballot.ZERO);
        assertThat(parts.hear(3, C, new LogMessage.Heartbeat(ballot(4, C), 7))).isFalse();
        assertThat(parts.effects()).as("it gets no answer that it could count").isEmpty();
        assertThat(office.role()).isInstanceOf(Leader.class);
        assertThat(office.leader()).isEqualTo(ME.node());
        assertThat(parts.learning.known()).isZero();
    }

    /** Proposes what may be proposed, and takes in that this node and {@link Parts#B} accept it. */
    private void decideAll(Leader leader) {
        for (int i = 0; i < 2 * ALPHA; i++) {
            leader.flush(parts.learning.decided(), 3, LogTime.ZERO);
            for (Parts.Said one : parts.said()) {
                if (one.to().equals(ME) && one.message() instanceof LogMessage.Accept accept) {
                    parts.hear(3, ME, accept);
                    parts.hear(3, ME, new LogMessage.Accepted(accept.ballot(), accept.slots()));
                    parts.hear(3, B, new LogMessage.Accepted(accept.ballot(), accept.slots()));
                }
            }
        }
        parts.said();
    }

    private static LogMessage.Promise promise(Leader leader, long from, long decided) {
        return new LogMessage.Promise(leader.ballot(), new SlotRange(from, from), true, 0, decided, List.of());
    }

    @Test
    void rule3_aLeaderThatWasOutrunMakesWayAndFetchesWhatWasDecided() {
        Leader leader = parts.leader(1);
        leader.offer(Parts.changeTo(ME, D, E));
        decideAll(leader);
        assertThat(parts.learning.decided()).isEqualTo(ALPHA - 1);
        assertThat(parts.hear(4, D, promise(leader, 1 + ALPHA, 3))).isTrue();
        assertThat(office.role()).isSameAs(leader);
        parts.said();
        assertThat(parts.hear(4, E, promise(leader, 1 + ALPHA, 20))).isTrue();
        assertThat(office.role()).isInstanceOf(Follower.class);
        assertThat(whoHeard(parts.said(), LogMessage.Resign.class)).contains(B, D);
        parts.learning.askForMissing(4, List.of(B));
        assertThat(parts.said())
                .containsExactly(said(
                        E, new LogMessage.CatchUpRequest(parts.learning.decided() + 1, parts.config.messageBytes())));
    }

    /** Leads, and has decided its last slot, at tick 3. */
    private Leader leaving() {
        Leader leader = parts.leader(1);
        leader.offer(Parts.changeTo(B, D, E));
        decideAll(leader);
        parts.hear(3, D, promise(leader, 1 + ALPHA, 0));
        decideAll(leader);
        assertThat(parts.learning.decided()).isEqualTo(ALPHA);
        return leader;
    }

    private void tick(long now) {
        office.tick(now, parts.acceptor.promised());
    }

    @Test
    void rule10_whoVotesInNoFurtherSlotAsksHowFarTheOthersAreAndGoesWhenTheyNeedItNoMore() {
        Leader leader = leaving();
        tick(3);
        assertThat(whoHeard(parts.said(), LogMessage.Heartbeat.class))
                .as("though it is not time for heartbeats")
                .contains(B, D, E);
        parts.hear(4, B, new LogMessage.HeartbeatAck(leader.ballot(), ALPHA));
        tick(4);
        assertThat(office.role()).isSameAs(leader);
        assertThat(whoHeard(parts.said(), LogMessage.Heartbeat.class))
                .as("it has asked")
                .isEmpty();
        parts.hear(5, E, new LogMessage.HeartbeatAck(leader.ballot(), ALPHA));
        tick(5);
        assertThat(office.role()).isInstanceOf(Follower.class);
        assertThat(whoHeard(parts.said(), LogMessage.Resign.class)).contains(B, D, E);
    }

    @Test
    void rule10_whoeverStaysMayNeedANewLeaderToComeOnSoItIsNotWaitedForLongerThanAnElection() {
        Leader leader = leaving();
        tick(3);
        tick(2 + CONFIG.electionTicks());
        assertThat(office.role()).isSameAs(leader);
        tick(3 + CONFIG.electionTicks());
        assertThat(office.role()).isInstanceOf(Follower.class);
    }

    @Test
    void whoCannotBeReachedIsNotHandedTheOffice() {
        Leader leader = parts.leader(1);
        parts.hear(2, B, new LogMessage.HeartbeatAck(leader.ballot(), 0));
        parts.hear(2, C, new LogMessage.HeartbeatAck(leader.ballot(), 1));
        assertThat(leader.bestSuccessor(2)).isEqualTo(C);
        office.peerDown(C.node(), 2);
        assertThat(leader.bestSuccessor(2)).isEqualTo(B);
    }

    // Candidates

    /** What a candidate learns from the promises may say that others vote in the next slot than have promised. */
    @Test
    void rule10_aCandidateThatLearnsOfAChangeAsksThoseWhoGovernTheNextSlotBeforeItLeads() {
        Ballot ballot = parts.candidate(1).ballot();
        List<Value> values = new ArrayList<>(commands(1, ALPHA - 1));
        values.add(0, Parts.changeTo(ME, D, E));
        List<SlotProposal> held = new ArrayList<>();
        for (Value value : values) {
            held.add(new SlotProposal(1 + held.size(), new Proposal<>(ballot(1, C), value)));
        }
        parts.hear(2, ME, emptyPromise(ballot));
        parts.hear(2, B, new LogMessage.Promise(ballot, new SlotRange(1, 1 + ALPHA), true, 0, ALPHA, held));
        assertThat(parts.learning.decided()).isEqualTo(ALPHA);
        assertThat(office.role()).isInstanceOf(Candidate.class);
        LogMessage prepare = new LogMessage.Prepare(ballot, 1 + ALPHA);
        assertThat(parts.said()).contains(said(D, prepare), said(E, prepare));

        parts.hear(3, D, new LogMessage.Promise(ballot, new SlotRange(1 + ALPHA, 1 + ALPHA), true, 0, 0, List.of()));
        assertThat(office.role()).isInstanceOf(Leader.class);
    }
}
