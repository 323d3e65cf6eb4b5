// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.Hello;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Nodes of different versions in one cluster, and when the logs they keep may use what is new. */
class LevelsTest {

    private static final FeatureLevel OLD = FeatureLevel.BASE;
    private static final FeatureLevel NEW = FeatureLevel.LATEST;
    private static final int A_WHILE = 4 * RestLab.FAILOVER;

    private final Lab lab = new Lab("n1", "n2", "n3");
    private final List<Lab.Node> nodes = new ArrayList<>();

    private Lab.Node start(String name, Lab.Disk disk, FeatureLevel level) {
        lab.support(level);
        Lab.Node node = lab.start(name, disk);
        nodes.add(node);
        return node;
    }

    private Lab.Node start(String name, FeatureLevel level) {
        return start(name, lab.newDisk(), level);
    }

    private Lab.Node restart(Lab.Node node, FeatureLevel level) {
        stop(node);
        return start(node.id.name(), node.disk, level);
    }

    private void stop(Lab.Node node) {
        nodes.remove(node);
        lab.stop(node);
    }

    private Lab.Node leader() {
        return nodes.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
    }

    private void assertLevel(FeatureLevel level) {
        assertThat(nodes)
                .allSatisfy(node ->
                        assertThat(node.group().level()).as("%s", node.id).isEqualTo(level));
    }

    private boolean wasProposed(Predicate<Value> which) {
        return lab.sent().stream()
                .map(Envelope::message)
                .filter(message -> message instanceof GroupMessage m && m.body() instanceof LogMessage.Accept)
                .flatMap(message -> ((LogMessage.Accept) ((GroupMessage) message).body()).values().stream())
                .anyMatch(which);
    }

    private static Outcome.Refused refused(Lab.Node node, RequestId call) {
        assertThat(node.outcome(call)).isInstanceOf(Outcome.Refused.class);
        Outcome.Refused refused = (Outcome.Refused) node.outcome(call);
        assertThat(refused.reason()).isEqualTo(Outcome.Reason.FEATURE_LEVEL);
        return refused;
    }

    @Test
    void rule9_aNewClusterRisesAtOnceAndOnce() {
        start("n1", NEW);
        start("n2", NEW);
        start("n3", NEW);
        lab.ticks(A_WHILE);
        assertLevel(NEW);
        assertThat(leader().group().decided()).as("nothing else was decided").isEqualTo(1);
        assertThat(nodes).allSatisfy(node -> assertThat(node.said).contains(new Effect.LevelRaised(Lab.GROUP, NEW)));
    }

    @Test
    void rule9_aMajorityDoesNotRaiseTheLevelAndNobodyIsSentWhatIsNew() {
        start("n1", NEW);
        start("n2", NEW);
        start("n3", OLD);
        lab.ticks(A_WHILE);
        RequestId command = leader().submit("works all along");
        RequestId change = leader().change(MembershipChange.remove(NodeId.of("n3")));
        RequestId fence = leader().resolve(new CommandId(1, 1));
        lab.ticks(A_WHILE);
        assertThat(leader().outcome(command)).isInstanceOf(Outcome.Applied.class);
        assertThat(refused(leader(), change).detail())
                .contains("this change needs feature level 1", "n3 supports only up to feature level 0", "upgrade");
        assertThat(refused(leader(), fence).detail()).contains("n3 supports only up to feature level 0");
        assertLevel(OLD);
        assertThat(wasProposed(value -> value.level().compareTo(OLD) > 0)).isFalse();
    }

    @Test
    void rule9_theLevelRisesWhenTheLastNodeIsUpgradedThoughTheLogRests() {
        start("n1", OLD);
        start("n2", OLD);
        start("n3", OLD);
        lab.ticks(A_WHILE);
        for (Lab.Node node : List.copyOf(nodes)) {
            assertLevel(OLD);
            restart(node, NEW);
            lab.ticks(A_WHILE);
            assertThat(nodes)
                    .allSatisfy(each -> assertThat(each.machine.resting()).isEqualTo(1));
        }
        assertLevel(NEW);
        RequestId change = leader().change(MembershipChange.remove(followers().get(0).id));
        lab.ticks(A_WHILE);
        assertThat(leader().outcome(change)).isInstanceOf(Outcome.Reconfigured.class);
    }

    private List<Lab.Node> followers() {
        return nodes.stream().filter(node -> !node.leads()).toList();
    }

