// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.CONFIG;
import static io.paxos.replica.Parts.D;
import static io.paxos.replica.Parts.E;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.OBSERVER;
import static io.paxos.replica.Parts.REBORN;
import static io.paxos.replica.Parts.ballot;
import static io.paxos.replica.Parts.commands;
import static io.paxos.replica.Parts.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What reads of other nodes, and what serves them, do at a replica; and what may be forwarded besides commands. */
class InboundReadTest {

    private static final Ballot HIGH = ballot(8, C);

    private final Parts parts = new Parts();

    private boolean hear(Endpoint from, LogMessage message) {
        return parts.hear(10, from, message);
    }

    private void assertIgnored(Endpoint from, LogMessage message) {
        assertThat(hear(from, message)).as("%s", message).isFalse();
        assertThat(parts.effects()).as("after %s", message).isEmpty();
    }

    /** Leads at round 1 and has proposed the first commands. */
    private Leader leading(int proposed) {
        Leader leader = parts.leader(1);
        commands(1, proposed).forEach(leader::offer);
        leader.flush(0, 1, LogTime.ZERO);
        parts.said();
        return leader;
    }

    private static LogMessage.ReadReply reply(Probe probe, long decided) {
        return new LogMessage.ReadReply(probe, decided, decided, false);
    }

    // Questions

    @Test
    void rule13_whoVotesSaysHowFarItIsAndAtOnce() {
        parts.decided(2);
        parts.acceptor.accept(HIGH, 4, commands(4, 4), 2);
        Probe probe = new Probe(3, 1);
        assertThat(hear(B, new LogMessage.ReadQuery(probe, 0))).isTrue();
        List<Effect> effects = parts.effects();
        assertThat(effects).singleElement().isInstanceOf(Effect.Send.class);
        assertThat(Parts.said(effects)).containsExactly(said(B, new LogMessage.ReadReply(probe, 4, 2, false)));
        parts.votes = false;
        assertIgnored(B, new LogMessage.ReadQuery(probe, 0));
    }

    @Test
    void rule10_whoAsksWhatWouldSurviveIsAnsweredBehindTheWrites() {
        Probe probe = new Probe(3, Reconfigurer.NO_ROUND);
        assertThat(hear(OBSERVER, new LogMessage.ReadQuery(probe, 0))).isTrue();
        List<Effect> effects = parts.effects();
        assertThat(effects).singleElement().isInstanceOf(Effect.Persist.class);
        assertThat(Parts.said(effects)).containsExactly(said(OBSERVER, new LogMessage.ReadReply(probe, 0, 0, false)));
    }

    @Test
    void aReaderLearnsAtOnceWhatTheLeaderHasInFlight() {
        Leader leader = leading(1);
        assertThat(hear(C, new LogMessage.ReadQuery(new Probe(3, 1), 0))).isTrue();
        parts.said();
        for (Endpoint voter : List.of(ME, B, C)) {
            leader.onAccepted(voter, new SlotRange(1, 2), 10);
        }
        leader.flush(1, 10, LogTime.ZERO);
        assertThat(parts.said())
                .as("the others hear of it with the next tick")
                .containsExactly(said(C, new LogMessage.Decide(leader.ballot(), 1)));
    }

    @Test
    void rule17_whoReachesNoQuorumIsServedByOneWhoDoes() {
        assertThat(hear(C, new LogMessage.ReadQuery(new Probe(3, 1), 2))).isTrue();
        parts.said();
        parts.reads.flush(10);
        Probe own = new Probe(7, 1);
        assertThat(parts.said())
                .containsExactly(said(B, new LogMessage.ReadQuery(own, 0)), said(C, new LogMessage.ReadQuery(own, 0)));
        assertThat(hear(B, reply(own, 6))).isTrue();
        assertThat(parts.said()).containsExactly(said(C, new LogMessage.ReadReply(new Probe(3, 1), 6, 0, true)));
    }

    @Test
    void whoVotesInNoSlotToComeAsksNobodyForOthers() {
        Parts changed = new Parts(CONFIG.withAlpha(8));
        changed.peers.regimes().decide(1, Parts.changeTo(B, D, E));
        changed.peers.regimes().advance(8);
        assertThat(changed.hear(10, C, new LogMessage.ReadQuery(new Probe(3, 1), 2)))
                .isTrue();
        changed.said();
        changed.reads.flush(10);
        assertThat(changed.said()).isEmpty();
    }

    // Answers

