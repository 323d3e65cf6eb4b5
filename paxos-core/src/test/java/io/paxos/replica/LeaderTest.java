// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.CONFIG;
import static io.paxos.replica.Parts.D;
import static io.paxos.replica.Parts.E;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.OBSERVER;
import static io.paxos.replica.Parts.ballot;
import static io.paxos.replica.Parts.command;
import static io.paxos.replica.Parts.commands;
import static io.paxos.replica.Parts.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.log.PhaseOne;
import io.paxos.log.Regimes;
import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.Configuration;
import io.paxos.model.Fingerprint;
import io.paxos.model.LogTime;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a leader says to whom, and when; and how long it stays one. */
class LeaderTest {

    private static final Ballot BALLOT = ballot(2, ME);

    private final Parts parts = new Parts();

    private Leader leader(long decided, List<Value> found, long now) {
        return leader(CONFIG, decided, found, now);
    }

    private Leader leader(MachineConfig config, long decided, List<Value> found, long now) {
        PhaseOne phaseOne = new PhaseOne(parts.peers.regimes().governing(), BALLOT, decided + 1);
        List<SlotProposal> accepted = new ArrayList<>();
        for (Value value : found) {
            accepted.add(
                    new SlotProposal(decided + 1 + accepted.size(), new Proposal<>(new Ballot(1, C.node(), 1), value)));
        }
        SlotRange slots = new SlotRange(decided + 1, decided + 1 + accepted.size());
        phaseOne.onPromise(B, new LogMessage.Promise(BALLOT, slots, true, 0, decided, accepted));
        phaseOne.onPromise(C, new LogMessage.Promise(BALLOT, slots, true, 0, decided, accepted));
        return new Leader(parts.peers, parts.outbox, config, new Preparation(phaseOne, parts.outbox), decided, now);
    }

    /** Leads behind slot 0, with nothing found and its first heartbeat said, from tick 0 on. */
    private Leader fresh() {
        Leader leader = leader(0, List.of(), 0);
        parts.said();
        return leader;
    }

    private static LogMessage.Accept accept(long first, List<Value> values, long decided) {
        return new LogMessage.Accept(BALLOT, first, values, decided);
    }

    private static LogMessage.Heartbeat heartbeat(long decided) {
        return new LogMessage.Heartbeat(BALLOT, decided);
    }

    private static LogMessage.Decide decide(long decided) {
        return new LogMessage.Decide(BALLOT, decided);
    }

    /** Both others accept, and what is chosen is decided here. */
    private static void choose(Leader leader, long first, long end, long now) {
        leader.onAccepted(B, new SlotRange(first, end), now);
        leader.onAccepted(C, new SlotRange(first, end), now);
        leader.forget(leader.chosenUpTo());
    }

    private void flush(Leader leader, long decided, long now) {
        leader.flush(decided, now, LogTime.ZERO);
    }

    /** The slots of the Accepts to one voter. */
    private List<SlotRange> proposed() {
        return parts.said().stream()
                .filter(one -> one.to().equals(B) && one.message() instanceof LogMessage.Accept)
                .map(one -> ((LogMessage.Accept) one.message()).slots())
                .toList();
    }

    @Test
    void rule5_itBeginsWithWhatItFoundAndLetsAllKnowThatItLeads() {
        parts.observers = List.of(OBSERVER);
        leader(5, commands(1, 2), 0);
        LogMessage first = accept(6, commands(1, 2), 5);
        assertThat(parts.said())
                .containsExactly(
                        said(ME, first),
                        said(B, first),
                        said(C, first),
                        said(B, heartbeat(5)),
                        said(C, heartbeat(5)),
                        said(OBSERVER, heartbeat(5)));
    }

    @Test
    void heartbeatsComeAtTheirTimeAndNotEarlier() {
        Leader leader = leader(0, List.of(), 100);
        parts.said();
        assertThat(leader.tick(0, 104)).isTrue();
        assertThat(parts.said()).isEmpty();
        leader.tick(0, 105);
        assertThat(parts.said()).containsExactly(said(B, heartbeat(0)), said(C, heartbeat(0)));
        leader.tick(0, 109);
        assertThat(parts.said()).isEmpty();
    }

