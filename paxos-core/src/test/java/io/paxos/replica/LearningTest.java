// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.CONFIG;
import static io.paxos.replica.Parts.GROUP;
import static io.paxos.replica.Parts.ballot;
import static io.paxos.replica.Parts.command;
import static io.paxos.replica.Parts.commands;
import static io.paxos.replica.Parts.said;
import static io.paxos.replica.Parts.writes;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.RequestId;
import io.paxos.log.AcceptedLog;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Configuration;
import io.paxos.model.DecidedChange;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How decisions become known at one replica, what it writes of them, asks for, and hands on. */
class LearningTest {

    private static final Ballot BALLOT = ballot(1, B);
    private static final int AHEAD = 16_384;

    private final Parts parts = new Parts();
    private final Learning learning = parts.learning;

    /** Holds commands that were accepted at one ballot. */
    private void hold(long first, int count) {
        parts.acceptor.accept(BALLOT, first, commands((int) first, (int) first + count - 1), 0);
    }

    private static Write decided(long upTo) {
        return new Write.DecidedWrite(GROUP, upTo);
    }

    private void ask(long now) {
        learning.askForMissing(now, List.of(B, C));
    }

    private static LogMessage.CatchUpRequest question(long from) {
        return new LogMessage.CatchUpRequest(from, CONFIG.messageBytes());
    }

    private List<Effect> handedOn() {
        learning.handToApply(value -> null, 0);
        return parts.effects();
    }

    @Test
    void rule4_whatIsHeldAtTheBallotIsDecidedAndWrittenOnce() {
        hold(1, 3);
        learning.decide(BALLOT, 2);
        assertThat(writes(parts.effects())).containsExactly(decided(2));
        assertThat(learning.decided()).isEqualTo(2);
        assertThat(learning.missing()).isEqualTo(3);
        learning.decide(BALLOT, 2);
        assertThat(parts.effects()).isEmpty();
    }

    @Test
    void rule4_whatIsNotHeldAtTheBallotIsFetchedFromWhoeverSaidSo() {
        hold(1, 2);
        learning.advance(C, BALLOT, 2);
        ask(1);
        assertThat(parts.said()).as("nothing is missing").isEmpty();
        learning.advance(C, BALLOT, 5);
        assertThat(learning.known()).isEqualTo(5);
        ask(1);
        assertThat(parts.said()).containsExactly(said(C, question(3)));
        ask(2);
        assertThat(parts.said()).as("an answer is awaited").isEmpty();
    }

    @Test
    void anAnswerThatHelpedBringsTheNextQuestionAtOnce() {
        learning.hint(B, 9);
        ask(1);
        parts.said();
        learning.learn(B, 1, commands(1, 2));
        assertThat(writes(parts.effects())).containsExactly(new Write.LearnWrite(GROUP, 1, commands(1, 2)), decided(2));
        ask(2);
        assertThat(parts.said()).containsExactly(said(B, question(3)));
        learning.learn(B, 2, commands(2, 2));
        assertThat(parts.effects()).as("known before").isEmpty();
        ask(3);
        assertThat(parts.said()).as("no reason to hurry").isEmpty();
    }

    @Test
    void ofWhatAPeerTellsTheNewIsWrittenBehindTheOld() {
        hold(1, 2);
        learning.decide(BALLOT, 2);
        parts.effects();
        learning.learn(B, 1, commands(1, 4));
        assertThat(writes(parts.effects())).containsExactly(new Write.LearnWrite(GROUP, 3, commands(3, 4)), decided(4));
    }

    @Test
    void askingWhetherThereIsAnythingToMiss() {
        parts.decided(3);
        learning.poll(C);
        assertThat(parts.said()).containsExactly(said(C, question(4)));
        assertThat(learning.known()).isEqualTo(3);
    }

    @Test
    void anyPeerIsServedWithAsMuchAsBothWant() {
        parts.decided(5);
        assertThat(learning.answer(new LogMessage.CatchUpRequest(-7, 1000)))
                .isEqualTo(new LogMessage.CatchUpReply(1, commands(1, 5), 5, 0));
        assertThat(learning.answer(new LogMessage.CatchUpRequest(2, 1)))
                .isEqualTo(new LogMessage.CatchUpReply(2, commands(2, 2), 5, 0));
        parts.acceptor.accept(BALLOT, 6, List.of(command(6, 500), command(7, 500), command(8, 500)), 5);
        learning.decide(BALLOT, 8);
        assertThat(learning.answer(new LogMessage.CatchUpRequest(6, 1_000_000)))
                .as("not more than a message should carry")
                .isEqualTo(new LogMessage.CatchUpReply(6, List.of(command(6, 500), command(7, 500)), 8, 0));
    }

