// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.CONFIG;
import static io.paxos.replica.Parts.ME;
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
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The ways from one role to another, and what this node asks of others meanwhile. */
class OfficeTest {

    private static final Ballot BALLOT = ballot(5, B);

    private final Parts parts = new Parts();
    private final Office office = parts.office;

    private void tick(long now) {
        office.tick(now, parts.acceptor.promised());
    }

    private void ticks(long from, long to) {
        for (long now = from; now <= to; now++) {
            tick(now);
        }
    }

    private static LogMessage.CanvassReply reply(int round, boolean supports, @Nullable NodeId leader, long decided) {
        return new LogMessage.CanvassReply(new Probe(7, round), supports, leader, Ballot.ZERO, decided);
    }

    private void heartbeat(long now) {
        parts.hear(now, B, new LogMessage.Heartbeat(BALLOT, 0));
        parts.said();
    }

    private List<Endpoint> asked(Class<? extends LogMessage> kind) {
        return whoHeard(parts.said(), kind);
    }

    /** The first tick from here on at which it asks whether it would win. */
    private long nextCanvass(long from) {
        parts.said();
        for (long now = from; now < from + 1000; now++) {
            tick(now);
            if (!asked(LogMessage.Canvass.class).isEmpty()) {
                return now;
            }
        }
        throw new AssertionError("it never asks");
    }

    // From follower to candidate

    @Test
    void rule17_itAsksWhetherItWouldWinBeforeItAsksForPromises() {
        tick(1);
        assertThat(parts.said())
                .contains(said(B, new LogMessage.Canvass(new Probe(7, 1), 0, 0)))
                .noneMatch(one -> one.message() instanceof LogMessage.Prepare);
        assertThat(office.role()).isInstanceOf(Follower.class);
        parts.hear(2, C, reply(1, true, null, 0));
        assertThat(office.role()).isInstanceOf(Candidate.class);
        assertThat(parts.changes).isOne();
        assertThat(asked(LogMessage.Prepare.class)).containsExactly(ME, B, C);
    }

    @Test
    void withoutEnoughSupportItAsksAgainSoon() {
        assertThat(nextCanvass(1)).isEqualTo(1);
        assertThat(nextCanvass(2)).isEqualTo(6);
        parts.hear(7, B, reply(1, true, null, 0));
        assertThat(office.role()).as("an answer to the first question").isInstanceOf(Follower.class);
        parts.hear(7, B, reply(2, true, null, 0));
        assertThat(office.role()).isInstanceOf(Candidate.class);
        parts.said();
        parts.hear(8, C, reply(2, true, null, 0));
        assertThat(parts.said()).as("it is over").isEmpty();
    }

    @Test
    void rule17_whoHearsALeaderDoesNotRunEvenIfItWouldWin() {
        tick(1);
        heartbeat(2);
        parts.hear(3, C, reply(1, true, null, 0));
        assertThat(office.role()).isInstanceOf(Follower.class);
        assertThat(nextCanvass(4)).isEqualTo(32);
    }

    @Test
    void anObserverNeverAsksForAnything() {
        parts.votes = false;
        ticks(1, 100);
        assertThat(asked(LogMessage.Canvass.class)).isEmpty();
    }

    @Test
    void rule3_whoIsFarBehindFetchesFirstAndLetsOthersTry() {
        tick(1);
        parts.said();
        parts.hear(2, C, reply(1, true, null, CONFIG.windowSlots() + 1));
        assertThat(office.role()).isInstanceOf(Follower.class);
        parts.learning.askForMissing(2, List.of(B));
        assertThat(asked(LogMessage.CatchUpRequest.class)).containsExactly(C);
        assertThat(nextCanvass(3)).isEqualTo(32);
        parts.hear(33, C, reply(2, true, null, CONFIG.windowSlots()));
        assertThat(office.role()).as("not so far").isInstanceOf(Candidate.class);
    }

    @Test
    void rule1_itsBallotIsAboveAllThatItHasMet() {
        parts.hear(0, C, new LogMessage.Prepare(ballot(4, C), 1));
        assertThat(nextCanvass(1)).isEqualTo(30);
        parts.hear(31, B, new LogMessage.CanvassReply(new Probe(7, 1), true, null, ballot(2, B), 0));
        assertThat(((Candidate) office.role()).ballot()).isEqualTo(ballot(5, ME));
    }

    // Candidates

