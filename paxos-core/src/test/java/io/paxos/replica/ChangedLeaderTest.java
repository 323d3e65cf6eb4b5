// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.CONFIG;
import static io.paxos.replica.Parts.D;
import static io.paxos.replica.Parts.E;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.ballot;
import static io.paxos.replica.Parts.command;
import static io.paxos.replica.Parts.commands;
import static io.paxos.replica.Parts.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.log.PhaseOne;
import io.paxos.log.Regimes;
import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.LogTime;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A leader of the voters a, b and c whose slot 5 gives the votes from slot 13 on to a, d and e: whom it asks, what it may
 * propose in which slot, and to whom.
 */
class ChangedLeaderTest {

    private static final int ALPHA = 8;
    private static final Ballot BALLOT = ballot(2, ME);

    private final Parts parts = new Parts(CONFIG.withAlpha(ALPHA));
    private final Regimes regimes = parts.peers.regimes();

    private void change() {
        regimes.decide(5, Parts.changeTo(ME, D, E));
        regimes.advance(5);
    }

    /** A whole promise of somebody who knows as many slots to be decided. */
    private static LogMessage.Promise promise(long from, long decided, SlotProposal... accepted) {
        return new LogMessage.Promise(
                BALLOT, new SlotRange(from, from + accepted.length), true, 0, decided, List.of(accepted));
    }

    private static SlotProposal accepted(long slot, Value value) {
        return new SlotProposal(slot, new Proposal<>(ballot(1, C), value));
    }

    /** Leads from tick 0 on, by its own promise and that of {@link Parts#B}, who have accepted nothing. */
    private Leader leader(long decided) {
        PhaseOne phaseOne = new PhaseOne(regimes.governing(), BALLOT, decided + 1);
        phaseOne.onPromise(ME, promise(decided + 1, decided));
        phaseOne.onPromise(B, promise(decided + 1, decided));
        Leader leader = new Leader(
                parts.peers, parts.outbox, parts.config, new Preparation(phaseOne, parts.outbox), decided, 0);
        parts.said();
        return leader;
    }

    /** Leads since before the change, which it has proposed and which is decided now. */
    private Leader deciding() {
        regimes.advance(4);
        Leader leader = leader(4);
        leader.offer(Parts.changeTo(ME, D, E));
        leader.flush(4, 0, LogTime.ZERO);
        parts.said();
        return leader;
    }

    private void decide(Leader leader) {
        leader.onAccepted(ME, new SlotRange(5, 6), 0);
        leader.onAccepted(C, new SlotRange(5, 6), 0);
        change();
        leader.forget(5);
    }

    private List<Parts.Said> accepts() {
        return parts.said().stream()
                .filter(one -> one.message() instanceof LogMessage.Accept)
                .toList();
    }

    private List<Parts.Said> prepares() {
        return parts.said().stream()
                .filter(one -> one.message() instanceof LogMessage.Prepare)
                .toList();
    }

    private static LogMessage.Accept accept(long first, List<Value> values, long decided) {
        return new LogMessage.Accept(BALLOT, first, values, decided);
    }

    @Test
    void rule10_thoseWhoComeAreAskedForTheirPromisesAtOnceAndOnlyForTheirOwnSlots() {
        Leader leader = deciding();
        decide(leader);
        leader.flush(5, 1, LogTime.ZERO);
        LogMessage prepare = new LogMessage.Prepare(BALLOT, 5 + ALPHA);
        assertThat(prepares()).containsExactly(said(D, prepare), said(E, prepare));
    }

    @Test
    void rule10_aTickIsEnoughToAskThem() {
        Leader leader = deciding();
        decide(leader);
        leader.tick(5, 1);
        LogMessage prepare = new LogMessage.Prepare(BALLOT, 5 + ALPHA);
        assertThat(prepares()).containsExactly(said(D, prepare), said(E, prepare));
        leader.tick(5, CONFIG.resendTicks());
        assertThat(prepares()).isEmpty();
        leader.tick(5, 1 + CONFIG.resendTicks());
        assertThat(prepares()).as("no answer has come").containsExactly(said(D, prepare), said(E, prepare));
    }

    @Test
    void whoHasPromisedIsNotAskedAgain() {
        Leader leader = deciding();
        decide(leader);
        leader.flush(5, 1, LogTime.ZERO);
        leader.onPromise(D, promise(5 + ALPHA, 5));
        parts.said();
        for (long now = 2; now <= 2L * CONFIG.resendTicks(); now++) {
            leader.tick(5, now);
        }
        assertThat(prepares()).as("quorums of both have promised").isEmpty();
    }

    @Test
    void rule3_aPromiseThatGoesOnIsAskedForItsNextPart() {
        change();
        Leader leader = leader(5);
        LogMessage.Promise part =
                new LogMessage.Promise(BALLOT, new SlotRange(13, 14), false, 0, 5, List.of(accepted(13, command(1))));
        assertThat(leader.onPromise(D, part)).isEqualTo(PhaseOne.Progress.MORE_PARTS);
        assertThat(parts.said()).containsExactly(said(D, new LogMessage.Prepare(BALLOT, 14)));
        leader.onPromise(D, promise(14, 5));
        assertThat(parts.said()).as("it is complete").isEmpty();
        assertThat(leader.isPreparedForAll()).isTrue();
    }