    @Test
    void rule9_whoHasNotBeenHeardHoldsTheLevelAndIsNamed() {
        start("n1", OLD);
        start("n2", OLD);
        Lab.Node gone = start("n3", OLD);
        lab.ticks(A_WHILE);
        stop(gone);
        for (Lab.Node node : List.copyOf(nodes)) {
            restart(node, NEW);
        }
        lab.ticks(A_WHILE);
        RequestId change = leader().change(MembershipChange.remove(NodeId.of("n3")));
        lab.ticks(10);
        assertThat(leader().outcome(change)).as("it may only be late").isNull();
        lab.ticks(2000);
        assertThat(refused(leader(), change).detail()).contains("not heard since", "[n3]");
        assertLevel(OLD);
        start("n3", gone.disk, NEW);
        lab.ticks(A_WHILE);
        assertLevel(NEW);
    }

    @Test
    void rule9_whatAnEarlierStartSaidDoesNotCount() {
        start("n1", NEW);
        Lab.Node n2 = start("n2", OLD);
        Lab.Node n3 = start("n3", NEW);
        lab.ticks(A_WHILE);
        lab.lose(envelope ->
                envelope.message() instanceof Hello && envelope.from().node().equals(n3.id));
        Lab.Node older = restart(n3, OLD);
        older.step(new Event.Submit(new RequestId(-1), Lab.GROUP, Payload.utf8("heard"), 100));
        lab.ticks(A_WHILE);
        restart(n2, NEW);
        lab.ticks(A_WHILE);
        assertLevel(OLD);
        assertThat(wasProposed(value -> value instanceof Value.RaiseLevel)).isFalse();
    }

    @Test
    void rule9_anObserverThatIsTooOldHoldsTheLevel() {
        start("n1", NEW);
        start("n2", OLD);
        start("n3", NEW);
        lab.ticks(A_WHILE);
        lab.support(OLD);
        Lab.Node observer = lab.join("n4");
        lab.ticks(A_WHILE);
        restart(nodes.get(1), NEW);
        lab.ticks(A_WHILE);
        assertLevel(OLD);
        assertThat(refused(leader(), leader().change(MembershipChange.add(NodeId.of("n4"))))
                        .detail())
                .contains("n4 supports only up to feature level 0");
        lab.ticks(A_WHILE);
        assertThat(leader().machine.resting()).isEqualTo(1);
        lab.stop(observer);
        start("n4", observer.disk, NEW);
        lab.ticks(A_WHILE);
        assertLevel(NEW);
    }

    @Test
    void aLogThatRestsIsWokenWhenANodeThatHeldItTakesNoPartInIt() {
        start("n1", NEW);
        Lab.Node last = start("n2", OLD);
        start("n3", NEW);
        lab.support(OLD);
        Lab.Node other = lab.startWithout("n4", lab.newDisk());
        lab.ticks(A_WHILE);
        restart(last, NEW);
        lab.ticks(A_WHILE);
        assertLevel(OLD);
        assertThat(leader().machine.resting()).isEqualTo(1);
        lab.stop(other);
        lab.support(NEW);
        lab.startWithout("n4", other.disk);
        lab.ticks(A_WHILE);
        assertLevel(NEW);
    }

    /** Observers ask once a second; until they have, a node that is started does not know of those that asked it before. */
    @Test
    void rule9_aLeaderThatWasStartedGivesObserversTheTimeToBeHeard() {
        start("n1", OLD);
        start("n2", OLD);
        start("n3", OLD);
        lab.ticks(A_WHILE);
        for (Lab.Node node : List.copyOf(nodes)) {
            restart(node, NEW);
        }
        lab.ticks(190);
        assertThat(nodes).as("somebody leads").anyMatch(Lab.Node::leads);
        assertLevel(OLD);
        lab.ticks(50);
        assertLevel(NEW);
    }