    @Test
    void rule17_withoutAQuorumItIsNoLeaderAnyMore() {
        Leader leader = leader(0, List.of(), 100);
        assertThat(leader.tick(0, 159)).as("nobody answered yet").isTrue();
        assertThat(leader.tick(0, 160)).isFalse();
        leader.onHeard(B, 0, 160);
        assertThat(leader.tick(0, 219)).isTrue();
        assertThat(leader.tick(0, 220)).isFalse();
        leader.onAccepted(C, new SlotRange(1, 2), 221);
        assertThat(leader.tick(0, 280)).as("an acceptance is a sign of life").isTrue();
    }

    @Test
    void rule10_nothingIsProposedBeyondTheWindow() {
        Leader leader = fresh();
        commands(1, 6).forEach(leader::offer);
        flush(leader, 0, 1);
        assertThat(proposed()).containsExactly(new SlotRange(1, 5));
        assertThat(leader.inFlight()).isEqualTo(4);
        choose(leader, 1, 5, 2);
        assertThat(leader.chosenUpTo()).isEqualTo(4);
        assertThat(leader.inFlight()).isZero();
        flush(leader, 4, 2);
        assertThat(proposed()).containsExactly(new SlotRange(5, 7));
    }

    @Test
    void rule18_theWindowIsBoundedInBytesTooButOneValueAlwaysPasses() {
        MachineConfig config = with(100, 8, 10_000, 2 * command(1).weight());
        Leader leader = leader(config, 0, List.of(), 0);
        parts.said();
        commands(1, 5).forEach(leader::offer);
        flush(leader, 0, 1);
        assertThat(leader.inFlight()).isEqualTo(2);
        parts.said();
        leader.offer(command(9, 400));
        choose(leader, 1, 3, 2);
        flush(leader, 2, 2);
        choose(leader, 3, 5, 2);
        flush(leader, 4, 2);
        assertThat(leader.inFlight())
                .as("the fifth, and the heavy one beside it")
                .isEqualTo(2);
        leader.offer(command(10));
        choose(leader, 5, 6, 3);
        flush(leader, 5, 3);
        assertThat(leader.inFlight()).as("the heavy one alone").isOne();
    }

    @Test
    void oneAcceptCarriesNoMoreThanAMessageShould() {
        MachineConfig config = with(2 * command(1).weight(), 8, 10_000, 10_000);
        Leader leader = leader(config, 0, commands(1, 3), 0);
        assertThat(proposed()).containsExactly(new SlotRange(1, 3), new SlotRange(3, 4));
        leader.offer(command(4));
        flush(leader, 0, 1);
        assertThat(proposed()).containsExactly(new SlotRange(4, 5));
    }

    @Test
    void rule18_whatWaitsBehindTheWindowIsBoundedAndTheCallersAreAskedNotToSendMore() {
        Leader leader = leader(with(1000, 2, 10_000, 10_000), 0, List.of(), 0);
        commands(1, 4).forEach(leader::offer);
        flush(leader, 0, 1);
        commands(5, 7).forEach(leader::offer);
        assertThat(leader.hasRoom()).as("twice as many as wait at a node").isTrue();
        leader.offer(command(8));
        assertThat(leader.hasRoom()).isFalse();
        leader.offer(command(9));
        parts.said();
        choose(leader, 1, 5, 2);
        flush(leader, 4, 2);
        choose(leader, 5, 9, 3);
        flush(leader, 8, 3);
        assertThat(proposed()).as("the newest went").containsExactly(new SlotRange(5, 9));
    }

    @Test
    void rule18_itIsBoundedInBytesToo() {
        int weight = command(1).weight();
        Leader leader = leader(with(1000, 8, 2L * weight, 10_000), 0, List.of(), 0);
        commands(1, 4).forEach(leader::offer);
        flush(leader, 0, 1);
        commands(5, 7).forEach(leader::offer);
        assertThat(leader.hasRoom()).isTrue();
        leader.offer(command(8));
        assertThat(leader.hasRoom()).isFalse();
    }

