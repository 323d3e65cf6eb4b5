// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.EpochMessage;
import io.paxos.message.EpochMessage.Place;
import io.paxos.message.EpochMessage.Section;
import io.paxos.message.GroupMessage;
import io.paxos.message.Hello;
import io.paxos.message.Message;
import io.paxos.message.Probe;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Configuration;
import io.paxos.model.EpochMark;
import io.paxos.model.GroupId;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StartId;
import io.paxos.spi.Write;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rule 16 on whole nodes: the membership of decrees and registers changes through the log of the epochs. */
class EpochChangeTest {

    private final Lab lab = new Lab("n1", "n2", "n3");
    private final Lab.Node n1 = lab.start("n1", lab.newDisk());
    private final Lab.Node n2 = lab.start("n2", lab.newDisk());
    private final Lab.Node n3 = lab.start("n3", lab.newDisk());

    private static NodeId id(String name) {
        return NodeId.of(name);
    }

    private static Set<String> voters(Configuration configuration) {
        return configuration.voters().voters().keySet().stream()
                .map(NodeId::name)
                .collect(Collectors.toSet());
    }

    private static NodeStatus.Membership electorate(Lab.Node node) {
        return Objects.requireNonNull(node.status().electorate());
    }

    private Configuration assertChanged(Lab.Node at, MembershipChange change) {
        RequestId request = at.change(GroupId.EPOCHS, change);
        for (int i = 0; i < 100 && at.outcome(request) == null; i++) {
            lab.ticks(10);
        }
        assertThat(at.outcome(request)).as("%s", change).isInstanceOf(Outcome.Reconfigured.class);
        return ((Outcome.Reconfigured) at.outcome(request)).configuration();
    }

    private void assertAgreed(Lab.Node at, String name, String proposed, String expected) {
        RequestId request = at.agree(name, proposed);
        lab.ticks(300);
        assertThat(at.outcome(request))
                .as("%s at %s", name, at.id)
                .isEqualTo(new Outcome.Chosen(Payload.utf8(expected)));
    }

    private void assertRead(Lab.Node at, String name, String expected) {
        RequestId request = at.readRegister(name);
        lab.ticks(300);
        assertThat(at.outcome(request)).isEqualTo(new Outcome.Held(Payload.utf8(expected)));
    }

    @Test
    void rule16_allThreeAreReplacedAndNothingDecidedOrStoredIsLost() {
        assertAgreed(n1, "before", "a", "a");
        RequestId set = n2.setRegister("r", "1");
        lab.ticks(100);
        assertThat(n2.outcome(set)).isInstanceOf(Outcome.Changed.class);
        Lab.Node n4 = lab.join("n4");
        Lab.Node n5 = lab.join("n5");
        Lab.Node n6 = lab.join("n6");
        lab.ticks(200);

        assertChanged(n2, MembershipChange.replace(id("n1"), id("n4")));
        lab.stop(n1);
        assertAgreed(n4, "one", "b", "b");
        assertChanged(n3, MembershipChange.replace(id("n2"), id("n5")));
        lab.stop(n2);
        assertRead(n5, "r", "1");
        Configuration last = assertChanged(n4, MembershipChange.replace(id("n3"), id("n6")));
        lab.stop(n3);

        assertThat(voters(last)).containsExactlyInAnyOrder("n4", "n5", "n6");
        assertAgreed(n6, "before", "x", "a");
        assertAgreed(n6, "one", "x", "b");
        assertAgreed(n6, "two", "c", "c");
        assertRead(n6, "r", "1");
        assertThat(n6.status().stranger()).isNull();
        // Restarted from their stores they know who votes, though the stores say that others formed the cluster.
        lab.stop(n4);
        lab.stop(n5);
        lab.stop(n6);
        Lab.Node again4 = lab.start("n4", n4.disk);
        Lab.Node again5 = lab.start("n5", n5.disk);
        assertAgreed(again5, "before", "x", "a");
        assertAgreed(again4, "three", "d", "d");
        assertRead(again5, "r", "1");
        assertThat(voters(electorate(again4).latest())).containsExactlyInAnyOrder("n4", "n5", "n6");
    }

    @Test
    void rule16_pagesTakeNoMoreThanOtherMessagesDo() {
        Lab small = new Lab("n1", "n2", "n3");
        small.messages(300);
        Lab.Node first = small.start("n1", small.newDisk());
        small.start("n2", small.newDisk());
        small.start("n3", small.newDisk());
        small.ticks(100);
        for (int i = 0; i < 20; i++) {
            first.agree("d" + i, "value");
            first.setRegister("r" + i, "value");
        }
        small.ticks(100);
        small.join("n4");
        small.ticks(200);
        RequestId changed = first.change(GroupId.EPOCHS, MembershipChange.replace(id("n1"), id("n4")));
        small.ticks(1_000);

        assertThat(first.outcome(changed)).isInstanceOf(Outcome.Reconfigured.class);
        assertThat(small.sent().stream()
                        .map(Envelope::message)
                        .filter(EpochMessage.Page.class::isInstance)
                        .mapToInt(Message::weight))
                .hasSizeGreaterThan(30)
                .allMatch(weight -> weight < 600);
    }

