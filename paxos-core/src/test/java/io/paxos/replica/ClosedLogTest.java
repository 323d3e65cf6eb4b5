// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.FeatureLevel;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.RecoveredState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A log that is closed at a node, and opened there again by the same start of it. */
class ClosedLogTest {

    private static final String WHY = "closed";

    /** One life of a log after another at one node, which hears itself only if a test says so. */
    private static final class Lives {
        private final Parts parts = new Parts();
        private final List<LogMessage> said = new ArrayList<>();
        private final List<Outcome> outcomes = new ArrayList<>();
        private Replica replica = open(Remains.of(RecoveredState.Log.EMPTY, parts.self, Parts.CONFIG));
        private long now;

        private Replica open(Remains left) {
            Replica opened = new Replica(parts.self, Parts.GROUP, Parts.CONFIG, left, parts.draws);
            opened.form(new Parts().peers);
            return opened;
        }

        private Remains reopen() {
            Remains left = replica.close(WHY);
            flush();
            said.clear();
            replica = open(left);
            replica.wake(now, LogTime.ZERO, now);
            return left;
        }

        private void flush() {
            for (Effect effect : replica.flush()) {
                if (effect instanceof Effect.Respond respond) {
                    outcomes.add(respond.outcome());
                }
                Parts.said(List.of(effect)).forEach(one -> said.add(one.message()));
            }
        }

        private void ticks(int count) {
            for (int i = 0; i < count; i++) {
                now++;
                replica.tick(now, new LogTime(now), now);
                flush();
            }
        }

        private void hear(LogMessage message) {
            replica.receive(B, message);
            flush();
        }

        private <T extends LogMessage> List<T> said(Class<T> kind) {
            return said.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        private Ballot campaign() {
            for (int i = 0; i < 500 && said(LogMessage.Canvass.class).isEmpty(); i++) {
                ticks(1);
            }
            Probe probe = said(LogMessage.Canvass.class).get(0).probe();
            hear(new LogMessage.CanvassReply(probe, true, null, Ballot.ZERO, 0));
            return said(LogMessage.Prepare.class).get(0).ballot();
        }
    }

    /** Not even its own acceptor has heard of the ballot, which may have been promised elsewhere all the same. */
    @Test
    void rule1_aBallotUsedBeforeTheLogWasClosedIsNotUsedAgain() {
        Lives lives = new Lives();
        Ballot first = lives.campaign();
        lives.reopen();
        Ballot second = lives.campaign();
        assertThat(second).isGreaterThan(first);
        lives.reopen();
        assertThat(lives.campaign()).isGreaterThan(second);
    }

    @Test
    void rule8_whatWasPromisedAndAcceptedIsKept() {
        Lives lives = new Lives();
        Ballot first = Parts.ballot(5, B);
        lives.hear(new LogMessage.Prepare(first, 1));
        lives.hear(new LogMessage.Accept(first, 1, List.of(Parts.command(1)), 0));
        assertThat(lives.said(LogMessage.Accepted.class)).hasSize(1);
        lives.reopen();
        lives.hear(new LogMessage.Prepare(Parts.ballot(4, B), 1));
        assertThat(lives.said(LogMessage.Promise.class)).isEmpty();
        lives.hear(new LogMessage.Prepare(Parts.ballot(6, B), 1));
        assertThat(lives.said(LogMessage.Promise.class)).singleElement().satisfies(promise -> assertThat(
                        promise.accepted())
                .singleElement()
                .satisfies(held -> assertThat(held.proposal().ballot()).isEqualTo(first)));
    }

    /** Else an answer that was given before a read came would be counted for it. */
    @Test
    void rule13_questionsAreNumberedOn() {
        Lives lives = new Lives();
        Set<Probe> asked = new HashSet<>(Set.of(new Probe(0, 0)));
        for (int life = 0; life < 3; life++) {
            lives.replica.read(new RequestId(life), Freshness.ACKNOWLEDGED, 100);
            lives.flush();
            Set<Probe> now = new HashSet<>();
            lives.said(LogMessage.ReadQuery.class).forEach(query -> now.add(query.probe()));
            assertThat(now).isNotEmpty().doesNotContainAnyElementsOf(asked);
            asked.addAll(now);
            lives.reopen();
        }
    }

    @Test
    void rule17_canvassesAreNumberedOn() {
        Lives lives = new Lives();
        lives.campaign();
        Probe first = lives.said(LogMessage.Canvass.class).get(0).probe();
        lives.reopen();
        lives.campaign();
        assertThat(lives.said(LogMessage.Canvass.class))
                .extracting(LogMessage.Canvass::probe)
                .doesNotContain(first);
    }

