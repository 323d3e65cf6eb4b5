package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Bundle;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.message.PulseMessage;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.GroupId;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Logs that have nothing to do rest: one pulse stands for all their heartbeats, and whatever happens wakes them. */
class RestTest {

    private static final int ELECTION = MachineConfig.DEFAULTS.electionTicks();
    private static final int JITTER = MachineConfig.DEFAULTS.electionJitterTicks();

    /** Once a leader is missed: somebody asks, at once or after a rival, and is promised. */
    private static final int FAILOVER = ELECTION + 3 * JITTER;

    private final Lab lab = new Lab("n1", "n2", "n3");
    private final List<Lab.Node> nodes = new ArrayList<>();

    private void start() {
        for (String name : List.of("n1", "n2", "n3")) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(2 * FAILOVER);
    }

    private Lab.Node leader() {
        return nodes.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
    }

    private List<Lab.Node> followers() {
        return nodes.stream().filter(node -> !node.leads()).toList();
    }

    private static Predicate<Envelope> between(Lab.Node from, Lab.Node to) {
        return envelope ->
                envelope.from().node().equals(from.id) && envelope.to().node().equals(to.id);
    }

    private int sentIn(int ticks, Predicate<Envelope> which) {
        int before = lab.sent().size();
        lab.ticks(ticks);
        return (int) lab.sent().stream().skip(before).filter(which).count();
    }

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

    private List<Lab.Node> followersOf(Lab.Node leader) {
        return nodes.stream().filter(node -> node != leader).toList();
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
    void theTransportsWordThatALeaderIsGoneWakesItsLogs() {
        start();
        Lab.Node dead = leader();
        lab.stop(dead);
        nodes.remove(dead);
        nodes.forEach(node -> node.step(new Event.PeerDown(dead.id)));
        lab.ticks(JITTER);
        assertThat(nodes).anySatisfy(node -> assertThat(node.leads()).isTrue());
    }

    /** Whoever hears no leader asks somebody what it may have missed, and soon afterwards whether it would be elected. */
    private static boolean missesLeader(Envelope envelope) {
        return envelope.message() instanceof GroupMessage m
                && (m.body() instanceof LogMessage.CatchUpRequest || m.body() instanceof LogMessage.Canvass);
    }

    private static boolean laysDown(Envelope envelope) {
        return envelope.message() instanceof PulseMessage.Pulse pulse
                && pulse.turns().stream().anyMatch(PulseMessage.Turn::rests);
    }

    @Test
    void whoNeverHeardThatALogRestsIsToldAgain() {
        start();
        leader().submit("a");
        lab.lose(RestTest::laysDown);
        int before = lab.sent().size();
        while (lab.sent().stream().skip(before).noneMatch(RestTest::laysDown)) {
            lab.ticks(1);
        }
        lab.lose(envelope -> false);
        assertThat(sentIn(3 * FAILOVER, RestTest::missesLeader))
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

    @Test
    void whereLeasesAreGrantedLogsDoNotRest() {
        lab.lease(new LeasePolicy(1_000_000_000L, 0.8));
        start();
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isZero());
        assertRefuses(leader(), followers().get(0));
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

    private boolean rests(Lab.Node node) {
        return node.machine.resting() > 0;
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
        int questions = sentIn(100, RestTest::missesLeader);
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
