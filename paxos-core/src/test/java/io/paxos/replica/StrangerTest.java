// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Lab.assertNothingToReport;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.Hello;
import io.paxos.message.LogMessage;
import io.paxos.model.Fingerprint;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SlotRange;
import io.paxos.model.StartId;
import io.paxos.spi.Write;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Rules 6 and 7: whoever has lost some of the memory he voted with is not counted, neither in a log nor in a decree; is
 * told why; says so; and goes on learning. Three members; n3 is the one in doubt.
 */
class StrangerTest {

    private static final NodeId N3 = NodeId.of("n3");

    private final Lab lab = new Lab("n1", "n2", "n3");
    private final Lab.Disk disk3 = lab.newDisk();
    private final Lab.Node n1 = lab.start("n1", lab.newDisk());
    private final Lab.Node n2 = lab.start("n2", lab.newDisk());

    /** n3 has been a voter, has been copied, and has been started twice more since then. */
    private Lab.Disk backupOfN3() {
        Lab.Node first = lab.start("n3", disk3);
        lab.ticks(100);
        assertApplied(first, "before the copy");
        lab.stop(first);
        Lab.Disk backup = disk3.copy();
        Lab.Node second = lab.start("n3", disk3);
        lab.ticks(100);
        assertApplied(second, "after the copy");
        assertNothingToReport(n1, n2, second);
        lab.stop(second);
        lab.stop(lab.start("n3", disk3));
        return backup;
    }

    private void assertApplied(Lab.Node node, String command) {
        RequestId request = node.submit(command);
        lab.ticks(60);
        assertThat(node.outcome(request)).isInstanceOf(Outcome.Applied.class);
    }

    /** With n2 away a quorum would need the vote of the node in doubt. */
    private void assertCountedInNoQuorum(Lab.Node suspect) {
        lab.stop(n2);
        RequestId byCounted = n1.submit("with a stranger");
        RequestId bySuspect = suspect.submit("by a stranger");
        RequestId decree = n1.agree("d1", "with a stranger");
        RequestId ofSuspect = suspect.agree("d2", "by a stranger");
        RequestId asked = suspect.learn("d3");
        lab.ticks(400);
        assertThat(n1.outcome(byCounted)).isNull();
        assertThat(suspect.outcome(bySuspect)).isNull();
        assertThat(n1.outcome(decree)).isNull();
        assertThat(suspect.outcome(ofSuspect)).isNull();
        assertThat(suspect.outcome(asked)).isNull();
        assertThat(n1.leads() || suspect.leads()).isFalse();
    }

    /** With the other two alive all goes on, and the stranger learns it and may still ask for things. */
    private void assertLearns(Lab.Node stranger) {
        lab.ticks(100);
        RequestId decree = stranger.agree("d4", "proposed by a stranger");
        assertApplied(n1, "learnt by a stranger");
        assertApplied(stranger, "forwarded by a stranger");
        assertThat(stranger.outcome(decree)).isEqualTo(new Outcome.Chosen(Payload.utf8("proposed by a stranger")));
        assertThat(stranger.executed).isEqualTo(n1.executed).contains("learnt by a stranger");
        assertThat(stranger.group().role()).isEqualTo(Effect.RoleName.OBSERVER);
        assertNothingToReport(n1, n2);
    }

    @Test
    void rule6_aWipedDiskIsAStranger() {
        backupOfN3();
        Lab.Node wiped = lab.start("n3", lab.newDisk());

        assertThat(wiped.status().stranger())
                .contains(
                        "the memory it voted with is gone",
                        "as long as a quorum",
                        "membership().replace(\"n3\", \"n3\")",
                        "PaxosNodeBuilder.readmitAfter",
                        "its former store");
        assertThat(wiped.said).anyMatch(effect -> effect instanceof Effect.Formed formed && formed.stranger() != null);
        assertLearns(wiped);
        assertCountedInNoQuorum(wiped);
    }

    @Test
    void rule7_aRestoredBackupIsAStranger() {
        Lab.Node restored = lab.start("n3", backupOfN3());

        assertThat(restored.turned()).hasSize(1);
        assertThat(restored.status().stranger())
                .isEqualTo(restored.turned().get(0))
                .contains(
                        "restored from a backup",
                        "start 3.",
                        "keep the others running",
                        "as long as a quorum",
                        "start it with an empty store",
                        "membership().replace(\"n3\", \"n3\")",
                        "observer for good");
        assertLearns(restored);
        assertCountedInNoQuorum(restored);
    }

