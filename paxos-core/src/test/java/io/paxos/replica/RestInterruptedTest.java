// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.message.PulseMessage;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What rests while somebody dies, is cut off or is started again, and while pulses are lost: no leader is believed in longer than one that says so itself. */
class RestInterruptedTest extends RestLab {

    @Test
    void rule17WhoseLeaderDiesIsElectedAnewThoughTheLogRested() {
        start();
        Lab.Node dead = leader();
        lab.stop(dead);
        nodes.remove(dead);
        lab.ticks(FAILOVER);
        assertThat(nodes).anySatisfy(node -> assertThat(node.leads()).isTrue());
        RequestId call = leader().submit("b");
        lab.ticks(2);
        assertThat(leader().outcome(call)).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void rule17ALeaderCutOffStepsDownThoughTheLogRested() {
        start();
        Lab.Node cut = leader();
        lab.lose(envelope ->
                envelope.from().node().equals(cut.id) || envelope.to().node().equals(cut.id));
        lab.ticks(2 * ELECTION - MachineConfig.DEFAULTS.heartbeatTicks() - 1);
        assertThat(cut.leads()).as("not sooner than a leader that was awake").isTrue();
        lab.ticks(MachineConfig.DEFAULTS.heartbeatTicks() + 3);
        assertThat(cut.leads()).isFalse();
    }

    @Test
    void rule17ALeaderThatIsNotHeardIsDeposedThoughItHears() {
        start();
        Lab.Node mute = leader();
        lab.lose(envelope -> envelope.from().node().equals(mute.id));
        lab.ticks(FAILOVER);
        assertThat(mute.leads()).isFalse();
        assertThat(followersOf(mute))
                .anySatisfy(node -> assertThat(node.leads()).isTrue());
    }

    @Test
    void rule17ALeaderThatHearsNobodyIsDeposedThoughItIsHeard() {
        start();
        Lab.Node deaf = leader();
        lab.lose(envelope -> envelope.to().node().equals(deaf.id));
        lab.ticks(2 * ELECTION + FAILOVER);
        assertThat(deaf.leads()).isFalse();
        assertThat(followersOf(deaf))
                .anySatisfy(node -> assertThat(node.leads()).isTrue());
    }

    @Test
    void whoIsNotHeardByOneFollowerIsNotDeposedByIt() {
        start();
        Lab.Node leader = leader();
        Lab.Node apart = followers().get(0);
        lab.lose(between(leader, apart).or(between(apart, leader)));
        lab.ticks(5 * FAILOVER);
        assertThat(leader.leads()).isTrue();
        RequestId call = apart.submit("through another");
        lab.ticks(50);
        assertThat(apart.outcome(call)).isInstanceOf(Outcome.Applied.class);
    }

    /** What a new start says of the logs that it leads says nothing for those that the one before led. */
    @Test
    void rule1AnotherStartOfTheLeaderDoesNotStandForTheOneBefore() {
        start();
        Lab.Node old = leader();
        Map<NodeId, Long> streams = new HashMap<>();
        for (Envelope envelope : lab.sent()) {
            if (envelope.from().equals(old.self.endpoint()) && envelope.message() instanceof PulseMessage.Pulse pulse) {
                streams.put(envelope.to().node(), pulse.stream());
            }
        }
        lab.stop(old);
        nodes.remove(old);
        Lab.Node again = lab.startWithout(old.id.name(), old.disk);
        for (int i = 0; i < FAILOVER; i++) {
            for (Lab.Node node : nodes) {
                long stream = streams.getOrDefault(node.id, 0L);
                lab.deliver(again.sayAsNode(node, new PulseMessage.Pulse(stream, 1, List.of())));
            }
            lab.ticks(1);
        }
        assertThat(nodes).anySatisfy(node -> assertThat(node.leads()).isTrue());
    }

    @Test
    void aFollowerThatWasRestartedIsMissedAndFoundAgain() {
        start();
        Lab.Node leader = leader();
        leader.submit("a");
        lab.ticks(FAILOVER);
        Lab.Node follower = followers().get(0);
        lab.stop(follower);
        nodes.remove(follower);
        Lab.Node again = lab.start(follower.id.name(), follower.disk);
        nodes.add(again);
        lab.ticks(FAILOVER);
        assertThat(leader.leads()).isTrue();
        assertThat(again.group().leader()).isEqualTo(leader.id);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(1));
    }

    /** Their nodes answer pulses, but the log is nowhere any more but at its leader. */
    @Test
    void rule17ALeaderWhoseFollowersHaveNotOpenedTheLogAgainStepsDown() {
        start();
        Lab.Node leader = leader();
        for (Lab.Node follower : followers()) {
            lab.stop(follower);
            lab.startWithout(follower.id.name(), follower.disk);
        }
        lab.ticks(2 * ELECTION + FAILOVER);
        assertThat(leader.leads()).isFalse();
        assertThat(leader.machine.resting()).isZero();
    }

