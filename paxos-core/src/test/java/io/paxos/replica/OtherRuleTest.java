// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Lab.assertNothingToReport;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.Hello;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Rules 2 and 6: only nodes that count by one rule over one vector listen to each other. */
class OtherRuleTest {

    private static final Function<Set<NodeId>, QuorumSystem> ALL_OR_ONE =
            voters -> new FlexibleQuorums(voters, voters.size(), 1);

    private final Lab lab = new Lab("n1", "n2", "n3");

    private void assertApplied(Lab.Node node, String command) {
        RequestId request = node.submit(command);
        lab.ticks(100);
        assertThat(node.outcome(request)).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void rule6_membersOfWhichOneCountsByAnotherRuleDoNotFormUntilItIsCorrected() {
        Lab.Node n1 = lab.start("n1", lab.newDisk());
        Lab.Node n2 = lab.start("n2", lab.newDisk());
        Lab.Node other = lab.start("n3", lab.newDisk(), ALL_OR_ONE);
        lab.ticks(200);

        assertThat(n1.status().formed()).isNull();
        assertThat(other.status().formed()).isNull();
        assertThat(n1.status().notice())
                .contains("n3/", "another rule", "phase 1: 3, phase 2: 1", "majority of [n1, n2, n3]", "quorums(...)")
                .doesNotContain("n2/" + n2.disk.incarnation() + " counts");
        assertThat(other.status().notice()).contains("n1/", "n2/", "another rule");

        lab.stop(other);
        Lab.Node corrected = lab.start("n3", other.disk);
        lab.ticks(100);
        assertNothingToReport(n1, n2, corrected);
        assertApplied(corrected, "x");
    }

    /** With the rule of n3 a single acceptance would choose, and with that of the others two promises would do. */
    @Test
    void rule2_aMemberRestartedWithAnotherRuleIsNotListenedToAndBothSidesSaySo() {
        Lab.Node n1 = lab.start("n1", lab.newDisk());
        Lab.Node n2 = lab.start("n2", lab.newDisk());
        Lab.Node n3 = lab.start("n3", lab.newDisk());
        lab.ticks(100);
        assertApplied(n1, "before");
        lab.stop(n3);
        Lab.Node other = lab.start("n3", n3.disk, ALL_OR_ONE);
        lab.ticks(100);
        lab.stop(n2);

        RequestId byOther = other.submit("by the other rule");
        RequestId byUs = n1.submit("by ours");
        RequestId decree = other.agree("d", "by the other rule");
        lab.ticks(300);
        assertThat(other.outcome(byOther)).isNull();
        assertThat(other.outcome(decree)).isNull();
        assertThat(n1.outcome(byUs)).isNull();
        assertThat(n1.status().notice()).contains("n3/", "another rule", "quorums(...)", "restart those that differ");
        assertThat(other.status().notice()).contains("n1/", "another rule");
        assertThat(other.status().stranger()).as("its store is as good as ever").isNull();

        lab.stop(other);
        Lab.Node corrected = lab.start("n3", n3.disk);
        lab.ticks(200);
        assertThat(n1.outcome(byUs)).isInstanceOf(Outcome.Applied.class);
        assertNothingToReport(n1, corrected);
    }

    /** What an old notice says is taken back as soon as the other node is seen to count alike. */
    @Test
    void aNoticeThatCameLateIsTakenBackByTheNextMessage() {
        Lab.Node n1 = lab.start("n1", lab.newDisk());
        Lab.Node n2 = lab.start("n2", lab.newDisk());
        lab.start("n3", lab.newDisk());
        lab.ticks(100);
        Hello old = new Hello(null, null, null, n1.status().formed(), List.of(), "an old rule", null);
        Envelope late = new Envelope(
                n2.self.cluster(),
                n2.self.endpoint(),
                n1.self.endpoint(),
                n2.self.startId(),
                io.paxos.model.Fingerprint.NONE,
                old);

        lab.lose(e -> true);
        lab.deliver(late);
        assertThat(n1.status().notice()).contains("an old rule");

        lab.lose(e -> false);
        lab.ticks(100);
        assertNothingToReport(n1, n2);
    }

    /** An observer may be configured with other members; it counts by those with which the cluster formed. */
    @Test
    void observersEndUpCountingAsTheMembersDo() {
        Lab.Node n1 = lab.start("n1", lab.newDisk(), ALL_OR_ONE);
        lab.start("n2", lab.newDisk(), ALL_OR_ONE);
        lab.start("n3", lab.newDisk(), ALL_OR_ONE);
        Lab.Node observer = lab.start("o", lab.newDisk(), ALL_OR_ONE, Set.of(NodeId.of("n1"), NodeId.of("n2")));
        lab.ticks(100);
        RequestId decree = observer.agree("d", "x");
        assertApplied(n1, "one");
        assertApplied(observer, "two");
        lab.ticks(100);

        assertThat(observer.executed).containsExactly("one", "two");
        assertThat(observer.outcome(decree)).isEqualTo(new Outcome.Chosen(Payload.utf8("x")));
        assertThat(observer.status().notice())
                .as("whom it asks is no matter of who votes")
                .isNull();
    }

    /**
     * Two processes under one name while a cluster forms can leave the members with two vectors that have two stores in
     * common. Each vector has quorums of its own; the common members must not serve both.
     */
    @Test
    void rule6_aMemberServesOnlyTheVectorItFormedWith() {
        Lab.Disk first = lab.newDisk();
        Lab.Disk second = lab.newDisk();
        Lab.Disk disk2 = lab.newDisk();
        Lab.Disk disk3 = lab.newDisk();
        formed(first, vector(first, disk2, disk3));
        for (Lab.Disk disk : List.of(second, disk2, disk3)) {
            formed(disk, vector(second, disk2, disk3));
        }
        Lab.Node alone = lab.start("n1", first);
        Lab.Node n2 = lab.start("n2", disk2);
        lab.start("n3", disk3);
        RequestId lonely = alone.submit("lonely");
        RequestId decree = alone.agree("d", "lonely");
        lab.ticks(400);

        assertThat(alone.outcome(lonely)).isNull();
        assertThat(alone.outcome(decree)).isNull();
        assertThat(alone.leads()).isFalse();
        assertThat(alone.status().notice())
                .contains("a cluster of the same name", "Give one of them another name, or an empty store");
        assertThat(n2.status().notice()).contains("a cluster of the same name");
        assertThat(lab.sent())
                .as("it asks, and would be answered otherwise")
                .anyMatch(e -> e.from().equals(alone.self.endpoint()) && e.message() instanceof GroupMessage);
        assertApplied(n2, "together");
    }

    private static void formed(Lab.Disk disk, Membership vector) {
        disk.writes().add(new Write.FormationWrite(vector, vector, new ArrayList<>()));
    }

    private static Membership vector(Lab.Disk disk1, Lab.Disk disk2, Lab.Disk disk3) {
        Map<NodeId, Incarnation> voters = Map.of(
                NodeId.of("n1"), disk1.incarnation(),
                NodeId.of("n2"), disk2.incarnation(),
                NodeId.of("n3"), disk3.incarnation());
        return Membership.of(voters);
    }

    /** The addressee of a message is never meant to be anyone else than the vector names. */
    @Test
    void everyMessageButAHelloBearsWhatTheSenderCountsBy() {
        lab.start("n1", lab.newDisk());
        lab.start("n2", lab.newDisk());
        Lab.Node n3 = lab.start("n3", lab.newDisk());
        lab.ticks(100);
        assertApplied(n3, "x");

        assertThat(lab.sent()).allSatisfy(e -> {
            boolean isHello = e.message() instanceof Hello;
            assertThat(e.fingerprint().bits() == 0).isEqualTo(isHello);
            assertThat(e.start().number()).isEqualTo(1);
            assertThat(e.to().equals(Endpoint.any(e.to().node()))).matches(any -> isHello || !any);
        });
    }
}