    @Test
    void rule16_whoeverWasRemovedIsToldAndStillLearnsAndProposes() {
        Lab.Node n4 = lab.join("n4");
        lab.ticks(200);
        assertChanged(n1, MembershipChange.replace(id("n1"), id("n4")));
        assertThat(n1.status().stranger()).contains("no member of the latest epoch");
        assertThat(electorate(n1).standing()).isEqualTo(NodeStatus.Standing.OUTSIDE);

        assertAgreed(n4, "x", "a", "a");
        assertAgreed(n1, "x", "b", "a");
        assertAgreed(n1, "y", "c", "c");
        lab.stop(n4);
        assertAgreed(n1, "z", "d", "d");
        lab.stop(n3);
        RequestId hopeless = n1.agree("w", "e");
        lab.ticks(300);
        assertThat(n1.outcome(hopeless)).as("its own vote does not count").isNull();
    }

    @Test
    void rule16_aNodeThatWasAwayLearnsOfTheEpochFromWhomItAsks() {
        Lab.Node n4 = lab.join("n4");
        lab.ticks(200);
        lab.stop(n3);
        assertChanged(n1, MembershipChange.replace(id("n1"), id("n4")));
        lab.stop(n1);
        lab.ticks(100);
        Lab.Node again = lab.start("n3", n3.disk);
        assertAgreed(again, "x", "a", "a");
        lab.ticks(100);
        assertThat(electorate(again).latest().version()).isEqualTo(1);
        lab.stop(n2);
        assertAgreed(n4, "y", "b", "b");
    }

    @Test
    void rule16_aVoterThatLostItsStoreIsCountedFromTheNextEpochOn() {
        assertAgreed(n1, "before", "a", "a");
        lab.stop(n2);
        Lab.Node again = lab.start("n2", lab.newDisk());
        lab.ticks(200);
        assertThat(again.status().stranger()).isNotNull();

        assertChanged(n1, MembershipChange.replace(id("n2"), id("n2")));

        assertThat(again.status().stranger()).isNull();
        lab.stop(n3);
        assertAgreed(again, "after", "b", "b");
        assertAgreed(again, "before", "x", "a");
    }

    @Test
    void rule16_aSealedEpochStaysSealedWhereOnlyTheStoreKnows() {
        Lab.Node n4 = lab.join("n4");
        lab.ticks(200);
        assertChanged(n1, MembershipChange.replace(id("n1"), id("n4")));
        lab.stop(n4);
        lab.stop(n2);
        lab.stop(n3);
        lab.stop(n1);
        assertThat(mark(n1)).isEqualTo(new EpochMark(1, 0));
        assertThat(mark(n2)).isEqualTo(new EpochMark(1, 1));
        Lab.Node again1 = lab.start("n1", n1.disk);
        Lab.Node again2 = lab.start("n2", n2.disk);
        // These two are a majority of those with whom the cluster formed, and none of those who vote now.
        RequestId hopeless = again1.agree("x", "a");
        lab.ticks(500);
        assertThat(again1.outcome(hopeless)).isNull();
        lab.start("n3", n3.disk);
        lab.ticks(300);
        assertThat(again1.outcome(hopeless)).isEqualTo(new Outcome.Chosen(Payload.utf8("a")));
        assertThat(again2.status().stranger()).isNull();
    }

    /** What it says from now on names no start, so that whoever counts its store answers it as an observer. */
    private void assertSpeaksAsAnObserver(Lab.Node outdated, String name) {
        int before = lab.sent().size();
        assertAgreed(outdated, name, "a", "a");
        RequestId set = outdated.setRegister(name, "1");
        lab.ticks(100);
        assertThat(outdated.outcome(set)).isInstanceOf(Outcome.Changed.class);
        assertThat(lab.sent().subList(before, lab.sent().size()).stream()
                        .filter(envelope -> envelope.from().equals(outdated.self.endpoint()))
                        .filter(envelope -> envelope.message() instanceof EpochMessage
                                || envelope.message() instanceof DecreeMessage
                                || envelope.message() instanceof RegisterMessage))
                .isNotEmpty()
                .allMatch(envelope -> envelope.start().equals(StartId.NONE));
    }

    @Test
    void rule7_aLaterMemberFoundToBeACopySpeaksAsAnObserverThoughItFormedWithNobody() {
        Lab.Disk disk = lab.newDisk();
        Lab.Node n4 = lab.start("n4", disk);
        lab.ticks(200);
        Lab.Disk ofBefore = disk.copy();
        assertChanged(n1, MembershipChange.replace(id("n1"), id("n4")));
        lab.ticks(100);
        Lab.Disk backup = disk.copy();
        for (int i = 0; i < 2; i++) {
            lab.stop(n4);
            n4 = lab.start("n4", disk);
            lab.ticks(200);
        }
        lab.stop(n4);

        Lab.Node restored = lab.start("n4", backup);
        lab.ticks(200);
        assertThat(restored.turned()).hasSize(1);
        assertSpeaksAsAnObserver(restored, "one");
        lab.stop(restored);
        Lab.Node again = lab.start("n4", backup);
        assertSpeaksAsAnObserver(again, "two");
        lab.stop(again);
        Lab.Node older = lab.start("n4", ofBefore);
        lab.ticks(200);
        assertSpeaksAsAnObserver(older, "three");
    }