    /** What it said before the restart would do, had it been said since. */
    @Test
    void aVoterThatIsStartedAgainAtOnceIsAskedAnewWhetherItTakesPart() {
        start();
        Lab.Node leader = leader();
        for (int i = 0; i < 2 * ELECTION; i++) {
            leader.submit("a" + i);
            lab.ticks(1);
        }
        lab.ticks(MachineConfig.DEFAULTS.heartbeatTicks() + 2);
        assertThat(leader.machine.resting()).isZero();
        Lab.Node follower = followers().get(0);
        lab.stop(follower);
        lab.startWithout(follower.id.name(), follower.disk);
        lab.ticks(3 * FAILOVER);
        assertThat(leader.leads()).isTrue();
        assertThat(leader.machine.resting()).isZero();
    }

    /** Their nodes answer pulses, and refuse; the leader does not take that for hearing of its log. */
    @Test
    void rule17ALeaderWhoseFollowersHaveHaltedStepsDown() {
        start();
        Lab.Node leader = leader();
        for (Lab.Node follower : followers()) {
            follower.machine.step(
                    new Event.ApplyFailed(Lab.GROUP, 1, new CommandId(1, 1), "as if a command had thrown"));
        }
        lab.ticks(2 * ELECTION + FAILOVER);
        assertThat(leader.leads()).isFalse();
    }

    @Test
    void theTransportsWordThatALeaderIsGoneWakesItsLogs() {
        start();
        Lab.Node dead = leader();
        lab.stop(dead);
        nodes.remove(dead);
        nodes.forEach(node -> node.step(new Event.PeerDown(dead.id)));
        lab.ticks(JITTER);
        assertThat(nodes).anySatisfy(node -> assertThat(node.leads()).isTrue());
    }

    @Test
    void whoNeverHeardThatALogRestsIsToldAgain() {
        start();
        leader().submit("a");
        lab.lose(RestInterruptedTest::laysDown);
        int before = lab.sent().size();
        while (lab.sent().stream().skip(before).noneMatch(RestInterruptedTest::laysDown)) {
            lab.ticks(1);
        }
        lab.lose(envelope -> false);
        assertThat(sentIn(3 * FAILOVER, RestLab::missesLeader))
                .as("nobody misses the leader")
                .isZero();
        assertThat(nodes).allMatch(this::rests);
    }

    /** The pulse before the silence was its last sign of life; to wake is none. */
    @Test
    void rule17WhoWakesHasNotHeardItsLeaderByThat() {
        start();
        Lab.Node dead = leader();
        Lab.Node follower = followers().get(0);
        Lab.Node other = followers().get(1);
        lab.stop(dead);
        nodes.remove(dead);
        lab.ticks(ELECTION - 5);
        lab.lose(envelope -> true);
        follower.submit("a");
        lab.ticks(MachineConfig.DEFAULTS.heartbeatTicks() + 1);
        int before = lab.sent().size();
        lab.deliver(other.say(
                follower, new LogMessage.Canvass(new Probe(5, 1), other.group().decided(), 0)));
        assertThat(lab.sent().stream().skip(before))
                .filteredOn(envelope -> envelope.message() instanceof GroupMessage m
                        && m.body() instanceof LogMessage.CanvassReply reply
                        && reply.supports())
                .hasSize(1);
    }

    @Test
    void aPulseThatIsLostIsMadeUpFor() {
        start();
        Lab.Node leader = leader();
        int[] count = {0};
        lab.lose(envelope -> envelope.message() instanceof PulseMessage && ++count[0] % 3 != 0);
        for (int i = 0; i < 20; i++) {
            leader.submit("c" + i);
            lab.ticks(i);
        }
        lab.ticks(10 * FAILOVER);
        NodeId led = leader.id;
        assertThat(nodes).allSatisfy(node -> {
            assertThat(node.executed).hasSize(20);
            assertThat(node.group().leader()).isEqualTo(led);
        });
    }

    /** As a node of a release does that knows no pulses. */
    @Test
    void whoDoesNotAnswerPulsesKeepsHearingHeartbeats() {
        NodeId old = NodeId.of("n2");
        lab.lose(envelope -> envelope.message() instanceof PulseMessage
                && envelope.from().node().equals(old));
        start();
        Lab.Node leader = leader();
        Ballot ballot = leader.group().ballot();
        lab.ticks(10 * FAILOVER);
        boolean oldLeads = leader.id.equals(old);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isZero());
        assertThat(leader.group().ballot())
                .as(oldLeads ? "it leads itself" : "it follows")
                .isEqualTo(ballot);
    }

    private static boolean laysDown(Envelope envelope) {
        return envelope.message() instanceof PulseMessage.Pulse pulse
                && pulse.turns().stream().anyMatch(PulseMessage.Turn::rests);
    }
}