    @Test
    void whatIsDecidedIsHandedOnOnceAndInOrder() {
        parts.decided(2);
        assertThat(handedOn()).containsExactly(new Effect.Apply(GROUP, 1, commands(1, 2)));
        assertThat(handedOn()).isEmpty();
        hold(3, 1);
        learning.decide(BALLOT, 3);
        parts.effects();
        assertThat(handedOn()).containsExactly(new Effect.Apply(GROUP, 3, commands(3, 3)));
    }

    @Test
    void callersAreNamedInThePlacesOfTheirValues() {
        parts.decided(3);
        RequestId caller = new RequestId(77);
        learning.handToApply(value -> value.equals(command(2)) ? caller : null, 0);
        assertThat(parts.effects())
                .containsExactly(new Effect.Apply(GROUP, 1, commands(1, 3), Arrays.asList(null, caller, null)));
    }

    @Test
    void rule18_nothingIsHandedOnTooFarAheadOfWhatIsExecuted() {
        AcceptedLog log = new AcceptedLog();
        for (long slot = 1; slot <= AHEAD + 2; slot++) {
            log.put(slot, new Proposal<>(BALLOT, Value.NO_OP));
        }
        Learning behind = new Learning(GROUP, CONFIG, parts.outbox, parts.levels, log, AHEAD + 2, null);
        assertThat(count(behind)).isEqualTo(AHEAD);
        assertThat(count(behind)).isZero();
        behind.onApplied(1);
        assertThat(count(behind)).isOne();
        behind.onApplied(0);
        assertThat(behind.applied()).as("execution goes forward only").isOne();
    }

    private int count(Learning behind) {
        behind.handToApply(value -> null, 0);
        return parts.effects().stream()
                .mapToInt(effect -> ((Effect.Apply) effect).values().size())
                .sum();
    }

    @Test
    void rule9_aSnapshotFoundAtTheStartIsRestoredAndWhatTheLogDidNotSayIsMadeGood() {
        SnapshotInfo snapshot = new SnapshotInfo(10, 3, 7);
        AcceptedLog log = new AcceptedLog();
        Learning said = new Learning(GROUP, CONFIG, parts.outbox, parts.levels, log, 10, snapshot);
        assertThat(parts.effects()).as("the log says so already").isEmpty();
        said.handToApply(value -> null, 0);
        assertThat(parts.effects()).containsExactly(new Effect.Install(GROUP, snapshot));
        Learning unsaid = new Learning(GROUP, CONFIG, parts.outbox, parts.levels, log, 9, snapshot);
        assertThat(writes(parts.effects())).containsExactly(new Write.TrimWrite(GROUP, 10));
        assertThat(unsaid.decided()).isEqualTo(10);
    }

    @Test
    void rule9_anInstalledSnapshotTakesThePlaceOfWhatItCoversUnlessThatWasHandedOnBefore() {
        learning.install(new SnapshotInfo(10, 3, 7));
        assertThat(writes(parts.effects())).containsExactly(new Write.TrimWrite(GROUP, 10));
        assertThat(handedOn()).containsExactly(new Effect.Install(GROUP, new SnapshotInfo(10, 3, 7)));
        learning.install(new SnapshotInfo(10, 4, 8));
        parts.effects();
        assertThat(handedOn()).as("the same slots once more").isEmpty();
        hold(11, 2);
        learning.decide(BALLOT, 12);
        parts.effects();
        assertThat(handedOn()).containsExactly(new Effect.Apply(GROUP, 11, commands(11, 12)));
    }

    @Test
    void rule9_behindASnapshotTheLogIsForgottenButForWhatIsToBeKept() {
        MachineConfig keepTwo = new MachineConfig(
                5, 30, 10, 20, 4, 10_000, 1000, 8, 10_000, 500, 10, 0, SnapshotPolicy.DEFAULTS.withRetained(2, 10_000));
        hold(1, 9);
        Learning trimmed = new Learning(GROUP, keepTwo, parts.outbox, parts.levels, parts.log, 9, null);
        trimmed.onApplied(8);
        trimmed.trim(new SnapshotInfo(7, 3, 7));
        assertThat(writes(parts.effects())).containsExactly(new Write.TrimWrite(GROUP, 5));
        trimmed.trim(new SnapshotInfo(7, 3, 7));
        assertThat(parts.effects()).as("nothing more to forget").isEmpty();
        trimmed.trim(new SnapshotInfo(9, 3, 7));
        assertThat(writes(parts.effects()))
                .as("what is not executed is not forgotten")
                .containsExactly(new Write.TrimWrite(GROUP, 6));
        assertThat(trimmed.answer(new LogMessage.CatchUpRequest(7, 1000)))
                .isEqualTo(new LogMessage.CatchUpReply(7, commands(7, 9), 9, 6));
    }

