// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.ME;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.log.AcceptedLog;
import io.paxos.log.Regimes;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.ClusterName;
import io.paxos.model.Configuration;
import io.paxos.model.DecidedChange;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule 10: one change of membership from the call to the answer, to the tick; the test says who answers, and when. */
class ReconfigurerTest {

    private static final long START = 7;
    private static final Endpoint D = new Endpoint(NodeId.of("d"), new Incarnation(4));
    private static final Membership THREE = membership(ME, B, C);
    private static final RequestId CALL = new RequestId(1);

    /** A change governs four slots behind the one that decides it; a window holds as many. */
    private static final MachineConfig CONFIG = Parts.CONFIG.withAlpha(4);

    private final Outbox outbox = new Outbox(Parts.GROUP);
    private final AcceptedLog log = new AcceptedLog();
    private final Levels levels = new Levels(Parts.GROUP, ME.node(), CONFIG, outbox);
    private final Learning learning = new Learning(Parts.GROUP, CONFIG, outbox, levels, log, 0, null);
    private final Map<RequestId, Outcome> outcomes = new HashMap<>();
    private final List<Endpoint> asked = new ArrayList<>();
    private FeatureLevel supported = FeatureLevel.LATEST;
    private final Abilities abilities = new Abilities() {
        @Override
        public FeatureLevel of(Endpoint node) {
            return supported;
        }

        @Override
        public boolean areObserversHeard() {
            return true;
        }
    };
    private Regimes regimes = new Regimes(Configuration.initial(THREE), CONFIG.alpha(), MajorityQuorums::of);
    private Reconfigurer reconfigurer = reconfigurer(MajorityQuorums::of);

    private static Membership membership(Endpoint... voters) {
        Map<NodeId, Incarnation> byName = new HashMap<>();
        for (Endpoint voter : voters) {
            byName.put(voter.node(), voter.incarnation());
        }
        return Membership.of(byName);
    }

    private static Configuration configuration(long version, Endpoint... voters) {
        return new Configuration(version, membership(voters), new TreeSet<>());
    }

    private Reconfigurer reconfigurer(Function<Set<NodeId>, QuorumSystem> rule) {
        Self self = new Self(new ClusterName("test"), ME, START);
        regimes = new Regimes(Configuration.initial(THREE), CONFIG.alpha(), rule);
        Peers peers = new Peers(
                self, Fingerprint.of(THREE, "a rule"), regimes, () -> List.of(D), List::of, () -> true, abilities);
        outbox.form(peers);
        levels.form(peers);
        learning.form(regimes);
        Reconfigurer made = new Reconfigurer(self, CONFIG, outbox, learning, levels);
        made.form(peers);
        return made;
    }

    private void submit(MembershipChange change, long deadline) {
        assertThat(reconfigurer.submit(CALL, change, deadline)).isNull();
    }

    /** What is proposed at a tick; who is asked then is kept. */
    private @Nullable Value flush(long now) {
        Value proposed = reconfigurer.flush(now);
        hearOut();
        return proposed;
    }

    private void tick(long now) {
        reconfigurer.tick(now);
        hearOut();
    }

    private void hearOut() {
        List<Effect> effects = outbox.drain();
        asked.clear();
        asked.addAll(Parts.whoHeard(Parts.said(effects), LogMessage.ReadQuery.class));
        for (Effect effect : effects) {
            if (effect instanceof Effect.Respond respond) {
                assertThat(outcomes.put(respond.request(), respond.outcome())).isNull();
            }
        }
    }

    private void answer(Endpoint from, long decided, long now) {
        Probe probe = new Probe(START, Reconfigurer.NO_ROUND);
        reconfigurer.onReply(from, new LogMessage.ReadReply(probe, decided, decided, false), now);
    }

    private void decide(List<Value> values) {
        long slot = learning.decided();
        for (Value value : values) {
            log.put(++slot, new Proposal<>(Parts.ballot(1, B), value));
        }
        learning.decide(Parts.ballot(1, B), slot);
        outbox.drain();
    }

