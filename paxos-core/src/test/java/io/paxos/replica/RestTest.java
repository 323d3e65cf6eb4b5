// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Bundle;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.PulseMessage;
import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Logs that have nothing to do rest: one pulse stands for all their heartbeats, and whatever happens wakes them. */
class RestTest extends RestLab {

    @Test
    void aLogThatHasNothingToDoRestsEverywhere() {
        start();
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(1));
        int messages = sentIn(100, envelope -> true);
        assertThat(messages)
                .as("a pulse and an answer for each follower, every 5 ticks")
                .isEqualTo(80);
        assertThat(sentIn(100, envelope -> envelope.message() instanceof GroupMessage))
                .as("and nothing about any log")
                .isZero();
    }

    @Test
    void manyLogsThatRestCostNoMoreThanOne() {
        start();
        for (int i = 0; i < 300; i++) {
            for (Lab.Node node : nodes) {
                node.open(GroupId.of("idle-" + i));
            }
        }
        lab.ticks(3 * FAILOVER);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(301));
        assertThat(sentIn(100, envelope -> true))
                .as("whoever leads anything pulses")
                .isLessThanOrEqualTo(3 * 80);
    }

    @Test
    void aCommandAtALeaderThatRestsIsExecuted() {
        start();
        RequestId call = leader().submit("a");
        assertThat(leader().outcome(call)).isInstanceOf(Outcome.Applied.class);
        lab.ticks(FAILOVER);
        assertThat(nodes).allSatisfy(node -> {
            assertThat(node.executed).containsExactly("a");
            assertThat(node.machine.resting()).isEqualTo(1);
        });
    }

    @Test
    void aCommandAtAFollowerThatRestsWakesIt() {
        start();
        Lab.Node leader = leader();
        Lab.Node follower = followers().get(0);
        RequestId call = follower.submit("a");
        lab.ticks(2);
        assertThat(follower.outcome(call)).isInstanceOf(Outcome.Applied.class);
        assertThat(leader.leads()).isTrue();
    }

    @Test
    void aReadAtAFollowerThatRestsIsAnswered() {
        start();
        Lab.Node follower = followers().get(0);
        RequestId call = follower.read();
        assertThat(follower.outcome(call)).isInstanceOf(Outcome.Current.class);
        lab.ticks(FAILOVER);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(1));
    }

    @Test
    void aCommandAtAFollowerThatRestsIsSentAgainIfItIsLost() {
        start();
        Lab.Node follower = followers().get(0);
        lab.lose(envelope -> envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Forward);
        RequestId call = follower.submit("a");
        lab.lose(envelope -> false);
        lab.ticks(3 * MachineConfig.DEFAULTS.resendTicks());
        assertThat(follower.outcome(call)).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aCallThatNobodyTakesEndsAtItsDeadlineThoughTheLogRested() {
        start();
        Lab.Node follower = followers().get(0);
        lab.lose(envelope -> true);
        RequestId call = follower.submit("a", 40);
        lab.ticks(50);
        assertThat(follower.outcome(call)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aNodeThatObservesOtherLogsDoesNotKeepThisOneFromRest() {
        start();
        Lab.Node observer = lab.startWithout("n4", lab.newDisk());
        observer.open(GroupId.of("another"));
        lab.ticks(10 * FAILOVER);
        leader().submit("a");
        lab.ticks(FAILOVER);
        int turns = sentIn(
                20 * FAILOVER,
                envelope -> envelope.message() instanceof PulseMessage.Pulse pulse
                        && !pulse.turns().isEmpty());
        assertThat(turns).isLessThanOrEqualTo(20);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(1));

        observer.open(Lab.GROUP);
        lab.ticks(FAILOVER);
        assertThat(observer.executed).containsExactly("a");
    }

    @Test
    void anAnswerNamesNoMoreLogsThanGoIntoAMessage() {
        start();
        Lab.Node leader = leader();
        Lab.Node follower = followers().get(0);
        List<PulseMessage.Turn> turns = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            GroupId group = GroupId.of("open-" + i);
            follower.open(group);
            turns.add(new PulseMessage.Turn(group, leader.group().ballot(), 0, true));
        }
        lab.deliver(leader.sayAsNode(follower, new PulseMessage.Pulse(99, 1, turns)));
        Set<GroupId> named = new TreeSet<>();
        long told = turns.size();
        while (named.size() < 600) {
            PulseMessage.Answer answer =
                    (PulseMessage.Answer) lab.sent().get(lab.sent().size() - 1).message();
            assertThat(answer.upTo()).isEqualTo(told);
            assertThat(answer.awake())
                    .isNotEmpty()
                    .hasSizeLessThanOrEqualTo(256)
                    .noneMatch(named::contains);
            named.addAll(answer.awake());
            List<PulseMessage.Turn> ended = answer.awake().stream()
                    .map(group -> new PulseMessage.Turn(group, leader.group().ballot(), 0, false))
                    .toList();
            lab.deliver(leader.sayAsNode(follower, new PulseMessage.Pulse(99, told + 1, ended)));
            told += ended.size();
        }
    }

    @Test
    void whoeverOpensALogLaterWakesIt() {
        for (String name : List.of("n1", "n2")) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        Lab.Node late = lab.startWithout("n3", lab.newDisk());
        lab.ticks(2 * FAILOVER);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isZero());
        late.open(Lab.GROUP);
        nodes.add(late);
        lab.ticks(FAILOVER);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(1));
        assertThat(late.group().leader()).isEqualTo(leader().id);
    }

    @Test
    void aBundleIsTakenInPartByPart() {
        start();
        Lab.Node leader = leader();
        Lab.Node follower = followers().get(0);
        GroupId other = GroupId.of("other");
        follower.open(other);
        Envelope one = leader.say(follower, new LogMessage.CatchUpRequest(1, 1000));
        Envelope two = one.with(new GroupMessage(other, new LogMessage.CatchUpRequest(1, 1000)));
        List<Envelope> packed = Bundle.pack(List.of(one, two));
        assertThat(packed).hasSize(1);
        int before = lab.sent().size();
        lab.deliver(packed.get(0));
        assertThat(lab.sent().stream()
                        .skip(before)
                        .map(Envelope::message)
                        .filter(GroupMessage.class::isInstance)
                        .map(message -> ((GroupMessage) message).group())
                        .distinct())
                .contains(Lab.GROUP, other);
    }

    @Test
    void anOfficeIsAnnouncedOnceThoughTheLogRestsAgainAndAgain() {
        start();
        Lab.Node leader = leader();
        for (int i = 0; i < 3; i++) {
            followers().get(0).submit("x" + i);
            lab.ticks(FAILOVER);
            assertThat(nodes).allMatch(this::rests);
        }
        assertThat(leader.said.stream()
                        .filter(Effect.LeadershipChanged.class::isInstance)
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aNodeThatIsClosedSaysSoForLogsThatRest() {
        start();
        Lab.Node closing = leader();
        closing.step(new Event.Close());
        lab.stop(closing);
        nodes.remove(closing);
        lab.ticks(JITTER + 1);
        assertThat(nodes).anyMatch(Lab.Node::leads);
    }

    /** Where answers take longer than a log takes to go to rest, it would be woken for ever by the last of them. */
    @Test
    void aLateAnswerToAHeartbeatDoesNotWakeItsLogUnlessItSaysThatSomethingIsMissing() {
        start();
        Lab.Node leader = leader();
        assertThat(leader.outcome(leader.submit("a"))).isInstanceOf(Outcome.Applied.class);
        lab.ticks(FAILOVER);
        assertThat(leader.machine.resting()).isEqualTo(1);
        Ballot ballot = leader.group().ballot();
        long decided = leader.group().decided();
        Lab.Node follower = followers().get(0);
        leader.step(new Event.Received(follower.say(leader, new LogMessage.HeartbeatAck(ballot, decided))));
        assertThat(leader.machine.resting()).isEqualTo(1);
        leader.step(new Event.Received(follower.say(leader, new LogMessage.HeartbeatAck(ballot, decided - 1))));
        assertThat(leader.machine.resting()).as("somebody lacks the last slot").isZero();
    }

    @Test
    void aLogRestsAgainAfterEachUse() {
        start();
        Lab.Node follower = followers().get(1);
        for (int i = 0; i < 5; i++) {
            RequestId call = follower.submit("x" + i);
            lab.ticks(FAILOVER);
            assertThat(follower.outcome(call)).isInstanceOf(Outcome.Applied.class);
            assertThat(follower.machine.resting()).isEqualTo(1);
        }
    }
}