    /** Started once, the copy has the number of the start that is counted; the random bits tell them apart. */
    @Test
    void rule7_ofACopiedDirectoryStartedTwiceTheOneHeardFirstIsCounted() {
        Lab.Node first = lab.start("n3", disk3);
        lab.ticks(100);
        lab.stop(first);
        Lab.Disk copied = disk3.copy();
        Lab.Node counted = lab.start("n3", disk3);
        lab.ticks(100);
        // A process that hears the answers meant for both: as if each had its own way to the others.
        Lab.Node copy = lab.start("n3", copied);
        lab.ticks(100);

        assertThat(StartId.of(2, 0).number()).isEqualTo(counted.self.startId().number());
        assertThat(copy.self.startId().number()).isEqualTo(2);
        assertNothingToReport(counted);
        assertThat(counted.group().role()).isNotEqualTo(Effect.RoleName.OBSERVER);
        assertThat(copy.turned()).hasSize(1);
        assertThat(copy.status().stranger())
                .contains(
                        "another process",
                        counted.self.startId().toString(),
                        copy.self.startId().toString());
        assertLearns(copy);
        lab.stop(counted);
        assertCountedInNoQuorum(copy);
    }

    /** Such a copy would be the later start one day, but what the other one voted is not in it. */
    @Test
    void rule7_aStoreOnceFoundToBeACopyStaysAStrangerHoweverOftenItIsStarted() {
        Lab.Disk backup = backupOfN3();
        Lab.Node restored = lab.start("n3", backup);
        for (int i = 0; i < 5; i++) {
            lab.stop(restored);
            restored = lab.start("n3", backup);
        }
        lab.ticks(100);

        assertThat(restored.self.startId().number()).isGreaterThan(3);
        assertThat(restored.status().stranger()).contains("start 3.", "observer for good");
        assertThat(restored.said).anyMatch(e -> e instanceof Effect.Formed formed && formed.stranger() != null);
        assertThat(restored.turned()).as("it never took itself for a voter").isEmpty();
        assertLearns(restored);
        assertCountedInNoQuorum(restored);
    }

    @Test
    void rule7_theLatestStartOfEachCountedStoreIsRememberedDurably() {
        backupOfN3();
        Lab.Node again1 = restarted(n1);
        Lab.Node again2 = restarted(n2);
        lab.ticks(100);

        Lab.Node later = lab.start("n3", disk3);
        lab.ticks(100);
        Write written = new Write.PeerStartWrite(later.self.endpoint(), later.self.start());
        assertThat(again1.disk.writes()).contains(written);
        assertThat(again2.disk.writes()).contains(written);
        assertThat(again1.disk.peerStarts())
                .as("only of members, and not once for every message")
                .hasSizeLessThan(10)
                .extracting(write -> write.peer().node().name())
                .containsOnly("n2", "n3");
    }

    /** The peers are started anew before the backup is: only what they have written down can give it away. */
    @Test
    void rule7_aRestoredBackupIsAStrangerToPeersThatWereRestartedMeanwhile() {
        Lab.Disk backup = backupOfN3();
        Lab.Node again1 = restarted(n1);
        restarted(n2);
        Lab.Node restored = lab.start("n3", backup);
        lab.ticks(100);

        assertThat(restored.status().stranger()).contains("restored from a backup");
        assertNothingToReport(again1);
    }

    private Lab.Node restarted(Lab.Node node) {
        lab.stop(node);
        return lab.start(node.id.name(), node.disk);
    }

    /** As long as nobody tells it, the copy promises, accepts and campaigns; nobody counts or answers that. */
    @Test
    void rule7_anEarlierStartIsNeitherCountedNorAnsweredEvenIfItDoesNotKnow() {
        assertNeitherCountedNorAnsweredUntold(backupOfN3());
    }

    @Test
    void rule7_aSecondStartOfOneNumberIsNeitherCountedNorAnsweredEvenIfItDoesNotKnow() {
        Lab.Node first = lab.start("n3", disk3);
        lab.ticks(100);
        lab.stop(first);
        Lab.Disk copied = disk3.copy();
        Lab.Node counted = lab.start("n3", disk3);
        lab.ticks(100);
        assertApplied(counted, "x");
        lab.stop(counted);
        assertNeitherCountedNorAnsweredUntold(copied);
        assertThat(copied.starts()[0]).isEqualTo(disk3.starts()[0]);
    }

    private void assertNeitherCountedNorAnsweredUntold(Lab.Disk copy) {
        lab.lose(e -> e.message() instanceof Hello && e.to().node().equals(N3));
        Lab.Node restored = lab.start("n3", copy);
        lab.ticks(50);
        assertThat(restored.status().stranger()).isNull();
        lab.sent().clear();

        assertCountedInNoQuorum(restored);

        assertThat(lab.sent())
                .as("it votes, and is not told: otherwise this shows nothing")
                .anyMatch(e -> e.from().node().equals(N3)
                        && e.message() instanceof GroupMessage g
                        && (g.body() instanceof LogMessage.Promise
                                || g.body() instanceof LogMessage.Prepare
                                || g.body() instanceof LogMessage.Canvass
                                || g.body() instanceof LogMessage.CanvassReply));
        assertThat(restored.status().stranger()).isNull();
    }