    @Test
    void aCommandThatIsAskedForAgainWhileItIsUnderWayTakesNoSecondSlot() {
        Leader leader = fresh();
        leader.offer(command(1));
        flush(leader, 0, 1);
        leader.offer(command(1));
        flush(leader, 0, 1);
        assertThat(proposed()).containsExactly(new SlotRange(1, 2));
        choose(leader, 1, 2, 2);
        leader.offer(command(1));
        flush(leader, 1, 2);
        assertThat(proposed())
                .as("whether it is executed again is the sessions' business")
                .hasSize(1);
    }

    @Test
    void whoForwardedIsToldAtOnceAndTheOthersWithTheNextTick() {
        Leader leader = fresh();
        leader.offer(B, commands(1, 1), 1);
        flush(leader, 0, 1);
        parts.said();
        choose(leader, 1, 2, 2);
        flush(leader, 1, 2);
        assertThat(parts.said()).containsExactly(said(B, decide(1)));
        leader.tick(1, 3);
        assertThat(parts.said()).containsExactly(said(C, decide(1)));
    }

    @Test
    void anAcceptTellsEveryVoterHowFarThingsAreDecided() {
        Leader leader = fresh();
        leader.offer(command(1));
        flush(leader, 0, 1);
        choose(leader, 1, 2, 2);
        leader.offer(command(2));
        parts.said();
        flush(leader, 1, 2);
        assertThat(parts.said()).contains(said(C, accept(2, commands(2, 2), 1)));
        leader.tick(1, 3);
        assertThat(parts.said()).as("all know").isEmpty();
    }