    @Test
    void aChangeAskedForBeforeAnybodyLeadsWaitsForTheLevel() {
        Lab.Node first = start("n1", NEW);
        start("n2", NEW);
        start("n3", NEW);
        RequestId change = first.change(MembershipChange.remove(NodeId.of("n3")));
        RequestId fence = first.resolve(new CommandId(1, 1));
        assertThat(first.outcome(change)).isNull();
        lab.ticks(A_WHILE);
        assertThat(first.outcome(change)).isInstanceOf(Outcome.Reconfigured.class);
        assertThat(first.outcome(fence)).as("there is no such session").isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void rule9_aLeaderProposesNothingThatOthersBringBeforeItsLevel() {
        start("n1", NEW);
        start("n2", NEW);
        start("n3", OLD);
        lab.ticks(A_WHILE);
        List<Value> early = List.of(
                Parts.changeTo(leader().self.endpoint()),
                Value.Command.fence(new CommandId(1, 1), LogTime.ZERO),
                new Value.RaiseLevel(NEW));
        lab.deliver(followers().get(0).say(leader(), new LogMessage.Forward(early, 2)));
        lab.ticks(A_WHILE);
        assertThat(wasProposed(early::contains)).isFalse();
        assertThatThrownBy(() -> new Levels(
                                Lab.GROUP,
                                NodeId.of("n1"),
                                Parts.CONFIG.with(LevelPolicy.RISING),
                                new Outbox(Lab.GROUP))
                        .require(early.get(0)))
                .hasMessageContaining("needs feature level 1, but only feature level 0 is in force");
    }

    @Test
    void aLogThatIsOpenedLaterRisesThoughAVoterIsGoneIfAnotherLogWithItHasRisen() {
        start("n1", NEW);
        start("n2", NEW);
        Lab.Node gone = start("n3", NEW);
        lab.ticks(A_WHILE);
        assertLevel(NEW);
        stop(gone);
        for (Lab.Node node : List.copyOf(nodes)) {
            restart(node, NEW);
        }
        GroupId later = GroupId.of("later");
        nodes.forEach(node -> node.open(later));
        lab.ticks(A_WHILE);
        assertThat(nodes)
                .allSatisfy(node ->
                        assertThat(node.status().groups().get(later).level()).isEqualTo(NEW));
    }

    /** The leader of the first has asked in vain by then, and is told when the answer is another. */
    @Test
    void aLogOpenedBeforeTheOneThatHasRisenRisesWithIt() {
        start("n1", NEW);
        start("n2", NEW);
        Lab.Node gone = start("n3", NEW);
        lab.ticks(A_WHILE);
        stop(gone);
        lab.support(NEW);
        List<Lab.Disk> disks = nodes.stream().map(node -> node.disk).toList();
        List.copyOf(nodes).forEach(this::stop);
        nodes.add(lab.startWithout("n1", disks.get(0)));
        nodes.add(lab.startWithout("n2", disks.get(1)));
        GroupId first = GroupId.of("first");
        nodes.forEach(node -> node.open(first));
        lab.ticks(A_WHILE);
        assertThat(nodes)
                .allSatisfy(node ->
                        assertThat(node.status().groups().get(first).level()).isEqualTo(OLD));
        nodes.forEach(node -> node.open(Lab.GROUP));
        lab.ticks(A_WHILE);
        assertLevel(NEW);
        assertThat(nodes)
                .allSatisfy(node ->
                        assertThat(node.status().groups().get(first).level()).isEqualTo(NEW));
    }

    @Test
    void rule9_aLeaderThatTakesOverKnowsTheLevelThatWasDecidedBefore() {
        start("n1", NEW);
        start("n2", NEW);
        start("n3", NEW);
        lab.ticks(A_WHILE);
        for (Lab.Node node : List.copyOf(nodes)) {
            restart(node, NEW);
        }
        assertLevel(NEW);
        lab.ticks(A_WHILE);
        assertThat(leader().group().decided()).as("and does not raise it again").isEqualTo(1);
    }

    @Test
    void rule9_aReplicaThatBeginsWithASnapshotKnowsTheLevelInIt() {
        SnapshotInfo snapshot = new SnapshotInfo(10, 3, 7);
        DrivenReplica restarted = new DrivenReplica(
                Parts.CONFIG.with(LevelPolicy.RISING),
                new RecoveredState.Log(Ballot.ZERO, new TreeMap<>(), 10, 10, snapshot));
        restarted.replica.form(restarted.parts.peers);
        restarted.flush();
        restarted.replica.applied(new Event.Applied(Parts.GROUP, 10, List.of(), false, List.of(), NEW));
        restarted.flush();
        assertThat(restarted.replica.status().level()).isEqualTo(NEW);
        assertThat(restarted.done(Effect.LevelRaised.class)).containsExactly(new Effect.LevelRaised(Parts.GROUP, NEW));
    }

    @Test
    void rule9_aReplicaWhoseLogHasRisenAboveWhatItsNodeSupportsStopsAndSaysSo() {
        TreeMap<Long, Proposal<Value>> slots = new TreeMap<>();
        slots.put(1L, new Proposal<>(Parts.ballot(3, Parts.B), new Value.RaiseLevel(NEW)));
        DrivenReplica old = new DrivenReplica(
                Parts.CONFIG.with(new LevelPolicy(OLD, OLD)),
                new RecoveredState.Log(Parts.ballot(3, Parts.B), slots, 1, 0, null));
        old.replica.form(old.parts.peers);
        old.flush();
        assertThat(old.replica.status().halted())
                .contains("works at feature level 1", "supports only up to feature level 0", "version of the library");
    }

    @Test
    void aLevelThatThisLibraryDoesNotSupportCannotBeConfigured() {
        assertThatThrownBy(() -> new LevelPolicy(OLD, new FeatureLevel(99)))
                .hasMessageContaining("feature level 99")
                .hasMessageContaining("supports up to " + FeatureLevel.LATEST);
        assertThatThrownBy(() -> new LevelPolicy(NEW, OLD)).isInstanceOf(IllegalArgumentException.class);
    }
}
