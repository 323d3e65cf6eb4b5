// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Hello;
import io.paxos.model.Incarnation;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Voters that come back without their store, where the leader is to see to them. */
class ReadmissionTest {

    private static final int PATIENCE = 300;

    private final Lab lab = new Lab("n1", "n2", "n3");
    private final Lab.Node n1;
    private final Lab.Node n2;
    private final Lab.Node n3;

    ReadmissionTest() {
        lab.readmit(PATIENCE);
        n1 = lab.start("n1", lab.newDisk());
        n2 = lab.start("n2", lab.newDisk());
        n3 = lab.start("n3", lab.newDisk());
        lab.ticks(100);
    }

    private Lab.Node leader() {
        return Stream.of(n1, n2, n3).filter(Lab.Node::leads).findFirst().orElseThrow();
    }

    private Lab.Node follower() {
        return Stream.of(n3, n2, n1).filter(node -> !node.leads()).findFirst().orElseThrow();
    }

    private Incarnation counted(Lab.Node at, NodeId node) {
        return Objects.requireNonNull(at.membership().latest().voters().voters().get(node));
    }

    private static void assertApplied(Lab lab, Lab.Node node, String command) {
        RequestId request = node.submit(command);
        lab.ticks(100);
        assertThat(node.outcome(request)).as(command).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void rule10_aVoterThatLostItsStoreIsCountedAgainWithNobodyAsked() {
        Lab.Node leader = leader();
        Lab.Node lost = follower();
        assertApplied(lab, leader, "before");
        lab.stop(lost);
        Lab.Node back = lab.start(lost.id.name(), lab.newDisk());
        lab.ticks(2 * PATIENCE + 400);

        assertThat(counted(leader, lost.id)).isEqualTo(back.disk.incarnation());
        assertThat(back.membership().standing()).isEqualTo(NodeStatus.Standing.VOTER);
        // Without its vote there would be no quorum now.
        Lab.Node other = Stream.of(n1, n2, n3)
                .filter(node -> node != lost && node != leader)
                .findFirst()
                .orElseThrow();
        lab.stop(other);
        assertApplied(lab, leader, "with its vote");
        assertThat(back.executed).containsExactly("before", "with its vote");
    }

    @Test
    void nothingIsChangedBeforeTheNodeHasBeenBackForLongEnough() {
        Lab.Node leader = leader();
        Lab.Node lost = follower();
        lab.stop(lost);
        lab.start(lost.id.name(), lab.newDisk());
        lab.ticks(PATIENCE - 1);

        assertThat(leader.membership().latest().version()).isZero();
    }

    @Test
    void whoStaysAwayIsNotReplaced() {
        Lab.Node leader = leader();
        lab.stop(follower());
        lab.ticks(4 * PATIENCE);

        assertThat(leader.membership().latest().version()).isZero();
    }

    @Test
    void aStoreThatIsHeardKeepsItsVoteThoughAnotherRunsUnderItsName() {
        Lab.Node leader = leader();
        Lab.Node kept = follower();
        Lab.Node other = lab.start(kept.id.name(), lab.newDisk());
        lab.ticks(6 * PATIENCE);

        assertThat(other.membership().standing()).isEqualTo(NodeStatus.Standing.STRANGER);
        assertThat(counted(leader, kept.id)).isEqualTo(kept.disk.incarnation());
        assertThat(leader.membership().latest().version()).isZero();
    }

    @Test
    void aNodeThatLosesOneStoreAfterAnotherIsCountedByTheLast() {
        Lab.Node leader = leader();
        Lab.Node lost = follower();
        lab.stop(lost);
        Lab.Node second = lab.start(lost.id.name(), lab.newDisk());
        lab.ticks(PATIENCE - 50);
        lab.stop(second);
        Lab.Node third = lab.start(lost.id.name(), lab.newDisk());
        lab.ticks(PATIENCE - 50);
        assertThat(leader.membership().latest().version())
                .as("the time of the second does not count for the third")
                .isZero();
        lab.ticks(PATIENCE + 450);

        assertThat(counted(leader, lost.id)).isEqualTo(third.disk.incarnation());
        assertThat(leader.membership().latest().version()).isEqualTo(1);
    }

    @Test
    void aCallGoesBeforeWhatTheLeaderHasInMind() {
        Lab.Node leader = leader();
        Lab.Node lost = follower();
        lab.stop(lost);
        // It is heard, and learns nothing: the leader waits for it to catch up.
        lab.start(lost.id.name(), lab.newDisk());
        assertApplied(lab, leader, "it cannot have this");
        lab.lose(envelope -> envelope.to().node().equals(lost.id) && !(envelope.message() instanceof Hello));
        lab.ticks(PATIENCE + 20);
        RequestId call = leader.change(MembershipChange.observe(lost.id));
        lab.ticks(400);

        assertThat(leader.outcome(call)).isInstanceOf(Outcome.Reconfigured.class);
    }

    @Test
    void whereNobodyAskedForItNothingIsDone() {
        Lab other = new Lab("m1", "m2", "m3");
        Lab.Node m1 = other.start("m1", other.newDisk());
        Lab.Node m2 = other.start("m2", other.newDisk());
        Lab.Node m3 = other.start("m3", other.newDisk());
        other.ticks(100);
        Lab.Node lost =
                Stream.of(m1, m2, m3).filter(node -> !node.leads()).findFirst().orElseThrow();
        other.stop(lost);
        other.start(lost.id.name(), other.newDisk());
        other.ticks(6 * PATIENCE);

        assertThat(Stream.of(m1, m2, m3)
                        .filter(Lab.Node::leads)
                        .findFirst()
                        .orElseThrow()
                        .membership()
                        .latest()
                        .version())
                .isZero();
    }
}