    /** The session of this start is found again where the log is executed anew; its numbers must not begin anew there. */
    @Test
    void rule11_commandsAreNumberedOn() {
        Lab lab = new Lab("a", "b", "c");
        Lab.Node a = lab.start("a", lab.newDisk());
        Lab.Node b = lab.start("b", lab.newDisk());
        lab.start("c", lab.newDisk());
        lab.ticks(200);
        RequestId first = a.submit("one");
        lab.ticks(20);
        a.close();
        a.reopen();
        lab.ticks(100);
        RequestId second = a.submit("two");
        lab.ticks(100);
        assertThat(a.outcome(first)).isEqualTo(applied(a.outcome(first), "one"));
        assertThat(a.outcome(second)).isEqualTo(applied(a.outcome(second), "two"));
        assertThat(a.executed).containsExactly("one", "two");
        assertThat(b.executed).containsExactly("one", "two");
    }

    private static Outcome applied(Outcome outcome, String result) {
        assertThat(outcome).isInstanceOf(Outcome.Applied.class);
        return new Outcome.Applied(((Outcome.Applied) outcome).slot(), Payload.utf8(result));
    }

    @Test
    void rule20_everyCallIsAnsweredAndOneThatLeftIsUnknown() {
        Lab lab = new Lab("a", "b", "c");
        Lab.Node a = lab.start("a", lab.newDisk());
        Lab.Node b = lab.start("b", lab.newDisk());
        lab.start("c", lab.newDisk());
        lab.ticks(200);
        a.submit("session");
        lab.ticks(20);
        lab.lose(envelope -> true);
        RequestId left = a.submit("left");
        RequestId read = a.read();
        lab.ticks(300);
        RequestId stayed = a.submit("stayed");
        lab.ticks(1);
        a.close();
        RequestId late = a.submit("late");
        assertThat(a.outcome(left)).isInstanceOf(Outcome.Unknown.class);
        assertThat(Stream.of(read, stayed, late).map(a::outcome)).allSatisfy(outcome -> assertThat(outcome)
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.STOPPED)));
        assertThat(a.status().groups()).isEmpty();
        assertThat(b.status().groups()).hasSize(1);
    }

    @Test
    void aLeaderThatClosesItsLogResignsAndComesBackAsAnyOther() {
        Lab lab = new Lab("a", "b", "c");
        List<Lab.Node> nodes = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(200);
        nodes.get(0).submit("one");
        lab.ticks(20);
        Lab.Node leader = nodes.stream().filter(Lab.Node::leads).findAny().orElseThrow();
        Lab.Node other = nodes.stream().filter(node -> node != leader).findAny().orElseThrow();
        leader.close();
        assertThat(leader.said.get(leader.said.size() - 1)).isInstanceOf(Effect.GroupClosed.class);
        RequestId second = other.submit("two");
        lab.ticks(200);
        assertThat(other.outcome(second)).isInstanceOf(Outcome.Applied.class);
        leader.reopen();
        lab.ticks(200);
        assertThat(leader.executed).containsExactly("one", "two");
        RequestId read = leader.read();
        lab.ticks(100);
        assertThat(leader.outcome(read)).isInstanceOf(Outcome.Current.class);
    }

    /** A node that keeps its word about a log at rest does not keep it about one that it has closed. */
    @Test
    void rule17_aLogDoesNotRestWhileAVoterHasClosedIt() {
        Lab lab = new Lab("a", "b", "c");
        List<Lab.Node> nodes = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(300);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(1));
        Lab.Node leader = nodes.stream().filter(Lab.Node::leads).findAny().orElseThrow();
        Lab.Node follower =
                nodes.stream().filter(node -> node != leader).findAny().orElseThrow();
        follower.close();
        lab.ticks(300);
        assertThat(leader.machine.resting()).isZero();
        assertThat(follower.machine.resting()).isZero();
        follower.reopen();
        lab.ticks(300);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(1));
    }

    private static List<Lab.Node> threeThatWork(Lab lab) {
        List<Lab.Node> nodes = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(300);
        nodes.get(0).submit("wakes it");
        lab.ticks(1);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isZero());
        return nodes;
    }

    /** What it said just before it closed the log would else be taken for its word that it follows. */
    @Test
    void rule17_aLogThatWorkedWhenAVoterClosedItDoesNotGoToRest() {
        Lab lab = new Lab("a", "b", "c");
        List<Lab.Node> nodes = threeThatWork(lab);
        Lab.Node leader = nodes.stream().filter(Lab.Node::leads).findAny().orElseThrow();
        List<Lab.Node> followers = nodes.stream().filter(node -> node != leader).toList();
        followers.get(0).close();
        for (int tick = 0; tick < 300; tick++) {
            lab.ticks(1);
            assertThat(leader.machine.resting()).as("tick %d", tick).isZero();
        }
        followers.get(0).reopen();
        lab.ticks(300);
        assertThat(nodes).allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(1));
    }

    /** Two heartbeats later it would rest, and hears by pulses that it must not; the time without a quorum begins there. */
    @Test
    void rule17_aLeaderWhoseFollowersHaveClosedTheLogStepsDown() {
        Lab lab = new Lab("a", "b", "c");
        List<Lab.Node> nodes = threeThatWork(lab);
        Lab.Node leader = nodes.stream().filter(Lab.Node::leads).findAny().orElseThrow();
        nodes.stream().filter(node -> node != leader).forEach(Lab.Node::close);
        lab.ticks(2 * RestLab.ELECTION + 3 * MachineConfig.DEFAULTS.heartbeatTicks());
        assertThat(leader.leads()).isFalse();
    }

    /** It learns of the others when it opens the log again, and nobody waits for it. */
    @Test
    void aLogRestsThoughAnObserverHasClosedIt() {
        Lab lab = new Lab("a", "b", "c");
        Lab.Node observer = lab.join("d");
        List<Lab.Node> nodes = threeThatWork(lab);
        lab.ticks(300);
        assertThat(observer.machine.resting()).isEqualTo(1);
        observer.close();
        nodes.get(0).submit("wakes it again");
        lab.ticks(100);
        for (int tick = 0; tick < 100; tick++) {
            lab.ticks(1);
            assertThat(nodes)
                    .allSatisfy(node -> assertThat(node.machine.resting()).isEqualTo(1));
        }
    }

    @Test
    void aSnapshotThatBecomesDurableBehindTheCloseIsNotForgotten() {
        Lab lab = new Lab("a");
        Lab.Node a = lab.start("a", lab.newDisk());
        lab.ticks(100);
        a.submit("one");
        a.submit("two");
        a.close();
        SnapshotInfo late = new SnapshotInfo(2, 10, 77);
        a.step(new Event.SnapshotStored(Lab.GROUP, late));
        a.step(new Event.SnapshotStored(Lab.GROUP, new SnapshotInfo(1, 10, 76)));
        assertThat(a.machine.step(new Event.OpenGroup(Lab.GROUP))).contains(new Effect.Install(Lab.GROUP, late));
    }

    @Test
    void whatIsReportedOfAFormerLifeCountsForNothingWhileTheLogIsClosed() {
        Lab lab = new Lab("a");
        Lab.Node a = lab.start("a", lab.newDisk());
        lab.ticks(100);
        a.submit("one");
        a.close();
        a.said.clear();
        a.step(new Event.Applied(Lab.GROUP, 1, List.of()));
        a.step(new Event.ApplyFailed(Lab.GROUP, 1, null, "late"));
        assertThat(a.said).isEmpty();
        a.reopen();
        lab.ticks(100);
        assertThat(a.executed).containsExactly("one");
    }

    private static List<Effect> levelsTold(Lab.Node node) {
        return node.said.stream().filter(Effect.LevelRaised.class::isInstance).toList();
    }

    /** It executes the log anew, but it works at that level all the time. */
    @Test
    void theLevelOfALogIsToldOnceHoweverOftenItIsOpened() {
        Lab lab = new Lab("a", "b", "c");
        lab.support(FeatureLevel.LATEST);
        List<Lab.Node> nodes = threeThatWork(lab);
        Lab.Node a = nodes.get(0);
        for (int life = 0; life < 3; life++) {
            assertThat(a.group().level()).isEqualTo(FeatureLevel.LATEST);
            assertThat(levelsTold(a)).containsExactly(new Effect.LevelRaised(Lab.GROUP, FeatureLevel.LATEST));
            a.close();
            a.reopen();
            lab.ticks(100);
        }
    }

    @Test
    void aLevelThatWasDecidedWhileTheLogWasClosedIsToldWhenItIsOpened() {
        Lab lab = new Lab("a", "b", "c");
        lab.support(FeatureLevel.LATEST);
        Lab.Node a = lab.start("a", lab.newDisk());
        lab.start("b", lab.newDisk());
        lab.support(FeatureLevel.BASE);
        Lab.Node old = lab.start("c", lab.newDisk());
        lab.ticks(200);
        a.close();
        lab.stop(old);
        lab.support(FeatureLevel.LATEST);
        lab.start("c", old.disk);
        lab.ticks(500);
        assertThat(levelsTold(a)).isEmpty();
        a.reopen();
        lab.ticks(100);
        assertThat(levelsTold(a)).containsExactly(new Effect.LevelRaised(Lab.GROUP, FeatureLevel.LATEST));
    }

    /** The node goes on, and its caller may ask there what became of the command, which must be remembered until then. */
    @Test
    void rule11_whatWasOnItsWayWhenTheLogWasClosedCanBeSettled() {
        Lab lab = new Lab("a", "b", "c");
        List<Lab.Node> nodes = threeThatWork(lab);
        Lab.Node follower =
                nodes.stream().filter(node -> !node.leads()).findAny().orElseThrow();
        follower.submit("session");
        lab.ticks(20);
        // The command arrives, and its sender does not hear of it any more.
        lab.lose(envelope -> envelope.to().node().equals(follower.id));
        RequestId left = follower.submit("left");
        RequestId lost = follower.submit("sent, and never there", 5000);
        lab.ticks(5);
        follower.close();
        lab.lose(envelope -> false);
        List<CommandId> commands = new ArrayList<>();
        for (RequestId call : List.of(left, lost)) {
            assertThat(follower.outcome(call)).isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> {
                assertThat(unknown.command()).isNotNull();
                commands.add(unknown.command());
            });
        }
        assertThat(commands).doesNotHaveDuplicates();
        follower.reopen();
        lab.ticks(100);
        RequestId later = follower.submit("later");
        lab.ticks(50);
        assertThat(follower.outcome(later)).isInstanceOf(Outcome.Applied.class);
        RequestId settled = follower.resolve(commands.get(0));
        lab.ticks(100);
        assertThat(follower.outcome(settled)).isEqualTo(applied(follower.outcome(settled), "left"));
    }

    /** What broke a rule is not mended by opening the log again. */
    @Test
    void aReplicaThatHasHaltedStaysHalted() {
        Lives lives = new Lives();
        lives.replica.halt("a rule was found broken");
        lives.flush();
        lives.reopen();
        assertThat(lives.replica.flush())
                .singleElement()
                .isInstanceOfSatisfying(Effect.RoleChanged.class, change -> assertThat(change.role())
                        .isEqualTo(Effect.RoleName.HALTED));
        lives.hear(new LogMessage.Prepare(Parts.ballot(9, B), 1));
        assertThat(lives.said).isEmpty();
        assertThat(lives.replica.status().halted()).isEqualTo("a rule was found broken");
    }

    @Test
    void aLogThatIsNotOpenIsClosedWithoutMoreAdo() {
        Lab lab = new Lab("a");
        Lab.Node a = lab.startWithout("a", lab.newDisk());
        a.close();
        assertThat(a.said.get(a.said.size() - 1)).isEqualTo(new Effect.GroupClosed(Lab.GROUP));
    }

    @Test
    void aNodeThatHasHaltedClosesItsLogsAllTheSame() {
        Lab lab = new Lab("a");
        Lab.Node a = lab.start("a", lab.newDisk());
        List<Effect> halt = a.machine.step(new Event.WriteFailed("full"));
        assertThat(halt).anyMatch(Effect.Halted.class::isInstance);
        assertThat(a.machine.step(new Event.CloseGroup(Lab.GROUP)))
                .endsWith(new Effect.GroupClosed(Lab.GROUP))
                .noneMatch(Effect.Send.class::isInstance);
        assertThat(Map.copyOf(a.status().groups())).isEmpty();
    }

    /** What halts a node throws away what the step had done before, but the log is closed, and nobody says so again. */
    @Test
    void rule20_aLogThatIsClosedInTheStepThatHaltsTheNodeIsClosedAllTheSame() {
        Lab lab = new Lab("a");
        Lab.Node a = lab.start("a", lab.newDisk());
        lab.ticks(100);
        List<Effect> effects = a.machine.step(List.of(new Event.CloseGroup(Lab.GROUP), new Event.WriteFailed("full")));
        assertThat(effects).anyMatch(Effect.Halted.class::isInstance);
        assertThat(effects).endsWith(new Effect.GroupClosed(Lab.GROUP));
        assertThat(a.machine.step(new Event.Tick(new LogTime(1), 1))).noneMatch(Effect.GroupClosed.class::isInstance);
    }

    /** Whoever hears that a log is closed ends the calls that nobody has answered, and cannot know that they never left. */
    @Test
    void rule11_aCallThatComesInTheStepThatClosesTheLogIsRefusedBeforeTheNewsOfIt() {
        Lab lab = new Lab("a");
        Lab.Node a = lab.start("a", lab.newDisk());
        lab.ticks(100);
        RequestId late = new RequestId(77);
        List<Effect> effects = a.machine.step(
                List.of(new Event.CloseGroup(Lab.GROUP), new Event.Submit(late, Lab.GROUP, Payload.utf8("late"), 100)));
        assertThat(effects).endsWith(new Effect.GroupClosed(Lab.GROUP));
        assertThat(effects)
                .filteredOn(Effect.Respond.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(Effect.Respond.class, respond -> {
                    assertThat(respond.request()).isEqualTo(late);
                    assertThat(respond.outcome()).isInstanceOf(Outcome.Refused.class);
                });
    }
}