    /** A leader that is told resigns at once. */
    @Test
    void rule7_aLeaderWhoseStoreIsFoundToBeACopyResigns() {
        Lab.Node n3 = lab.start("n3", disk3);
        lab.lose(e -> e.message() instanceof GroupMessage g
                && g.body() instanceof LogMessage.Canvass
                && !e.from().node().equals(N3));
        lab.ticks(200);
        assertThat(n3.leads()).isTrue();
        StartId later = StartId.of(n3.self.startId().number() + 1, 99);
        lab.sent().clear();

        lab.deliver(toldBy(n1, n3, later));

        assertThat(n3.leads()).isFalse();
        assertThat(n3.group().role()).isEqualTo(Effect.RoleName.OBSERVER);
        assertThat(lab.sent())
                .anyMatch(e -> e.from().node().equals(N3)
                        && e.message() instanceof GroupMessage g
                        && g.body() instanceof LogMessage.Resign);
        assertThat(n3.turned()).hasSize(1);
        assertThat(n3.disk.writes()).contains(new Write.PeerStartWrite(n3.self.endpoint(), later.bits()));
        lab.lose(e -> false);
        lab.ticks(100);
        assertApplied(n1, "under another leader");
    }

    private static Envelope toldBy(Lab.Node peer, Lab.Node node, StartId latest) {
        Hello hello = new Hello(
                null,
                null,
                null,
                peer.status().formed(),
                List.of(),
                "majority of [n1, n2, n3]; changes after 8192 slots",
                latest);
        return new Envelope(
                peer.self.cluster(),
                peer.self.endpoint(),
                node.self.endpoint(),
                peer.self.startId(),
                Fingerprint.NONE,
                hello);
    }

    /** What was said to an earlier life of the same store, and comes late, says nothing against the present one. */
    @Test
    void rule7_aRemarkAboutAnEarlierOrTheOwnStartMakesNobodyAStranger() {
        Lab.Node first = lab.start("n3", disk3);
        lab.ticks(50);
        lab.stop(first);
        Lab.Node n3 = lab.start("n3", disk3);
        lab.ticks(50);

        lab.deliver(toldBy(n1, n3, first.self.startId()));
        lab.deliver(toldBy(n1, n3, n3.self.startId()));

        assertNothingToReport(n3);
        assertThat(n3.turned()).isEmpty();
        assertThat(n3.disk.peerStarts()).noneMatch(write -> write.peer().equals(n3.self.endpoint()));
    }

    /** A late message of an earlier life is not counted, and does not make the peer forget the present one. */
    @Test
    void rule7_aLateVoteOfAnEarlierLifeIsDropped() {
        Lab.Node first = lab.start("n3", disk3);
        lab.ticks(50);
        lab.stop(first);
        Lab.Node n3 = lab.start("n3", disk3);
        lab.ticks(100);
        List<Lab.Node> leaders =
                List.of(n1, n2, n3).stream().filter(Lab.Node::leads).toList();
        assertThat(leaders).hasSize(1);
        Envelope vote = lab.sent().stream()
                .filter(e -> e.from().equals(n3.self.endpoint())
                        && e.to().node().equals(n1.id)
                        && e.message() instanceof GroupMessage)
                .reduce((a, b) -> b)
                .orElseThrow();
        Envelope late = new Envelope(
                vote.cluster(),
                vote.from(),
                vote.to(),
                first.self.startId(),
                vote.fingerprint(),
                new GroupMessage(Lab.GROUP, new LogMessage.Accepted(n1.group().ballot(), new SlotRange(1, 2))));
        lab.sent().clear();

        n1.step(new Event.Received(late));

        assertThat(lab.sent())
                .as("the earlier life is told about the present one")
                .singleElement()
                .satisfies(e -> assertThat(((Hello) e.message()).latest()).isEqualTo(n3.self.startId()));
        n1.step(new Event.Received(late));
        assertThat(lab.sent()).as("but not with every message").hasSize(1);
        assertNothingToReport(n1, n2, n3);
        assertApplied(n3, "goes on");
    }

    /** A vote that a node gave itself before it was told counts no more afterwards. */
    @Test
    void rule7_whatWasBegunWithOwnVotesBeginsAnewWithoutThem() {
        Lab.Node n3 = lab.start("n3", disk3);
        lab.ticks(50);
        lab.stop(n2);
        lab.lose(e -> e.from().node().equals(N3) || e.to().node().equals(N3));
        RequestId request = n3.agree("d", "x");
        RequestId asked = n3.learn("e");
        lab.deliver(toldBy(n1, n3, StartId.of(77, 1)));
        lab.lose(e -> false);
        lab.ticks(400);

        assertThat(n3.outcome(request))
                .as("one answer of a member is no quorum")
                .isNull();
        assertThat(n3.outcome(asked)).isNull();
        lab.start("n2", n2.disk);
        lab.ticks(200);
        assertThat(n3.outcome(request)).isEqualTo(new Outcome.Chosen(Payload.utf8("x")));
        assertThat(n3.outcome(asked)).isEqualTo(new Outcome.Undecided());
    }
}