    @Test
    void rule10_aSnapshotLaterThanTheOneToBeInstalledBringsTheDecisionsItStandsFor() {
        learning.form(parts.peers.regimes());
        long alpha = parts.peers.regimes().alpha();
        Endpoint other = new Endpoint(NodeId.of("other"), new Incarnation(44));
        Configuration next =
                new Configuration(1, Membership.of(Map.of(other.node(), other.incarnation())), new TreeSet<>());
        learning.install(new SnapshotInfo(5, 3, 7));
        handedOn();
        // A later one had been stored while this node led, and what is restored is the newest there is.
        long later = 10 + alpha + 5;
        learning.onApplied(later);
        learning.restored(later, List.of(new DecidedChange(10, next)));

        assertThat(learning.decided()).isEqualTo(later);
        assertThat(writes(parts.effects())).containsExactly(new Write.TrimWrite(GROUP, later));
        assertThat(parts.peers.regimes().isKnown()).isTrue();
        assertThat(parts.peers.regimes().current().from()).isLessThanOrEqualTo(learning.decided() + 1);
        assertThat(handedOn()).as("nothing before it is executed again").isEmpty();
    }

    /** Slot 6 of the log changes the membership; what was decided before is in the snapshot. */
    private Learning behindASnapshotOfFive(long decided) {
        AcceptedLog log = new AcceptedLog();
        log.forget(5);
        log.put(6, new Proposal<>(BALLOT, Parts.changeTo(Parts.ME, Parts.D, Parts.E)));
        log.put(7, new Proposal<>(BALLOT, command(7)));
        return new Learning(GROUP, CONFIG, parts.outbox, parts.levels, log, decided, new SnapshotInfo(5, 3, 7));
    }

    @Test
    void rule9_untilTheSnapshotIsRestoredNobodyKnowsWhoGovernsAndThenTheLogBehindItSaysTheRest() {
        Learning restarted = behindASnapshotOfFive(7);
        Parts other = new Parts();
        restarted.form(other.peers.regimes());
        assertThat(other.peers.regimes().isKnown()).isFalse();
        restarted.restored(4, List.of());
        assertThat(other.peers.regimes().isKnown()).as("an earlier one").isFalse();
        restarted.restored(5, List.of());
        assertThat(other.peers.regimes().isKnown()).isTrue();
        assertThat(other.peers.regimes().latest().configuration().version()).isOne();
        assertThat(other.peers.regimes().latest().from()).isEqualTo(6L + CONFIG.alpha());
        assertThat(parts.effects()).as("the log lacks nothing that is in it").isEmpty();
    }

    @Test
    void rule9_aSnapshotThatBringsNothingNewLeavesTheLogAsItIs() {
        Learning restarted = behindASnapshotOfFive(5);
        restarted.form(new Parts().peers.regimes());
        restarted.restored(5, List.of());
        assertThat(parts.effects()).isEmpty();
        restarted.restored(6, List.of());
        assertThat(writes(parts.effects())).containsExactly(new Write.TrimWrite(GROUP, 6));
        assertThat(restarted.decided()).isEqualTo(6);
    }

    @Test
    void rule9_whileASnapshotIsInstalledNobodyKnowsWhoGoverns() {
        parts.decided(3);
        assertThat(parts.peers.mayLead()).isTrue();
        learning.install(new SnapshotInfo(10, 3, 7));
        assertThat(parts.peers.regimes().isKnown()).isFalse();
        assertThat(parts.peers.mayLead()).isFalse();
        learning.restored(10, List.of());
        assertThat(parts.peers.regimes().isKnown()).isTrue();
    }

    @Test
    void theReportIsHurriedWhereTheSlotsThatAReadAwaitsBegin() {
        parts.decided(2);
        learning.handToApply(value -> null, 0);
        hold(3, 1);
        learning.decide(BALLOT, 3);
        learning.handToApply(value -> null, 3);
        hold(4, 1);
        learning.decide(BALLOT, 4);
        learning.handToApply(value -> null, 3);
        assertThat(parts.effects())
                .filteredOn(Effect.Apply.class::isInstance)
                .extracting(effect -> ((Effect.Apply) effect).awaited())
                .containsExactly(false, true, false);
    }
}
