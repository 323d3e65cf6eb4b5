// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.CONFIG;
import static io.paxos.replica.Parts.GROUP;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.OBSERVER;
import static io.paxos.replica.Parts.REBORN;
import static io.paxos.replica.Parts.ballot;
import static io.paxos.replica.Parts.command;
import static io.paxos.replica.Parts.commands;
import static io.paxos.replica.Parts.emptyPromise;
import static io.paxos.replica.Parts.said;
import static io.paxos.replica.Parts.writes;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.log.SnapshotTransfer;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.Endpoint;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each message does at a replica, whom it answers, and when it does nothing at all. */
class InboundTest {

    private static final Ballot LOW = ballot(2, B);
    private static final Ballot BALLOT = ballot(5, B);
    private static final Ballot HIGH = ballot(8, C);
    private static final Ballot BEYOND_REASON = new Ballot(Long.MAX_VALUE, B.node(), 7);

    private final Parts parts = new Parts();

    private boolean hear(Endpoint from, LogMessage message) {
        return parts.hear(10, from, message);
    }

    private void assertIgnored(Endpoint from, LogMessage message) {
        assertThat(hear(from, message)).as("%s", message).isFalse();
        assertThat(parts.effects()).as("after %s", message).isEmpty();
    }

    private static LogMessage.Accept accept(Ballot ballot, long first, List<Value> values, long decided) {
        return new LogMessage.Accept(ballot, first, values, decided);
    }

    private static LogMessage.Accepted accepted(Ballot ballot, long first, long end) {
        return new LogMessage.Accepted(ballot, new SlotRange(first, end));
    }

    /** Leads at round 1 and has proposed the first commands. */
    private Leader leading(int proposed) {
        Leader leader = parts.leader(1);
        commands(1, proposed).forEach(leader::offer);
        leader.flush(0, 1, LogTime.ZERO);
        parts.said();
        return leader;
    }

    // Phase 1

    @Test
    void aPrepareIsPromisedWhenThePromiseIsDurable() {
        assertThat(hear(B, new LogMessage.Prepare(BALLOT, 0))).isTrue();
        LogMessage promise = new LogMessage.Promise(BALLOT, new SlotRange(1, 1), true, 0, 0, List.of());
        List<Effect> effects = parts.effects();
        assertThat(effects).singleElement().isInstanceOf(Effect.Persist.class);
        assertThat(writes(effects)).containsExactly(new Write.PromiseWrite(GROUP, BALLOT));
        assertThat(Parts.said(effects)).containsExactly(said(B, promise));
        assertThat(hear(B, new LogMessage.Prepare(BALLOT, 1))).isTrue();
        effects = parts.effects();
        assertThat(writes(effects)).as("it is written already, or about to be").isEmpty();
        assertThat(Parts.said(effects)).containsExactly(said(B, promise));
    }

    @Test
    void rule2_aLowerPrepareIsToldWhatStandsInItsWay() {
        hear(C, new LogMessage.Prepare(HIGH, 1));
        parts.effects();
        assertThat(hear(B, new LogMessage.Prepare(BALLOT, 1))).isTrue();
        assertThat(parts.effects()).hasSize(1);
        hear(B, new LogMessage.Prepare(BALLOT, 1));
        assertThat(parts.said()).containsExactly(said(B, new LogMessage.Nack(BALLOT, HIGH)));
    }

    @Test
    void aPrepareOfNobodyWhoMayAskIsNotAnswered() {
        assertIgnored(C, new LogMessage.Prepare(BALLOT, 1));
        assertIgnored(B, new LogMessage.Prepare(BEYOND_REASON, 1));
        parts.votes = false;
        assertIgnored(B, new LogMessage.Prepare(BALLOT, 1));
    }