    /** n4 votes in nothing any more when n5 takes over what it left, and n5 must tell its starts apart all the same. */
    @Test
    void rule16_whatAnOutdatedMemberOfTheEpochBeforeHoldsIsNotTakenOver() {
        Lab.Disk disk = lab.newDisk();
        Lab.Node outdated = lab.start("n4", disk);
        lab.ticks(200);
        assertChanged(n1, MembershipChange.replace(id("n1"), id("n4")));
        lab.stop(outdated);
        Lab.Node n4 = lab.start("n4", disk);
        Lab.Node n5 = lab.join("n5");
        lab.ticks(300);
        lab.lose(envelope -> envelope.message() instanceof EpochMessage.Page
                && envelope.to().node().equals(n5.id));
        assertChanged(n2, MembershipChange.replace(id("n4"), id("n5")));
        lab.ticks(100);
        tellAll(n3, n5);
        assertThat(mark(n5)).as("one of n2, n3 and n4 is no quorum").isEqualTo(new EpochMark(2, 0));

        int before = lab.sent().size();
        tellAll(outdated, n5);
        assertThat(mark(n5)).as("an earlier start of n4 counts for nothing").isEqualTo(new EpochMark(2, 0));
        assertThat(lab.sent().subList(before, lab.sent().size()))
                .as("and is told")
                .anyMatch(envelope -> envelope.message() instanceof Hello
                        && envelope.to().node().equals(n4.id));

        tellAll(n4, n5);
        assertThat(mark(n5)).as("the later one does").isEqualTo(new EpochMark(2, 2));
    }

    /** All that a member of epoch 1 left, which is nothing, on three pages. */
    private void tellAll(Lab.Node member, Lab.Node asks) {
        Probe probe = new Probe(asks.self.start(), 2);
        EpochMark sealed = new EpochMark(2, 1);
        Place registers = new Place(Section.REGISTERS, "", 0, 0);
        Place decided = new Place(Section.DECIDED, "", 0, 0);
        lab.deliver(member.sayAsNode(asks, new EpochMessage.Page(probe, sealed, Place.FIRST, List.of(), registers)));
        lab.deliver(member.sayAsNode(asks, new EpochMessage.Page(probe, sealed, registers, List.of(), decided)));
        lab.deliver(member.sayAsNode(asks, new EpochMessage.Page(probe, sealed, decided, List.of(), null)));
    }

    private static EpochMark mark(Lab.Node node) {
        EpochMark last = EpochMark.FIRST;
        for (Write write : node.disk.writes()) {
            last = write instanceof Write.FormationWrite formation ? formation.mark() : last;
        }
        return last;
    }

    @Test
    void rule16_aClusterThatNeverChangesPaysNothing() {
        assertAgreed(n1, "x", "a", "a");
        RequestId set = n2.setRegister("r", "1");
        lab.ticks(500);
        assertThat(n2.outcome(set)).isInstanceOf(Outcome.Changed.class);

        assertThat(lab.sent().stream().map(Envelope::message))
                .noneMatch(message -> message instanceof EpochMessage
                        || (message instanceof GroupMessage group
                                && group.group().equals(GroupId.EPOCHS)));
        assertThat(mark(n1)).isEqualTo(EpochMark.FIRST);
        assertThat(n1.status().groups()).doesNotContainKey(GroupId.EPOCHS);
        assertThat(electorate(n1).latest().version()).isZero();
    }

    /** Whatever is lost is said again; nothing is lost for good, and nothing is decided twice. */
    @Test
    void rule16_changesSucceedWhileAThirdOfAllMessagesIsLost() {
        for (int seed = 1; seed <= 5; seed++) {
            Lab other = new Lab("n1", "n2", "n3");
            Lab.Node first = other.start("n1", other.newDisk());
            other.start("n2", other.newDisk());
            other.start("n3", other.newDisk());
            Lab.Node joins = other.join("n4");
            other.ticks(100);
            Random random = new Random(seed);
            other.lose(envelope -> random.nextInt(3) == 0);
            RequestId agreed = first.agree("x", "a");
            RequestId changed = first.change(GroupId.EPOCHS, MembershipChange.replace(id("n3"), id("n4")));
            RequestId meanwhile = joins.agree("y", "b");
            other.ticks(2_000);
            assertThat(first.outcome(changed)).as("seed %s", seed).isInstanceOf(Outcome.Reconfigured.class);
            assertThat(first.outcome(agreed)).isEqualTo(new Outcome.Chosen(Payload.utf8("a")));
            assertThat(joins.outcome(meanwhile)).isEqualTo(new Outcome.Chosen(Payload.utf8("b")));
        }
    }
}