    @Test
    void aCandidacyThatComesNoFurtherIsGivenUpAndTriedAgain() {
        Candidate candidate = parts.candidate(1);
        ticks(2, 30);
        assertThat(office.role()).isSameAs(candidate);
        assertThat(office.ballotInUse()).isEqualTo(ballot(1, ME));
        tick(31);
        assertThat(office.role()).isInstanceOf(Follower.class);
        assertThat(office.ballotInUse()).isEqualTo(Ballot.ZERO);
        assertThat(parts.changes).isEqualTo(2);
        assertThat(nextCanvass(32)).isEqualTo(36);
    }

    @Test
    void aPromiseThatComesInPartsKeepsACandidacyAlive() {
        Candidate candidate = parts.candidate(1);
        SlotProposal held = new SlotProposal(1, new Proposal<>(ballot(1, C), Parts.command(1)));
        parts.hear(25, C, new LogMessage.Promise(candidate.ballot(), new SlotRange(1, 2), false, 0, 0, List.of(held)));
        ticks(26, 54);
        assertThat(office.role()).isSameAs(candidate);
        tick(55);
        assertThat(office.role()).isInstanceOf(Follower.class);
    }

    @Test
    void rule3_whoCannotLearnWhatThePromisesSpeakOfDoesNotLead() {
        Ballot ballot = parts.candidate(1).ballot();
        parts.hear(2, ME, emptyPromise(ballot));
        parts.hear(2, C, new LogMessage.Promise(ballot, new SlotRange(1, 1), true, 0, 3, List.of()));
        assertThat(office.role()).isInstanceOf(Follower.class);
        assertThat(parts.learning.known()).isEqualTo(3);
        assertThat(nextCanvass(3)).as("time for others").isEqualTo(32);
    }

    @Test
    void rule5_whatThePromisesTellAsDecidedIsLearnedAndTheRestProposedAgain() {
        Ballot ballot = parts.candidate(1).ballot();
        List<SlotProposal> held = List.of(
                new SlotProposal(1, new Proposal<>(ballot(1, C), Parts.command(1))),
                new SlotProposal(2, new Proposal<>(ballot(1, C), Parts.command(2))));
        parts.hear(2, ME, emptyPromise(ballot));
        parts.hear(2, C, new LogMessage.Promise(ballot, new SlotRange(1, 3), true, 0, 1, held));
        assertThat(office.role()).isInstanceOf(Leader.class);
        assertThat(parts.learning.decided()).isEqualTo(1);
        assertThat(parts.said()).contains(said(B, new LogMessage.Accept(ballot, 2, commands(2, 2), 1)));
    }

    // Leaders

    @Test
    void aLeaderIsKnownAsSuchAndToItsOwnCallers() {
        Leader leader = parts.leader(1);
        assertThat(office.leader()).isEqualTo(ME.node());
        assertThat(office.leaderBallot()).isEqualTo(leader.ballot());
        assertThat(office.ballotInUse()).isEqualTo(leader.ballot());
        assertThat(parts.changes).isEqualTo(2);
        assertThat(office.route(2)).as("it proposes itself").isNull();
    }

    @Test
    void rule17_aLeaderWithoutAQuorumResignsAndLetsOthersTry() {
        parts.leader(1);
        ticks(2, 60);
        assertThat(office.role()).isInstanceOf(Leader.class);
        parts.said();
        tick(61);
        assertThat(office.role()).isInstanceOf(Follower.class);
        assertThat(parts.said()).contains(said(B, new LogMessage.Resign(ballot(1, ME))));
        assertThat(office.leader()).isNull();
        assertThat(parts.changes).isEqualTo(3);
        assertThat(nextCanvass(62)).isEqualTo(91);
    }

    @Test
    void whoStepsAsideSaysSoAndLeadsNoMore() {
        parts.leader(1);
        office.stepAside(2);
        assertThat(asked(LogMessage.Resign.class)).containsExactly(B, C);
        assertThat(office.role()).isInstanceOf(Follower.class);
        assertThat(office.leader()).isNull();
        assertThat(parts.changes).isEqualTo(3);
    }

    @Test
    void whoStepsAsideWithoutAnOfficeKeepsListening() {
        tick(1);
        heartbeat(2);
        office.stepAside(2);
        assertThat(parts.said()).isEmpty();
        assertThat(office.leader()).isEqualTo(B.node());
    }

    @Test
    void anAnswerToAnOldQuestionMakesNobodyACandidateWhoHasSteppedAside() {
        tick(1);
        office.stepAside(2);
        parts.hear(3, B, reply(1, true, null, 0));
        assertThat(office.role()).isInstanceOf(Follower.class);
    }