    @Test
    void whoPromisesLetsTheOtherTryAndAsksForNothingMeanwhile() {
        hear(B, new LogMessage.Prepare(BALLOT, 1));
        parts.effects();
        for (int now = 11; now < 40; now++) {
            parts.office.tick(now, BALLOT);
        }
        assertThat(Parts.whoHeard(parts.said(), LogMessage.Canvass.class)).isEmpty();
        parts.office.tick(40, BALLOT);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.Canvass.class)).containsExactly(B, C);
    }

    @Test
    void aLeaderThatPromisesIsNoLeader() {
        leading(0);
        hear(B, new LogMessage.Prepare(BALLOT, 1));
        assertThat(parts.office.role()).isInstanceOf(Follower.class);
        assertThat(parts.office.leader()).isNull();
    }

    @Test
    void onlyACandidateCountsPromisesAndOnlyThoseOfMembers() {
        Ballot ballot = ballot(1, ME);
        assertIgnored(B, emptyPromise(ballot));
        parts.candidate(1);
        assertIgnored(REBORN, emptyPromise(ballot));
        assertIgnored(B, emptyPromise(ballot(9, ME)));
        assertThat(hear(ME, emptyPromise(ballot))).as("more are needed").isFalse();
        assertThat(parts.office.role()).isInstanceOf(Candidate.class);
        assertThat(hear(C, emptyPromise(ballot))).isTrue();
        assertThat(parts.office.role()).isInstanceOf(Leader.class);
    }

    @Test
    void rule3_aPromiseThatGoesOnIsAskedForItsNextPart() {
        Candidate candidate = parts.candidate(1);
        SlotProposal held = new SlotProposal(1, new Proposal<>(LOW, command(1)));
        LogMessage part = new LogMessage.Promise(candidate.ballot(), new SlotRange(1, 2), false, 0, 0, List.of(held));
        assertThat(hear(B, part)).isTrue();
        assertThat(parts.said()).containsExactly(said(B, new LogMessage.Prepare(candidate.ballot(), 2)));
        assertThat(candidate.progressAt()).isEqualTo(10);
    }

    // Phase 2

    @Test
    void anAcceptIsAcceptedWhenItIsDurable() {
        assertThat(hear(B, accept(BALLOT, 1, commands(1, 2), 1))).isTrue();
        List<Effect> effects = parts.effects();
        assertThat(Parts.said(effects)).containsExactly(said(B, accepted(BALLOT, 1, 3)));
        assertThat(writes(effects))
                .containsExactly(
                        new Write.AcceptWrite(GROUP, BALLOT, 1, commands(1, 2)), new Write.DecidedWrite(GROUP, 1));
        assertThat(parts.office.leader()).isEqualTo(B.node());
        assertThat(hear(B, accept(BALLOT, 1, commands(1, 2), 1))).isTrue();
        effects = parts.effects();
        assertThat(writes(effects)).as("a slow store gets no more to do").isEmpty();
        assertThat(Parts.said(effects)).containsExactly(said(B, accepted(BALLOT, 1, 3)));
    }

    @Test
    void anAcceptThatCannotStandIsRefusedOrIgnored() {
        assertIgnored(C, accept(BALLOT, 1, commands(1, 1), 0));
        assertIgnored(B, accept(BEYOND_REASON, 1, commands(1, 1), 0));
        assertIgnored(B, accept(BALLOT, 1, List.of(), 0));
        parts.decided(1);
        assertIgnored(B, accept(BALLOT, 1, commands(7, 7), 0));
        hear(C, new LogMessage.Prepare(HIGH, 1));
        parts.effects();
        assertThat(hear(B, accept(BALLOT, 2, commands(2, 2), 0))).isFalse();
        assertThat(parts.said()).containsExactly(said(B, new LogMessage.Nack(BALLOT, HIGH)));
        assertThat(parts.office.leader()).as("it leads nobody here").isNull();
    }

    @Test
    void rule4_anAcceptSaysWhatIsDecidedAndWhatIsLackingIsFetched() {
        assertThat(hear(B, accept(BALLOT, 4, commands(4, 4), 3))).isTrue();
        assertThat(parts.learning.known()).isEqualTo(3);
        parts.effects();
        parts.learning.askForMissing(10, List.of(C));
        assertThat(parts.said()).containsExactly(said(B, new LogMessage.CatchUpRequest(1, CONFIG.messageBytes())));
    }

    @Test
    void anObserverHearsTheLeaderAndVotesForNothing() {
        parts.votes = false;
        assertThat(hear(B, accept(BALLOT, 1, commands(1, 1), 0))).isTrue();
        assertThat(parts.effects()).isEmpty();
        assertThat(parts.office.leader()).isEqualTo(B.node());
    }

    @Test
    void rule1_whoLeadsAndAcceptsAHigherBallotFollows() {
        leading(0);
        assertThat(hear(B, accept(BALLOT, 1, commands(1, 1), 0))).isTrue();
        assertThat(parts.office.role()).isInstanceOf(Follower.class);
        assertThat(parts.office.leader()).isEqualTo(B.node());
    }

    @Test
    void theLeadersOwnVoteCountsAndDecidesWhenItIsTheLast() {
        Leader leader = leading(1);
        Ballot own = leader.ballot();
        assertThat(hear(B, accepted(own, 1, 2))).isTrue();
        assertThat(hear(C, accepted(own, 1, 2))).isTrue();
        assertThat(parts.learning.decided()).as("not held here yet").isZero();
        assertThat(hear(ME, accept(own, 1, commands(1, 1), 0))).isTrue();
        assertThat(parts.learning.decided()).isEqualTo(1);
        assertThat(leader.inFlight()).isZero();
    }

    @Test
    void rule2_acceptancesCountForThisBallotAndOfMembersOnly() {
        Leader leader = leading(1);
        Ballot own = leader.ballot();
        hear(ME, accept(own, 1, commands(1, 1), 0));
        parts.effects();
        assertIgnored(REBORN, accepted(own, 1, 2));
        assertIgnored(B, accepted(BALLOT, 1, 2));
        assertThat(hear(ME, accepted(own, 1, 2))).isTrue();
        assertThat(parts.learning.decided()).isZero();
        assertThat(hear(B, accepted(own, 1, 2))).isTrue();
        assertThat(parts.learning.decided()).isEqualTo(1);
        assertThat(writes(parts.effects())).containsExactly(new Write.DecidedWrite(GROUP, 1));
        parts.office.stepAside(11);
        parts.effects();
        assertIgnored(C, accepted(own, 1, 2));
    }

    /** What is forgotten here cannot be voted for; the leader is told what was chosen, and the rest is voted for. */
    @Test
    void rule9_anAcceptThatBeginsInWhatIsForgottenIsCutAndTheLeaderTold() {
        parts.decided(3);
        parts.learning.install(new SnapshotInfo(3, 1, 7));
        parts.effects();
        assertThat(hear(B, accept(BALLOT, 3, commands(3, 5), 0))).isTrue();
        List<Effect> effects = parts.effects();
        assertThat(Parts.said(effects))
                .containsExactly(
                        said(B, new LogMessage.CatchUpReply(3, List.of(), 3, 3)), said(B, accepted(BALLOT, 4, 6)));
        assertThat(writes(effects)).containsExactly(new Write.AcceptWrite(GROUP, BALLOT, 4, commands(4, 5)));
    }

    @Test
    void rule9_anAcceptWhollyInWhatIsForgottenIsOnlyAnswered() {
        parts.decided(3);
        parts.learning.install(new SnapshotInfo(3, 1, 7));
        parts.effects();
        assertThat(hear(B, accept(BALLOT, 2, commands(2, 3), 0))).isFalse();
        assertThat(parts.said()).containsExactly(said(B, new LogMessage.CatchUpReply(2, List.of(), 3, 3)));
        assertThat(hear(B, accept(BALLOT, 4, commands(4, 4), 0))).isTrue();
        assertThat(parts.said()).as("it begins right behind").containsExactly(said(B, accepted(BALLOT, 4, 5)));
        assertThat(hear(B, accept(BALLOT, 3, commands(3, 3), 0))).isFalse();
        assertThat(parts.said()).as("who leads is").hasSize(1);
        assertThat(hear(B, accept(LOW, 3, commands(3, 4), 0))).isFalse();
        assertThat(parts.said())
                .as("who does not lead need not know")
                .containsExactly(said(B, new LogMessage.Nack(LOW, BALLOT)));
    }

    @Test
    void rule1_aRefusalEndsTheOfficeItIsFor() {
        Leader leader = leading(0);
        Ballot own = leader.ballot();
        assertIgnored(REBORN, new LogMessage.Nack(own, BALLOT));
        assertIgnored(B, new LogMessage.Nack(LOW, BALLOT));
        assertIgnored(B, new LogMessage.Nack(own, BEYOND_REASON));
        assertThat(parts.office.role()).isSameAs(leader);
        assertThat(hear(B, new LogMessage.Nack(own, BALLOT))).isTrue();
        assertThat(parts.office.role()).isInstanceOf(Follower.class);
        assertIgnored(B, new LogMessage.Nack(Ballot.ZERO, BALLOT));
    }

    // What leaders say

    @Test
    void aHeartbeatIsAnsweredAndSaysWhoLeadsAndWhatIsDecided() {
        parts.acceptor.accept(BALLOT, 1, commands(1, 2), 0);
        assertThat(hear(B, new LogMessage.Heartbeat(BALLOT, 1))).isTrue();
        List<Effect> effects = parts.effects();
        assertThat(Parts.said(effects)).containsExactly(said(B, new LogMessage.HeartbeatAck(BALLOT, 1)));
        assertThat(writes(effects)).containsExactly(new Write.DecidedWrite(GROUP, 1));
        assertThat(parts.office.leader()).isEqualTo(B.node());
        assertThat(hear(B, new LogMessage.Decide(BALLOT, 2))).isTrue();
        effects = parts.effects();
        assertThat(Parts.said(effects)).isEmpty();
        assertThat(writes(effects)).containsExactly(new Write.DecidedWrite(GROUP, 2));
    }

    @Test
    void aLeaderThatWasDeposedIsToldSo() {
        hear(C, new LogMessage.Prepare(HIGH, 1));
        parts.effects();
        assertThat(hear(B, new LogMessage.Heartbeat(BALLOT, 0))).isFalse();
        assertThat(parts.said()).containsExactly(said(B, new LogMessage.Nack(BALLOT, HIGH)));
        assertThat(parts.office.leader()).isNull();
        assertThat(hear(C, new LogMessage.Heartbeat(HIGH, 0)))
                .as("promised, and leads now")
                .isTrue();
        assertThat(parts.office.leader()).isEqualTo(C.node());
    }

    @Test
    void nobodySpeaksForALeaderButItself() {
        assertIgnored(C, new LogMessage.Heartbeat(BALLOT, 0));
        assertIgnored(C, new LogMessage.Decide(BALLOT, 0));
        assertIgnored(ME, new LogMessage.Heartbeat(ballot(1, ME), 0));
        assertIgnored(B, new LogMessage.Heartbeat(BEYOND_REASON, 0));
        assertThat(parts.office.leader()).isNull();
    }

    @Test
    void rule1_whoLeadsAndHearsAHigherLeaderFollows() {
        leading(0);
        assertThat(hear(B, new LogMessage.Heartbeat(BALLOT, 0))).isTrue();
        assertThat(parts.office.role()).isInstanceOf(Follower.class);
        assertThat(parts.office.leader()).isEqualTo(B.node());
    }

    @Test
    void onlyTheLeaderOfTheBallotCountsWhoHasHeardIt() {
        LogMessage.HeartbeatAck ack = new LogMessage.HeartbeatAck(ballot(1, ME), 0);
        assertIgnored(B, ack);
        Leader leader = leading(0);
        assertThat(leader.ballot()).isEqualTo(ack.ballot());
        assertThat(parts.hear(50, REBORN, ack)).isFalse();
        assertThat(parts.hear(50, B, new LogMessage.HeartbeatAck(LOW, 0))).isFalse();
        assertThat(leader.tick(0, 70)).as("it heard nobody since").isFalse();
        assertThat(parts.hear(50, B, ack)).isTrue();
        assertThat(leader.tick(0, 70)).isTrue();
    }

    @Test
    void aLeaderThatResignsIsMissedAtOnce() {
        hear(B, new LogMessage.Heartbeat(BALLOT, 0));
        parts.effects();
        assertIgnored(C, new LogMessage.Resign(BALLOT));
        assertIgnored(B, new LogMessage.Resign(BEYOND_REASON));
        hear(B, new LogMessage.Resign(LOW));
        assertThat(parts.office.leader()).as("an office before this one").isEqualTo(B.node());
        assertThat(hear(B, new LogMessage.Resign(BALLOT))).isTrue();
        assertThat(parts.office.leader()).isNull();
        parts.office.tick(11, Ballot.ZERO);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.Canvass.class)).containsExactly(B, C);
    }

    // Elections

    @Test
    void whoVotesAnswersACanvass() {
        LogMessage.Canvass canvass = new LogMessage.Canvass(new Probe(3, 4), 0, 0);
        assertThat(hear(B, canvass)).isTrue();
        assertThat(parts.said())
                .containsExactly(said(B, new LogMessage.CanvassReply(new Probe(3, 4), true, null, Ballot.ZERO, 0)));
        parts.votes = false;
        assertIgnored(B, canvass);
    }

    @Test
    void answersToACanvassAreHeardOfMembersAndWithinReason() {
        parts.office.tick(1, Ballot.ZERO);
        parts.said();
        Probe probe = new Probe(7, 1);
        assertIgnored(REBORN, new LogMessage.CanvassReply(probe, true, null, Ballot.ZERO, 0));
        assertIgnored(B, new LogMessage.CanvassReply(probe, true, null, BEYOND_REASON, 0));
        assertThat(hear(B, new LogMessage.CanvassReply(probe, true, null, HIGH, 0)))
                .isTrue();
        assertThat(((Candidate) parts.office.role()).ballot().round())
                .as("above all that was met")
                .isEqualTo(9);
    }

    // Catching up

    @Test
    void anybodyWhoAsksIsToldWhatIsDecided() {
        parts.decided(2);
        assertThat(hear(OBSERVER, new LogMessage.CatchUpRequest(2, 1000))).isTrue();
        assertThat(parts.said()).containsExactly(said(OBSERVER, new LogMessage.CatchUpReply(2, commands(2, 2), 2, 0)));
    }

    @Test
    void whatAnyoneOfTheClusterTellsIsLearnedAndWhatItKnowsBesideIsAskedFor() {
        assertThat(hear(REBORN, new LogMessage.CatchUpReply(1, commands(1, 1), 1, 0)))
                .as("it may vote by a configuration that is not known here yet")
                .isTrue();
        assertThat(parts.learning.decided()).isEqualTo(1);
        assertThat(hear(B, new LogMessage.CatchUpReply(1, commands(1, 2), 5, 0)))
                .isTrue();
        assertThat(parts.learning.decided()).isEqualTo(2);
        assertThat(parts.learning.known()).isEqualTo(5);
    }

    @Test
    void rule9_whereAPeerHasForgottenWhatIsMissingItsSnapshotIsAskedFor() {
        hear(C, new LogMessage.CatchUpReply(1, List.of(), 9, 7));
        parts.effects();
        parts.snapshots.flush(10, List.of(B, C), false);
        assertThat(parts.said())
                .containsExactly(said(C, new LogMessage.SnapshotRequest(null, 0, CONFIG.messageBytes())));
    }

    @Test
    void aLeaderLearnsOnlyWhatItCannotCountAnyMore() {
        Leader leader = leading(1);
        assertIgnored(B, new LogMessage.CatchUpReply(1, commands(1, 1), 1, 0));
        hear(ME, accept(leader.ballot(), 1, commands(1, 1), 0));
        hear(ME, accepted(leader.ballot(), 1, 2));
        hear(B, accepted(leader.ballot(), 1, 2));
        parts.effects();
        assertIgnored(B, new LogMessage.CatchUpReply(1, List.of(), 2, 1));
        assertThat(parts.office.role()).isSameAs(leader);
        assertThat(hear(B, new LogMessage.CatchUpReply(2, commands(2, 3), 3, 2)))
                .isTrue();
        assertThat(parts.office.role()).isInstanceOf(Follower.class);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.Resign.class)).containsExactly(B, C);
        assertThat(parts.learning.decided()).isEqualTo(3);
    }

    @Test
    void aSnapshotIsReadForAnybodyAndInPartsOfABearableSize() {
        assertThat(hear(OBSERVER, new LogMessage.SnapshotRequest(null, 5, 1_000_000)))
                .isTrue();
        assertThat(hear(OBSERVER, new LogMessage.SnapshotRequest(null, 5, -1))).isTrue();
        assertThat(parts.effects())
                .containsExactly(
                        new Effect.ReadChunk(
                                GROUP, OBSERVER, new LogMessage.SnapshotRequest(null, 5, CONFIG.messageBytes())),
                        new Effect.ReadChunk(GROUP, OBSERVER, new LogMessage.SnapshotRequest(null, 5, 1)));
    }

    @Test
    void partsOfASnapshotAreTakenFromAnyoneByWhoDoesNotLead() {
        hear(B, new LogMessage.CatchUpReply(1, List.of(), 9, 7));
        parts.snapshots.flush(10, List.of(B, C), false);
        parts.effects();
        Payload bytes = Payload.utf8("abc");
        LogMessage.SnapshotChunk chunk =
                new LogMessage.SnapshotChunk(new SnapshotInfo(7, 6, 7), 0, SnapshotTransfer.checksum(bytes), bytes);
        assertThat(hear(B, chunk)).isTrue();
        assertThat(parts.effects()).containsExactly(new Effect.StoreChunk(GROUP, chunk));
        Parts other = new Parts();
        other.leader(1);
        assertThat(other.hear(10, B, chunk)).isFalse();
        assertThat(other.effects()).isEmpty();
    }

    // Forwards

    @Test
    void aLeaderProposesWhatIsForwardedIfItsOwnDoorWouldHaveLetItIn() {
        Leader leader = leading(0);
        Value tooLarge = command(1, CONFIG.maxValueBytes() + 1);
        Value large = command(2, CONFIG.maxValueBytes());
        Value belowItsFloor = new Value.Command(new CommandId(1, 3), 5, LogTime.ZERO, Payload.EMPTY);
        Value noFence = new Value.Command(new CommandId(1, 3), 4, LogTime.ZERO, Payload.utf8("x"));
        Value fence = Value.Command.fence(new CommandId(1, 3), LogTime.ZERO);
        Value atItsFloor = new Value.Command(new CommandId(1, 4), 4, LogTime.ZERO, Payload.EMPTY);
        Value session = new Value.OpenSession(B.node(), 7, LogTime.ZERO);
        List<Value> forwarded = List.of(tooLarge, large, belowItsFloor, noFence, fence, atItsFloor, session);
        assertThat(hear(B, new LogMessage.Forward(forwarded, 1))).isTrue();
        leader.flush(0, 10, LogTime.ZERO);
        assertThat(parts.said())
                .contains(said(C, accept(leader.ballot(), 1, List.of(large, fence, atItsFloor, session), 0)));
    }

    @Test
    void whoDoesNotLeadPassesOnToTheLeaderButNotBackNorForEver() {
        LogMessage.Forward forward = new LogMessage.Forward(commands(1, 1), 2);
        assertIgnored(B, forward);
        hear(C, new LogMessage.Heartbeat(HIGH, 0));
        parts.effects();
        assertIgnored(C, forward);
        assertIgnored(B, new LogMessage.Forward(commands(1, 1), 1));
        assertThat(hear(B, forward)).isTrue();
        assertThat(parts.said()).containsExactly(said(C, new LogMessage.Forward(commands(1, 1), 1)));
    }
}