    @Test
    void rule2_answersCountOfMembersOnly() {
        parts.reads.submit(new RequestId(1), 100);
        parts.reads.flush(10);
        Probe own = new Probe(7, 1);
        parts.effects();
        assertIgnored(REBORN, reply(own, 0));
        parts.reads.flush(10);
        assertThat(parts.effects()).isEmpty();
        assertThat(hear(B, reply(own, 0))).isTrue();
        parts.reads.flush(10);
        assertThat(parts.effects()).containsExactly(new Effect.Respond(new RequestId(1), new Outcome.Current(0)));
    }

    @Test
    void whoHearsNoLeaderFetchesWhatAVoterIsFoundToKnow() {
        Probe other = new Probe(3, 1);
        hear(REBORN, reply(other, 9));
        assertThat(parts.learning.known()).isZero();
        hear(B, reply(other, 7));
        assertThat(parts.learning.known()).isEqualTo(7);
    }

    @Test
    void whoHearsALeaderIsToldByThatWhatItLacks() {
        hear(C, new LogMessage.Heartbeat(HIGH, 0));
        assertThat(parts.office.hearsLeader(10)).isTrue();
        hear(B, reply(new Probe(3, 1), 7));
        assertThat(parts.learning.known()).isZero();
        assertThat(parts.office.hearsLeader(10 + CONFIG.electionTicks())).isFalse();
    }

    @Test
    void aLeaderHearsItselfHoweverLongItHasLed() {
        leading(0);
        long later = 10L * CONFIG.electionTicks();
        assertThat(parts.office.hearsLeader(later)).isTrue();
        parts.hear(later, B, reply(new Probe(3, 1), 7));
        assertThat(parts.learning.known()).isZero();
        parts.office.stepAside(later);
        assertThat(parts.office.hearsLeader(later)).isFalse();
    }

    // Slots to be closed

    @Test
    void aLeaderLeavesNoSlotFreeUpToWhereAReadWaitsButForNoMoreThanAWindow() {
        Leader leader = leading(1);
        assertThat(hear(B, new LogMessage.CloseSlots(3, 1))).isTrue();
        leader.flush(0, 10, LogTime.ZERO);
        List<Value> two = Collections.nCopies(2, Value.NO_OP);
        assertThat(parts.said()).contains(said(C, new LogMessage.Accept(leader.ballot(), 2, two, 0)));
        leader.onAccepted(B, new SlotRange(1, 4), 11);
        leader.onAccepted(C, new SlotRange(1, 4), 11);
        leader.forget(3);
        parts.decided(1);
        hear(B, new LogMessage.CloseSlots(1000, 1));
        leader.flush(3, 11, LogTime.ZERO);
        assertThat(parts.said())
                .contains(said(C, new LogMessage.Accept(leader.ballot(), 4, two, 3)))
                .noneMatch(one -> one.message() instanceof LogMessage.Accept accept
                        && accept.slots().end() > 2 + CONFIG.windowSlots());
    }

    @Test
    void whoDoesNotLeadPassesTheWishOnToTheLeaderButNotBackNorForEver() {
        LogMessage.CloseSlots close = new LogMessage.CloseSlots(9, 2);
        assertIgnored(B, close);
        hear(C, new LogMessage.Heartbeat(HIGH, 0));
        parts.effects();
        assertIgnored(C, close);
        assertIgnored(B, new LogMessage.CloseSlots(9, 1));
        assertThat(hear(B, close)).isTrue();
        assertThat(parts.said()).containsExactly(said(C, new LogMessage.CloseSlots(9, 1)));
    }

    // Changes that are forwarded

    @Test
    void rule10_aForwardedChangeIsProposedIfItAmendsTheLatestMembershipAndLeavesAQuorum() {
        Leader leader = leading(0);
        Value outdated = new Value.Reconfigure(new Configuration(2, Parts.membership(ME, B, D), new TreeSet<>()));
        Endpoint[] tooMany = IntStream.range(0, 65)
                .mapToObj(i -> new Endpoint(NodeId.of("v" + i), new Incarnation(100 + i)))
                .toArray(Endpoint[]::new);
        Value good = Parts.changeTo(ME, B, E);
        assertThat(hear(B, new LogMessage.Forward(List.of(outdated, Parts.changeTo(tooMany), good), 1)))
                .isTrue();
        leader.flush(0, 10, LogTime.ZERO);
        assertThat(parts.said())
                .contains(said(C, new LogMessage.Accept(leader.ballot(), 1, List.of(good), 0)))
                .filteredOn(one -> one.message() instanceof LogMessage.Accept)
                .hasSize(3);
    }
}