    @Test
    void whoRetiresSaysSoTooIfItLed() {
        office.retire();
        assertThat(parts.said()).isEmpty();
        parts.leader(1);
        office.retire();
        assertThat(asked(LogMessage.Resign.class)).containsExactly(B, C);
        assertThat(office.role()).isInstanceOf(Follower.class);
    }

    @Test
    void rule1_aHigherBallotEndsAnOfficeAndALowerOrItsOwnDoesNot() {
        Leader leader = parts.leader(1);
        office.yieldTo(leader.ballot(), 2);
        assertThat(office.role()).isSameAs(leader);
        office.yieldTo(BALLOT, 2);
        assertThat(office.role()).isInstanceOf(Follower.class);
        assertThat(office.leader()).isNull();
        assertThat(nextCanvass(3)).as("time for the other").isEqualTo(32);
        parts.hear(33, C, reply(2, true, null, 0));
        assertThat(((Candidate) office.role()).ballot()).isEqualTo(ballot(6, ME));
    }

    @Test
    void aFollowerThatYieldsHasNothingToGiveUp() {
        heartbeat(1);
        office.yieldTo(ballot(9, C), 2);
        assertThat(office.leader()).as("until the other leads").isEqualTo(B.node());
        assertThat(parts.changes).isOne();
    }

    // Hearing leaders

    @Test
    void aNewLeaderIsNewsAndTheSameOneIsNot() {
        heartbeat(1);
        assertThat(parts.changes).isOne();
        heartbeat(2);
        assertThat(parts.changes).isOne();
        parts.hear(3, C, new LogMessage.Heartbeat(ballot(6, C), 0));
        assertThat(parts.changes).isEqualTo(2);
    }

    @Test
    void aLeaderWhoseConnectionIsGoneIsMissedAtOnce() {
        heartbeat(1);
        office.peerDown(C.node(), 2);
        assertThat(office.leader()).isEqualTo(B.node());
        office.peerDown(B.node(), 2);
        assertThat(office.leader()).isNull();
        assertThat(nextCanvass(3)).isEqualTo(3);
    }

    @Test
    void aLeaderDoesNotLoseItselfWithAConnectionOrByWhatItOnceSaid() {
        Leader leader = parts.leader(1);
        office.peerDown(ME.node(), 2);
        office.onResign(new LogMessage.Resign(leader.ballot()), 2);
        assertThat(office.leader()).isEqualTo(ME.node());
    }

    // Ways to a leader

    @Test
    void commandsGoToTheLeaderAsLongAsItIsHeard() {
        assertThat(office.route(0)).isNull();
        heartbeat(1);
        assertThat(office.route(30)).isEqualTo(B);
        assertThat(office.route(31)).isNull();
    }

    @Test
    void rule17_aPeerThatHearsALeaderIsTheWayToIt() {
        tick(1);
        parts.hear(2, C, reply(1, false, B.node(), 3));
        assertThat(office.route(2)).isEqualTo(C);
        assertThat(parts.learning.known()).isEqualTo(3);
        tick(6);
        assertThat(office.route(6)).as("asked anew").isNull();
        parts.hear(7, C, reply(2, false, B.node(), 3));
        heartbeat(8);
        assertThat(office.route(8)).isEqualTo(B);
        assertThat(office.route(100)).as("the way over a peer is forgotten").isNull();
    }

    @Test
    void anotherWayIsAnyPeer() {
        assertThat(office.detour(1)).isEqualTo(B);
        parts.draws.largest();
        assertThat(office.detour(1)).isEqualTo(C);
    }

    @Test
    void whoHearsNoLeaderAsksOthersNowAndThenWhatItMisses() {
        ticks(1, 1);
        assertThat(asked(LogMessage.CatchUpRequest.class)).containsExactly(B);
        ticks(2, 30);
        assertThat(asked(LogMessage.CatchUpRequest.class)).isEmpty();
        tick(31);
        assertThat(asked(LogMessage.CatchUpRequest.class)).containsExactly(B);
        heartbeat(32);
        ticks(33, 61);
        assertThat(asked(LogMessage.CatchUpRequest.class)).isEmpty();
        tick(62);
        assertThat(asked(LogMessage.CatchUpRequest.class)).containsExactly(B);
        assertThat(office.route(62)).as("no way for commands of a voter").isNull();
    }

    @Test
    void anObserverThatHearsNoLeaderSendsCommandsWhereItAsks() {
        parts.votes = false;
        tick(1);
        assertThat(office.route(1)).isEqualTo(B);
    }
}