    @Test
    void whoHasNotAcceptedIsAskedAgainInTime() {
        Leader leader = fresh();
        leader.offer(command(1));
        flush(leader, 0, 0);
        leader.onAccepted(ME, new SlotRange(1, 2), 0);
        leader.offer(command(2));
        flush(leader, 0, 1);
        leader.onAccepted(ME, new SlotRange(2, 3), 0);
        parts.said();
        leader.onHeard(B, 0, 19);
        leader.onHeard(C, 0, 19);
        leader.tick(0, 19);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.Accept.class)).isEmpty();
        leader.tick(0, 20);
        assertThat(parts.said())
                .as("the second has been under way for 19 ticks only")
                .containsExactly(said(B, accept(1, commands(1, 1), 0)), said(C, accept(1, commands(1, 1), 0)));
        leader.onAccepted(B, new SlotRange(1, 2), 21);
        leader.tick(0, 40);
        assertThat(parts.said()).contains(said(B, accept(2, commands(2, 2), 0)), said(C, accept(1, commands(1, 2), 0)));
    }

    @Test
    void rule3_nobodyLeadsByPromisesThatDoNotSufficeOrSpeakOfDecisionsThatItLacks() {
        PhaseOne phaseOne = new PhaseOne(parts.peers.regimes().governing(), BALLOT, 1);
        LogMessage.Promise promise = new LogMessage.Promise(BALLOT, new SlotRange(1, 1), true, 0, 3, List.of());
        phaseOne.onPromise(B, promise);
        assertThatThrownBy(() -> begin(phaseOne, 3)).isInstanceOf(IllegalStateException.class);
        phaseOne.onPromise(C, promise);
        assertThatThrownBy(() -> begin(phaseOne, 2)).isInstanceOf(IllegalStateException.class);
        assertThat(begin(phaseOne, 3).chosenUpTo()).isEqualTo(3);
    }

    private Leader begin(PhaseOne phaseOne, long decided) {
        return new Leader(parts.peers, parts.outbox, CONFIG, new Preparation(phaseOne, parts.outbox), decided, 0);
    }

    @Test
    void theBestSuccessorHoldsMostOfThoseThatCanBeReached() {
        Leader leader = fresh();
        assertThat(leader.bestSuccessor(1)).as("nobody has answered").isNull();
        leader.onAccepted(B, new SlotRange(1, 4), 1);
        assertThat(leader.bestSuccessor(1)).isEqualTo(B);
        leader.onHeard(C, 4, 1);
        assertThat(leader.bestSuccessor(1)).as("one slot more").isEqualTo(C);
        leader.onLost(C.node());
        assertThat(leader.bestSuccessor(1)).isEqualTo(B);
        assertThat(leader.bestSuccessor(31)).as("too long ago").isNull();
    }

    @Test
    void rule14_theLeaseIsRenewedUntilTheSuccessorHasBeenTold() {
        MachineConfig config = CONFIG.with(new LeasePolicy(200_000_000, 0.25));
        Leader leader = leader(config, 0, List.of(), 0);
        parts.said();
        leader.renewLease(1, 1);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.LeaseRequest.class)).containsExactly(ME, B, C);
        leader.beginHandOver(C, 100);
        leader.renewLease(6, 6);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.LeaseRequest.class))
                .as("it is not near yet")
                .containsExactly(ME, B, C);
        leader.onHeard(C, 0, 7);
        flush(leader, 0, 7);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.TakeOver.class)).containsExactly(C);
        leader.renewLease(11, 11);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.LeaseRequest.class)).isEmpty();
    }

    @Test
    void ofMuchThatIsMissingAPartIsSentAgain() {
        MachineConfig config = with(50_000, 100, 10_000_000, 10_000_000);
        List<Value> values = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            values.add(command(i, 50_000));
        }
        Leader leader = leader(config, 0, values, 0);
        parts.said();
        leader.tick(0, 20);
        assertThat(proposed()).as("four messages' worth").containsExactly(new SlotRange(1, 5));
        Leader tiny = leader(with(10, 100, 10_000_000, 10_000_000), 0, values, 0);
        parts.said();
        tiny.tick(0, 20);
        assertThat(proposed()).as("however small messages are").containsExactly(new SlotRange(1, 3));
    }

    /**
     * An earlier leader, who knew of more decisions, may have had something chosen where this one may not propose yet: those
     * who come tell it of that, and whoever is served before it is executed here reads what is out of date.
     */
    @Test
    void rule14_whatThoseWhoComeHaveAcceptedBindsThisOfficeThoughItLiesWhereNothingMayBeProposedYet() {
        Regimes regimes = new Regimes(Configuration.initial(Parts.membership(ME, B, C)), 8, MajorityQuorums::of);
        regimes.decide(5, Parts.changeTo(ME, D, E));
        regimes.advance(5);
        Peers peers = new Peers(parts.self, Fingerprint.NONE, regimes, List::of, () -> true);
        parts.outbox.form(peers);
        PhaseOne phaseOne = new PhaseOne(regimes.governing(), BALLOT, 6);
        LogMessage.Promise nothing = new LogMessage.Promise(BALLOT, new SlotRange(6, 6), true, 0, 5, List.of());
        phaseOne.onPromise(B, nothing);
        phaseOne.onPromise(C, nothing);
        Leader leader = new Leader(peers, parts.outbox, CONFIG, new Preparation(phaseOne, parts.outbox), 5, 0);
        phaseOne.onPromise(ME, nothing);
        assertThat(leader.isPreparedForAll()).isFalse();

        SlotProposal accepted = new SlotProposal(15, new Proposal<>(ballot(1, C), command(1)));
        leader.onPromise(D, new LogMessage.Promise(BALLOT, new SlotRange(13, 16), true, 0, 5, List.of(accepted)));
        flush(leader, 5, 1);
        assertThat(regimes.knownUpTo()).isEqualTo(13);
        assertThat(leader.isPreparedForAll()).isTrue();
        assertThat(leader.bindingUpTo()).as("a read under a lease waits for it").isEqualTo(15);
        Leadership leadership = new Leadership(Parts.GROUP, parts.outbox);
        assertThat(leadership.awaited(leader)).isEqualTo(15);
        parts.effects();
        leadership.update(leader, 14);
        assertThat(parts.effects()).isEmpty();
        leadership.update(leader, 15);
        assertThat(parts.effects()).containsExactly(new Effect.LeadershipChanged(Parts.GROUP, BALLOT));
    }

    /** As usual, but for the size of messages, of what waits, and of the window. */
    private static MachineConfig with(int messageBytes, int queueCommands, long queueBytes, long windowBytes) {
        return new MachineConfig(
                5,
                30,
                10,
                20,
                windowBytes == 10_000 ? 4 : 100,
                windowBytes,
                messageBytes,
                queueCommands,
                queueBytes,
                50_000,
                10,
                0,
                SnapshotPolicy.NEVER);
    }
}