    private void assertRefused(Outcome.Reason reason) {
        assertThat(outcomes.get(CALL))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(reason));
    }

    /** Two are left, and both are there. */
    private Value propose(long now, long deadline) {
        submit(MembershipChange.remove(C.node()), deadline);
        answer(ME, learning.decided(), now);
        assertThat(flush(now)).as("nobody has answered this question yet").isNull();
        answer(ME, learning.decided(), now);
        answer(B, learning.decided(), now);
        Value change = new Value.Reconfigure(configuration(1, ME, B));
        assertThat(flush(now)).isEqualTo(change);
        return change;
    }

    @Test
    void whoWouldVoteIsAskedAtOnceAndAgainWithEachHeartbeat() {
        submit(MembershipChange.add(D.node()), 1000);
        flush(100);
        assertThat(asked).containsExactlyInAnyOrder(ME, B, C, D);
        flush(104);
        assertThat(asked).isEmpty();
        flush(105);
        assertThat(asked).containsExactlyInAnyOrder(ME, B, C, D);
    }

    @Test
    void rule10_aNewcomerIsProposedWhenItHasWhatWasDecidedBeforeTheCallAndIsAtMostAWindowBehind() {
        decide(Parts.commands(1, 10));
        submit(MembershipChange.add(D.node()), 1000);
        flush(100);
        for (Endpoint voter : List.of(ME, B, C)) {
            answer(voter, 10, 100);
        }
        answer(D, 9, 100);
        assertThat(flush(100)).as("one slot short of the call").isNull();
        decide(Parts.commands(11, 20));
        answer(D, 15, 101);
        assertThat(flush(101)).as("five slots behind").isNull();
        answer(D, 16, 102);
        assertThat(flush(102)).isEqualTo(new Value.Reconfigure(configuration(1, ME, B, C, D)));
    }

    @ParameterizedTest
    @CsvSource({"159, true", "160, false"})
    void rule10_whoWasNotHeardForTwoElectionTimesIsNotCountedAsThere(long now, boolean isProposed) {
        submit(MembershipChange.remove(C.node()), 1000);
        flush(99);
        answer(B, 0, 100);
        answer(ME, 0, now);
        assertThat(flush(now) != null).isEqualTo(isProposed);
    }

    @Test
    void aProposalOfWhichNothingIsHeardIsMadeAgain() {
        Value proposed = propose(100, 1000);
        assertThat(flush(139)).isNull();
        assertThat(flush(140)).isEqualTo(proposed);
        assertThat(flush(179)).isNull();
        assertThat(flush(180)).isEqualTo(proposed);
    }

    @Test
    void rule9_aNewcomerThatIsTooOldForTheLogIsRefusedBeforeAnythingIsProposed() {
        supported = FeatureLevel.BASE;
        submit(MembershipChange.add(D.node()), 1000);
        flush(100);
        assertRefused(Outcome.Reason.FEATURE_LEVEL);
        assertThat(outcomes.get(CALL).toString()).contains("d supports only up to feature level 0");
    }

    /** What is on its way may be decided, whoever is started anew meanwhile with an older library. */
    @Test
    void rule11_aChangeThatHasBeenProposedIsNotRefusedForALevel() {
        submit(MembershipChange.add(D.node()), 1000);
        flush(100);
        List.of(ME, B, C, D).forEach(node -> answer(node, 0, 100));
        Value change = new Value.Reconfigure(configuration(1, ME, B, C, D));
        assertThat(flush(100)).isEqualTo(change);
        supported = FeatureLevel.BASE;
        assertThat(flush(139)).isNull();
        assertThat(flush(140)).as("proposed again").isEqualTo(change);
        assertThat(outcomes).isEmpty();
        decide(List.of(change));
        flush(150);
        assertThat(outcomes).isEmpty();
        tick(1000);
        assertThat(outcomes.get(CALL)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void aCallIsRefusedAtItsDeadlineWhereNothingHasBeenProposed() {
        submit(MembershipChange.add(D.node()), 200);
        flush(100);
        tick(199);
        assertThat(outcomes).isEmpty();
        tick(200);
        assertRefused(Outcome.Reason.TIMEOUT);
        assertThat(outcomes.get(CALL).toString()).as("whom it waited for").contains(D + "] had caught up");
        assertThat(flush(201)).isNull();
        assertThat(asked).as("nobody waits any more").isEmpty();
    }

    @Test
    void whereNobodyIsToCatchUpTheRefusalSpeaksOfNobody() {
        submit(MembershipChange.remove(C.node()), 200);
        flush(100);
        answer(B, 0, 100);
        tick(200);
        assertRefused(Outcome.Reason.TIMEOUT);
        assertThat(outcomes.get(CALL).toString()).contains("[b]").doesNotContain("caught up");
    }

    @Test
    void whatHasBeenProposedIsUnknownAtTheDeadline() {
        propose(100, 200);
        tick(199);
        assertThat(outcomes).isEmpty();
        tick(200);
        assertThat(outcomes.get(CALL)).isInstanceOf(Outcome.Unknown.class);
        assertThat(flush(300)).isNull();
    }

    @Test
    void rule10_aDecidedChangeWhoseNewVotersAreNotKnownToHoldAllIsUnknownAtTheDeadline() {
        Value change = propose(100, 200);
        decide(List.of(change));
        assertThat(flush(150)).isNull();
        tick(200);
        assertThat(outcomes.get(CALL))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.detail())
                        .contains("from slot 5", "do not stop those who leave"));
    }

    @Test
    void whoStopsTellsTheCallerWhetherAnythingWasProposed() {
        reconfigurer.stop("no call, so nobody is told");
        hearOut();
        assertThat(outcomes).isEmpty();
        submit(MembershipChange.remove(C.node()), 1000);
        reconfigurer.stop("enough");
        hearOut();
        assertThat(outcomes).containsEntry(CALL, new Outcome.Refused(Outcome.Reason.STOPPED, "enough"));
        outcomes.clear();
        propose(100, 1000);
        reconfigurer.stop("enough");
        hearOut();
        assertThat(outcomes.get(CALL)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void rule10_nothingIsChangedOnTopOfAChangeThatDoesNotGovernYet() {
        decide(List.of(new Value.Reconfigure(configuration(1, ME, B, C, D))));
        submit(MembershipChange.remove(C.node()), 1000);
        assertThat(flush(100)).isNull();
        assertRefused(Outcome.Reason.CHANGE_UNDER_WAY);
        decide(Parts.commands(1, 4));
        outcomes.clear();
        submit(MembershipChange.remove(C.node()), 1000);
        flush(101);
        assertThat(outcomes).as("it governs now").isEmpty();
        assertThat(asked).containsExactlyInAnyOrder(ME, B, D);
    }

    @Test
    void rule10_aCallThatChangesNothingIsAnsweredWhenAQuorumIsKnownToHoldAllBelow() {
        decide(Parts.commands(1, 3));
        submit(MembershipChange.add(B.node()), 1000);
        assertThat(flush(100)).isNull();
        assertThat(asked).containsExactlyInAnyOrder(ME, B, C);
        assertThat(outcomes).isEmpty();
        answer(ME, 3, 101);
        answer(C, 0, 101);
        assertThat(flush(101)).as("nothing is proposed").isNull();
        assertThat(outcomes).containsEntry(CALL, new Outcome.Reconfigured(Configuration.initial(THREE), 1));
    }

    @Test
    void rule10_whatTheConfiguredRuleHasNoQuorumsForIsRefused() {
        reconfigurer = reconfigurer(names -> MajorityQuorums.of(THREE.voters().keySet()));
        submit(MembershipChange.add(D.node()), 1000);
        assertThat(flush(100)).isNull();
        assertRefused(Outcome.Reason.NO_QUORUM);
        assertThat(asked).isEmpty();
    }

    @Test
    void whetherAChangeWasAmongThoseThatASnapshotSkippedIsUnknown() {
        propose(100, 1000);
        regimes.restore(20, List.of(new DecidedChange(10, configuration(2, ME, B, D))));
        assertThat(flush(101)).isNull();
        assertThat(outcomes.get(CALL))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.detail())
                        .contains("the membership has gone on to v2"));
        assertThat(flush(200)).isNull();
    }

    /** A leader's own plans: b has come back with another store, which is noticed at tick 0. */
    private static final class Returned {

        final Parts parts = new Parts();
        final Leader leader = parts.leader(50);
        final Reconfigurer reconfigurer = new Reconfigurer(
                parts.self, Parts.CONFIG.withReadmission(50), parts.outbox, parts.learning, parts.levels);

        Returned() {
            parts.observers = List.of(Parts.REBORN);
            reconfigurer.form(parts.peers);
        }

        /** Whether the leader sees to it that the new store is counted. */
        boolean asksAt(long now) {
            reconfigurer.flush(now);
            return Parts.whoHeard(parts.said(), LogMessage.ReadQuery.class).contains(Parts.REBORN);
        }
    }

    @Test
    void aLeaderGivesUpWhatItWantsItselfAfterTenElectionTimes() {
        Returned returned = new Returned();
        returned.reconfigurer.readmit(returned.leader, 100);
        returned.reconfigurer.readmit(returned.leader, 149);
        assertThat(returned.asksAt(149)).isFalse();
        returned.reconfigurer.readmit(returned.leader, 150);
        assertThat(returned.asksAt(150)).isTrue();
        returned.reconfigurer.tick(449);
        assertThat(returned.asksAt(449)).isTrue();
        returned.reconfigurer.tick(450);
        assertThat(returned.asksAt(455)).isFalse();
    }

    @Test
    void whoLeadsNoMoreWantsNothingItselfAndIsPatientAnewWhenItLeadsAgain() {
        Returned returned = new Returned();
        returned.reconfigurer.readmit(returned.leader, 100);
        returned.reconfigurer.readmit(null, 140);
        returned.reconfigurer.readmit(returned.leader, 160);
        returned.reconfigurer.readmit(returned.leader, 209);
        assertThat(returned.asksAt(209)).isFalse();
        returned.reconfigurer.readmit(returned.leader, 210);
        assertThat(returned.asksAt(210)).isTrue();
        returned.reconfigurer.readmit(null, 215);
        assertThat(returned.asksAt(215)).isFalse();
    }

    @Test
    void aCallIsSeenThroughByWhoeverLeads() {
        Returned returned = new Returned();
        assertThat(returned.reconfigurer.submit(CALL, MembershipChange.add(B.node()), 1000))
                .isNull();
        returned.reconfigurer.readmit(null, 100);
        assertThat(returned.asksAt(100)).isTrue();
    }
}