    @Test
    void rule3_whereAPromiseReportsTheNextSlotAsDecidedThisLeaderHasBeenOutrun() {
        change();
        Leader leader = leader(5);
        leader.onPromise(D, promise(13, 5));
        assertThat(leader.isOutrun()).isFalse();
        leader.onPromise(E, promise(13, 6));
        assertThat(leader.isOutrun()).isTrue();
    }

    @Test
    void rule5_whatWasFoundWhereNothingMayBeProposedYetIsProposedThereLaterAndNothingElse() {
        change();
        Leader leader = leader(5);
        leader.onPromise(D, promise(13, 5, accepted(13, command(1)), accepted(14, command(2))));
        leader.offer(command(9));
        leader.flush(5, 1, LogTime.ZERO);
        assertThat(accepts())
                .as("the last slot of those who go waits until it is known who governs the next")
                .allMatch(one -> ((LogMessage.Accept) one.message()).slots().end() <= 13);

        regimes.advance(6);
        leader.flush(6, 2, LogTime.ZERO);
        assertThat(accepts()).contains(said(E, accept(13, commands(1, 1), 6)));
        regimes.advance(7);
        leader.flush(7, 3, LogTime.ZERO);
        assertThat(accepts()).contains(said(E, accept(14, commands(2, 2), 7)));
        regimes.advance(14);
        leader.flush(14, 4, LogTime.ZERO);
        assertThat(accepts()).as("what waited comes behind").contains(said(E, accept(15, commands(9, 9), 14)));
    }

    @Test
    void rule10_eachAcceptGoesToThoseWhoGovernItsSlotsAndToNobodyElse() {
        change();
        regimes.advance(10);
        Leader leader = leader(10);
        leader.onPromise(D, promise(13, 10));
        commands(1, 4).forEach(leader::offer);
        leader.flush(10, 1, LogTime.ZERO);
        LogMessage last = accept(11, commands(1, 2), 10);
        LogMessage first = accept(13, commands(3, 4), 10);
        assertThat(accepts())
                .containsExactly(
                        said(ME, last), said(B, last), said(C, last), said(ME, first), said(D, first), said(E, first));
    }

    @Test
    void rule10_theSlotsOfThoseWhoGoAreFilledSoThatTheChangeGovernsSoon() {
        Leader leader = deciding();
        decide(leader);
        leader.flush(5, 1, LogTime.ZERO);
        assertThat(accepts()).contains(said(B, accept(6, Collections.nCopies(CONFIG.windowSlots(), Value.NO_OP), 5)));
    }

    @Test
    void anOfficeThatIsOfferedIsNotOfferedAnyMoreToWhoLeaves() {
        Leader leader = deciding();
        leader.beginHandOver(B, 100);
        decide(leader);
        leader.onAccepted(B, new SlotRange(5, 6), 2);
        leader.flush(5, 2, LogTime.ZERO);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.TakeOver.class)).isEmpty();
        assertThat(leader.tick(5, 3)).isTrue();
        assertThat(leader.handOver()).isNull();
    }

    @Test
    void whoWasToldToTakeOverBeforeItLeavesStillMay() {
        Leader leader = deciding();
        leader.beginHandOver(B, 100);
        leader.onHeard(B, 4, 2);
        leader.flush(4, 2, LogTime.ZERO);
        assertThat(Parts.whoHeard(parts.said(), LogMessage.TakeOver.class)).containsExactly(B);
        decide(leader);
        leader.tick(5, 3);
        assertThat(leader.handOver()).isNotNull();
        leader.flush(5, 3, LogTime.ZERO);
        assertThat(accepts()).as("nothing new is proposed meanwhile").isEmpty();
    }

    @Test
    void whoLeavesIsDispensableWhenAQuorumOfThoseWhoStayKnowsAllBelow() {
        Leader leader = leader(5);
        leader.onHeard(B, 5, 1);
        leader.onHeard(C, 4, 1);
        assertThat(leader.isDispensable(5)).isFalse();
        leader.onHeard(C, 5, 2);
        assertThat(leader.isDispensable(5)).isTrue();
        assertThat(leader.isDispensable(6)).isFalse();
    }

    @Test
    void rule10_whoVotesInNoFurtherSlotProposesUpToItsLastOneAndIsDone() {
        regimes.decide(5, Parts.changeTo(B, D, E));
        regimes.advance(11);
        Leader leader = leader(11);
        for (Endpoint each : List.of(D, E)) {
            leader.onPromise(each, promise(13, 11));
        }
        leader.offer(command(1));
        leader.offer(command(2));
        leader.flush(11, 1, LogTime.ZERO);
        assertThat(accepts())
                .containsExactly(
                        said(ME, accept(12, commands(1, 1), 11)),
                        said(B, accept(12, commands(1, 1), 11)),
                        said(C, accept(12, commands(1, 1), 11)));
        assertThat(leader.isDone(11)).isFalse();
        assertThat(leader.isDone(12)).isTrue();
    }
}
