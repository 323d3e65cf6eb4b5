// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.PulseMessage;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who waits for something, lacks something or is about to change something keeps a log awake. */
class KeptAwakeTest extends RestLab {

    @Test
    void aLogDoesNotRestWhileAFollowerLags() {
        start();
        Lab.Node leader = leader();
        Lab.Node lagging = followers().get(0);
        lab.lose(envelope -> envelope.to().node().equals(lagging.id)
                && envelope.message() instanceof GroupMessage m
                && !(m.body() instanceof LogMessage.Heartbeat));
        leader.submit("a");
        int offers = sentIn(
                10 * ELECTION,
                envelope -> envelope.message() instanceof PulseMessage.Pulse pulse
                        && pulse.turns().stream().anyMatch(PulseMessage.Turn::rests));
        assertThat(lagging.executed).isEmpty();
        assertThat(offers).isZero();
        lab.lose(envelope -> false);
        lab.ticks(FAILOVER);
        assertThat(lagging.executed).containsExactly("a");
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(1));
    }

    @Test
    void whoLacksSomethingRefusesToRest() {
        start();
        Lab.Node leader = leader();
        Lab.Node follower = followers().get(0);
        follower.submit("a");
        lab.ticks(1);
        assertThat(follower.machine.resting()).isZero();
        lab.deliver(leader.sayAsNode(
                follower,
                new PulseMessage.Pulse(
                        99,
                        1,
                        List.of(new PulseMessage.Turn(Lab.GROUP, leader.group().ballot(), 77, true)))));
        assertThat(follower.machine.resting()).isZero();
        assertThat(lab.sent().get(lab.sent().size() - 1).message())
                .isEqualTo(new PulseMessage.Answer(99, 1, List.of(Lab.GROUP)));
    }

    @Test
    void whereLeasesAreGrantedLogsDoNotRest() {
        lab.lease(new LeasePolicy(1_000_000_000L, 0.8));
        start();
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isZero());
        assertRefuses(leader(), followers().get(0));
    }

    @Test
    void aLogDoesNotRestWhileAReadWaitsForItsRound() {
        start();
        Lab.Node leader = leader();
        Lab.Node follower = followers().get(0);
        lab.lose(envelope -> envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.ReadReply);
        RequestId call = follower.read();
        lab.ticks(FAILOVER);
        assertThat(nodes).noneMatch(this::rests);
        lab.lose(envelope -> false);
        lab.ticks(FAILOVER);
        assertThat(follower.outcome(call)).isInstanceOf(Outcome.Current.class);
        assertThat(nodes).allMatch(this::rests);

        lab.lose(envelope -> envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.ReadReply);
        follower.read();
        lab.ticks(1);
        assertRefuses(leader, follower);
    }

    @Test
    void aLogDoesNotRestWhereAReadWaitsForASlotToCome() {
        start();
        Lab.Node follower = followers().get(0);
        RequestId call = follower.read(new Freshness.AtLeast(follower.group().decided() + 2));
        int questions = sentIn(100, RestLab::missesLeader);
        assertThat(follower.machine.resting()).isZero();
        assertThat(questions)
                .as("its leader hears that it is awake, and is heard")
                .isZero();
        leader().submit("a");
        leader().submit("b");
        lab.ticks(FAILOVER);
        assertThat(follower.outcome(call)).isInstanceOf(Outcome.Current.class);
        assertThat(nodes).allMatch(this::rests);
    }

    @Test
    void aLogDoesNotRestWhereACommandIsToBeSettled() {
        start();
        Lab.Node leader = leader();
        leader.submit("a");
        lab.ticks(FAILOVER);
        CommandId unknown = new CommandId(leader.group().decided(), 77);
        Lab.Node follower = followers().get(0);
        lab.lose(envelope -> envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Forward);
        RequestId call = follower.resolve(unknown);
        lab.ticks(50);
        assertThat(follower.outcome(call)).isNull();
        assertThat(follower.machine.resting()).isZero();
        lab.lose(envelope -> false);
        lab.ticks(FAILOVER);
        assertThat(follower.outcome(call)).isNotNull();
        assertThat(nodes).allMatch(this::rests);

        lab.lose(envelope -> envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Forward);
        follower.resolve(unknown);
        lab.ticks(1);
        assertRefuses(leader, follower);
    }

    @Test
    void aLogDoesNotRestWhileItsOfficeIsHandedOver() {
        start();
        Lab.Node leader = leader();
        Lab.Node target = followers().get(0);
        lab.lose(envelope -> envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.TakeOver);
        RequestId call = leader.transfer(target.id.name(), false);
        for (int i = 0; i < ELECTION - 2; i++) {
            lab.ticks(1);
            assertThat(leader.machine.resting()).isZero();
        }
        assertThat(leader.outcome(call)).isNull();
        lab.ticks(200);
        lab.lose(envelope -> false);
        call = leader.transfer(target.id.name(), false);
        lab.ticks(FAILOVER);
        assertThat(leader.outcome(call)).isInstanceOf(Outcome.Led.class);
        assertThat(target.leads()).isTrue();
        assertThat(nodes).allMatch(this::rests);
    }

    @Test
    void aLogRestsWithTheLeaderThatItPrefers() {
        lab.spread();
        start();
        lab.ticks(10 * ELECTION);
        Lab.Node preferred = leader();
        assertThat(nodes).allMatch(this::rests);
        lab.stop(preferred);
        lab.ticks(FAILOVER);
        Lab.Node next = followersOf(preferred).stream()
                .filter(Lab.Node::leads)
                .findFirst()
                .orElseThrow();
        lab.resume(preferred);
        lab.ticks(10 * ELECTION);
        assertThat(preferred.leads()).isTrue();
        assertThat(next.leads()).isFalse();
        assertThat(nodes).allMatch(this::rests);
    }

    @Test
    void whoIsInvitedToTakeOverDoesNotRestMeanwhile() {
        start();
        Lab.Node leader = leader();
        Lab.Node target = followers().get(0);
        Ballot ballot = leader.group().ballot();
        lab.deliver(leader.say(
                target, new LogMessage.TakeOver(ballot, leader.group().decided() + 5)));
        assertRefuses(leader, target);
    }

    @Test
    void rule10_aChangeOfMembershipWakesALogThatRestsAndKeepsItAwakeUntilItGoverns() {
        start();
        Lab.Node leader = leader();
        Lab.Node newcomer = lab.join("n4");
        lab.ticks(FAILOVER);
        assertThat(leader.machine.resting()).isEqualTo(1);
        lab.lose(envelope -> envelope.from().node().equals(newcomer.id));
        RequestId call = leader.change(MembershipChange.add(newcomer.id));
        lab.ticks(2 * FAILOVER);
        assertThat(leader.outcome(call)).as("nobody hears who is to vote").isNull();
        assertThat(leader.machine.resting()).isZero();

        lab.lose(envelope -> false);
        lab.ticks(3 * FAILOVER);
        assertThat(leader.outcome(call)).isInstanceOf(Outcome.Reconfigured.class);
        nodes.add(newcomer);
        lab.ticks(FAILOVER);
        assertThat(nodes).allMatch(this::rests);
        assertThat(newcomer.membership().standing()).isEqualTo(NodeStatus.Standing.VOTER);

        followers().get(0).change(MembershipChange.remove(leader.id));
        lab.ticks(4 * FAILOVER);
        assertThat(leader.leads()).isFalse();
        assertThat(leader().id).isNotEqualTo(leader.id);
        assertThat(nodes).as("with the one that was removed, which learns").allMatch(this::rests);
    }

    @Test
    void aLogDoesNotRestWhereAChangeOfMembershipIsWanted() {
        start();
        Lab.Node newcomer = lab.join("n4");
        lab.ticks(FAILOVER);
        lab.lose(envelope -> envelope.from().node().equals(newcomer.id));
        Lab.Node follower = followers().get(0);
        RequestId call = follower.change(MembershipChange.add(newcomer.id));
        lab.ticks(1);
        assertThat(follower.outcome(call)).isNull();
        assertRefuses(leader(), follower);
    }

    /** As a follower that has not heard yet who governs: the leader's word that all is quiet is of another membership. */
    @Test
    void rule10_whoLearnsOfAChangeThatDoesNotGovernYetDoesNotRest() {
        start();
        Lab.Node leader = leader();
        Lab.Node follower = followers().get(0);
        Configuration now = follower.membership().latest();
        Value.Reconfigure change = new Value.Reconfigure(
                new Configuration(now.version() + 1, now.voters(), new TreeSet<>(Set.of(NodeId.of("n9")))));
        long slot = follower.group().decided() + 1;
        lab.deliver(leader.say(follower, new LogMessage.CatchUpReply(slot, List.of(change), slot, 0)));
        assertThat(follower.group().decided()).isEqualTo(slot);
        assertThat(follower.group().applied()).isEqualTo(slot);
        assertRefuses(leader, follower);
    }

    @Test
    void aLogDoesNotRestWhileAnotherStoreRunsUnderTheNameOfAVoter() {
        lab.readmit(300);
        start();
        Lab.Node leader = leader();
        Lab.Node kept = followers().get(0);
        Lab.Node other = lab.start(kept.id.name(), lab.newDisk());
        leader.submit("a");
        lab.ticks(400);
        assertThat(leader.machine.resting()).isZero();
        lab.stop(other);
        lab.ticks(1500);
        assertThat(nodes).allMatch(this::rests);
    }

    @Test
    void rule10_aVoterThatLosesItsStoreWhileTheLogRestsIsCountedAgain() {
        lab.readmit(300);
        start();
        Lab.Node leader = leader();
        Lab.Node lost = followers().get(0);
        lab.stop(lost);
        nodes.remove(lost);
        Lab.Node back = lab.start(lost.id.name(), lab.newDisk());
        nodes.add(back);
        lab.ticks(1000);
        assertThat(back.membership().standing()).isEqualTo(NodeStatus.Standing.VOTER);
        assertThat(leader.leads()).isTrue();
        assertThat(nodes).allMatch(this::rests);
    }

    @Test
    void whoFetchesASnapshotDoesNotRest() {
        start();
        Lab.Node leader = leader();
        Lab.Node follower = followers().get(0);
        long decided = follower.group().decided();
        lab.lose(envelope -> envelope.from().node().equals(follower.id));
        lab.deliver(leader.say(follower, new LogMessage.CatchUpReply(decided + 1, List.of(), decided, decided + 3)));
        assertRefuses(leader, follower);
    }

    /** Whoever has something to do there refuses, though its leader says so. To be the last that is asked of the two. */
    private void assertRefuses(Lab.Node leader, Lab.Node follower) {
        assertThat(follower.machine.resting()).isZero();
        long decided = follower.group().decided();
        lab.deliver(leader.sayAsNode(
                follower,
                new PulseMessage.Pulse(
                        99,
                        1,
                        List.of(new PulseMessage.Turn(Lab.GROUP, leader.group().ballot(), decided, true)))));
        assertThat(follower.machine.resting()).isZero();
    }
}
