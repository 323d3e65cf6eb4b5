// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.ballot;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import org.junit.jupiter.api.Test;

/** Who lets whom go first: by priority, by how far it is, and because somebody leads already. */
class RivalsTest {

    private static final Ballot BALLOT = ballot(5, B);
    private static final int PRIORITY = 5;

    private final Parts parts = new Parts(withPriority());
    private final Office office = parts.office;

    private static MachineConfig withPriority() {
        return new MachineConfig(5, 30, 10, 20, 4, 10_000, 1000, 8, 10_000, 500, 10, PRIORITY, SnapshotPolicy.NEVER);
    }

    private LogMessage.CanvassReply ask(long now, Endpoint from, int priority) {
        parts.effects();
        parts.hear(now, from, new LogMessage.Canvass(new Probe(3, 1), 0, priority));
        return (LogMessage.CanvassReply) parts.said().get(0).message();
    }

    private void heartbeat(long now) {
        parts.hear(now, B, new LogMessage.Heartbeat(BALLOT, 0));
    }

    private boolean canvassesAt(long now) {
        parts.said();
        office.tick(now, parts.acceptor.promised());
        return !Parts.whoHeard(parts.said(), LogMessage.Canvass.class).isEmpty();
    }

    /** The first tick from here on at which it asks whether it would win. */
    private long nextCanvass(long from) {
        for (long now = from; now < from + 1000; now++) {
            if (canvassesAt(now)) {
                return now;
            }
        }
        throw new AssertionError("it never asks");
    }

    // Priority

    @Test
    void whoHasTheHigherPriorityAsksToGoFirstOnce() {
        heartbeat(1);
        office.peerDown(B.node(), 40);
        parts.hear(41, B, new LogMessage.Prepare(ballot(6, B), 1));
        assertThat(ask(50, C, PRIORITY - 1).supports()).isFalse();
        assertThat(canvassesAt(50)).isFalse();
        assertThat(canvassesAt(51)).as("at once, though it has promised lately").isTrue();
        assertThat(ask(52, C, PRIORITY - 1).supports())
                .as("it has had its turn")
                .isTrue();
    }

    @Test
    void whoHasNoHigherPriorityHelps() {
        assertThat(ask(50, C, PRIORITY).supports()).isTrue();
        assertThat(ask(50, C, PRIORITY + 1).supports()).isTrue();
        assertThat(ask(50, C, PRIORITY - 1).supports())
                .as("its turn is not used up")
                .isFalse();
    }

    @Test
    void aLeaderThatIsHeardGivesEverybodyTheirTurnAnew() {
        assertThat(ask(10, C, 0).supports()).isFalse();
        assertThat(ask(10, C, 0).supports()).isTrue();
        heartbeat(11);
        assertThat(ask(12, C, 0).supports()).as("somebody leads").isFalse();
        office.peerDown(B.node(), 13);
        assertThat(ask(13, C, 0).supports()).isFalse();
        assertThat(canvassesAt(14)).isTrue();
        assertThat(ask(14, C, 0).supports()).isTrue();
    }

    @Test
    void whoLedItselfHasItsTurnAnew() {
        assertThat(ask(10, C, 0).supports()).isFalse();
        parts.leader(11);
        office.stepAside(12);
        assertThat(ask(13, C, 0).supports()).isFalse();
        assertThat(ask(13, C, 0).supports()).isTrue();
    }

    @Test
    void aCandidateIsTryingAlreadyAndStandsInNobodysWay() {
        parts.candidate(11);
        assertThat(ask(12, C, 0).supports()).isTrue();
    }

    // Somebody leads

    @Test
    void rule17_aLeaderNamesItselfHoweverLongItHasLed() {
        parts.leader(1);
        LogMessage.CanvassReply reply = ask(500, C, 0);
        assertThat(reply.leader()).isEqualTo(ME.node());
        assertThat(reply.supports()).isFalse();
    }

    @Test
    void rule17_aFollowerNamesTheLeaderAsLongAsItHearsIt() {
        heartbeat(1);
        assertThat(ask(30, C, PRIORITY).leader()).isEqualTo(B.node());
        assertThat(ask(30, C, PRIORITY).supports()).isFalse();
        assertThat(ask(31, C, PRIORITY).leader()).isNull();
        assertThat(ask(31, C, PRIORITY).supports()).isTrue();
    }

    @Test
    void rule17_whoReachesALeaderThroughAPeerLeadsOthersThereButNotThatPeer() {
        assertThat(canvassesAt(1)).isTrue();
        NodeId far = NodeId.of("far");
        parts.hear(2, C, new LogMessage.CanvassReply(new Probe(7, 1), false, far, Ballot.ZERO, 0));
        assertThat(ask(3, B, PRIORITY).leader()).isEqualTo(far);
        assertThat(ask(3, C, PRIORITY).leader()).isNull();
    }

    // Who is far behind

    private static LogMessage.CanvassReply far(int round) {
        return new LogMessage.CanvassReply(new Probe(7, round), true, null, Ballot.ZERO, 100);
    }

    @Test
    void rule3_whoIsFarBehindLetsOthersGoFirstThreeTimesHoweverManySupportIt() {
        long now = 1;
        for (int round = 1; round <= 3; round++) {
            now = nextCanvass(now);
            parts.hear(now, B, far(round));
            parts.hear(now, C, far(round));
            assertThat(office.role()).as("round %d", round).isInstanceOf(Follower.class);
            now++;
        }
        now = nextCanvass(now);
        parts.hear(now, C, far(4));
        assertThat(office.role()).as("somebody has to lead in the end").isInstanceOf(Candidate.class);
    }

    @Test
    void rule3_itsPatienceBeginsAnewWhenSomebodyHasLed() {
        long now = 1;
        for (int round = 1; round <= 6; round++) {
            if (round == 4) {
                heartbeat(now);
            }
            now = nextCanvass(now);
            parts.hear(now, C, far(round));
            assertThat(office.role()).as("round %d", round).isInstanceOf(Follower.class);
            now++;
        }
    }

    @Test
    void theQuestionTellsThePriority() {
        office.tick(1, Ballot.ZERO);
        assertThat(parts.said()).contains(Parts.said(B, new LogMessage.Canvass(new Probe(7, 1), 0, PRIORITY)));
    }
}
