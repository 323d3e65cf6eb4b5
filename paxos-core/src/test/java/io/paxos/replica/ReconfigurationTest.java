// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Configuration;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.quorum.MajorityQuorums;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Changes of membership on whole nodes (rule 10): three members, and others that join. */
class ReconfigurationTest {

    private final Lab lab = new Lab("n1", "n2", "n3");
    private final Lab.Node n1 = lab.start("n1", lab.newDisk());
    private final Lab.Node n2 = lab.start("n2", lab.newDisk());
    private final Lab.Node n3 = lab.start("n3", lab.newDisk());

    private static NodeId id(String name) {
        return NodeId.of(name);
    }

    private void assertApplied(Lab.Node node, String command) {
        RequestId request = node.submit(command);
        lab.ticks(100);
        assertThat(node.outcome(request)).as("%s at %s", command, node.id).isInstanceOf(Outcome.Applied.class);
    }

    private Configuration assertChanged(Lab.Node at, MembershipChange change) {
        RequestId request = at.change(change);
        lab.ticks(400);
        assertThat(at.outcome(request)).as("%s", change).isInstanceOf(Outcome.Reconfigured.class);
        return ((Outcome.Reconfigured) at.outcome(request)).configuration();
    }

    private void assertRefused(Lab.Node at, MembershipChange change, Outcome.Reason reason) {
        long version = at.membership().latest().version();
        RequestId request = at.change(change);
        lab.ticks(10);
        assertThat(at.outcome(request))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(reason));
        assertThat(at.membership().latest().version()).isEqualTo(version);
    }

    private static Set<String> voters(Configuration configuration) {
        return configuration.voters().voters().keySet().stream()
                .map(NodeId::name)
                .collect(Collectors.toSet());
    }

    private Lab.Node leader(Lab.Node... nodes) {
        return Stream.of(nodes).filter(Lab.Node::leads).findFirst().orElseThrow();
    }

    @Test
    void rule10_aFourthNodeJoinsLearnsAndVotes() {
        lab.ticks(100);
        assertApplied(n1, "before");
        Lab.Node n4 = lab.join("n4");
        lab.ticks(200);
        assertThat(n4.executed).as("it learns before it votes").containsExactly("before");
        assertThat(n4.membership().standing()).isEqualTo(NodeStatus.Standing.OUTSIDE);

        Configuration configuration = assertChanged(n2, MembershipChange.add(id("n4")));

        assertThat(voters(configuration)).containsExactlyInAnyOrder("n1", "n2", "n3", "n4");
        assertThat(n4.membership().standing()).isEqualTo(NodeStatus.Standing.VOTER);
        // Of four voters, three are needed: without its vote nothing would be chosen now.
        Lab.Node away =
                Stream.of(n1, n2, n3).filter(node -> !node.leads()).findFirst().orElseThrow();
        lab.stop(away);
        assertApplied(leader(n1, n2, n3, n4), "with its vote");
        assertThat(n4.executed).containsExactly("before", "with its vote");
    }

    @Test
    void rule10_allThreeAreReplacedOneByOneAndTheNewOnesGoOnWithoutThem() {
        lab.ticks(100);
        assertApplied(n1, "one");
        Lab.Node n4 = lab.join("n4");
        Lab.Node n5 = lab.join("n5");
        Lab.Node n6 = lab.join("n6");
        lab.ticks(200);
        assertChanged(n1, MembershipChange.replace(id("n1"), id("n4")));
        assertThat(n1.leads()).as("whoever was removed does not lead").isFalse();
        lab.stop(n1);
        lab.ticks(200);
        assertApplied(n2, "two");
        assertChanged(n3, MembershipChange.replace(id("n2"), id("n5")));
        lab.stop(n2);
        lab.ticks(200);
        assertApplied(n3, "three");
        assertChanged(n4, MembershipChange.replace(id("n3"), id("n6")));
        lab.stop(n3);
        lab.ticks(200);
        assertApplied(n5, "four");

        assertThat(n4.executed)
                .isEqualTo(n5.executed)
                .isEqualTo(n6.executed)
                .containsExactly("one", "two", "three", "four");
        assertThat(voters(n6.membership().current())).containsExactlyInAnyOrder("n4", "n5", "n6");
        // Restarted from their stores they know who votes, though the stores say that others formed the cluster.
        lab.stop(n4);
        lab.stop(n5);
        lab.stop(n6);
        Lab.Node again4 = lab.start("n4", n4.disk);
        Lab.Node again5 = lab.start("n5", n5.disk);
        lab.ticks(300);
        assertApplied(again4, "five");
        assertThat(again5.executed).containsExactly("one", "two", "three", "four", "five");
    }

    @Test
    void rule10_aLeaderMayRemoveItselfAndResignsWhenTheChangeGoverns() {
        lab.ticks(100);
        Lab.Node leader = leader(n1, n2, n3);
        assertApplied(leader, "before");
        assertChanged(leader, MembershipChange.remove(leader.id));
        lab.ticks(100);

        assertThat(leader.leads()).isFalse();
        assertThat(leader.group().role()).isEqualTo(Effect.RoleName.OBSERVER);
        assertThat(leader.membership().standing()).isEqualTo(NodeStatus.Standing.OUTSIDE);
        Lab.Node other =
                Stream.of(n1, n2, n3).filter(node -> node != leader).findFirst().orElseThrow();
        assertApplied(other, "after");
        lab.sent().clear();
        lab.ticks(300);
        assertThat(lab.sent())
                .as("whoever was removed disturbs nobody")
                .noneMatch(envelope -> envelope.from().node().equals(leader.id)
                        && envelope.message() instanceof GroupMessage message
                        && (message.body() instanceof LogMessage.Canvass
                                || message.body() instanceof LogMessage.Prepare));
        assertThat(leader.executed).as("it goes on learning").contains("after");
    }

    @Test
    void rule6_aStrangerIsAdmittedAgainWithTheStoreItHasNow() {
        lab.ticks(100);
        assertApplied(n1, "before");
        lab.stop(n3);
        Lab.Node reborn = lab.start("n3", lab.newDisk());
        lab.ticks(200);
        assertThat(reborn.membership().standing()).isEqualTo(NodeStatus.Standing.STRANGER);
        assertChanged(n1, MembershipChange.replace(id("n3"), id("n3")));
        assertThat(reborn.membership().standing()).isEqualTo(NodeStatus.Standing.VOTER);
        Lab.Node away = n1.leads() ? n2 : n1;
        lab.stop(away);
        Lab.Node left = n1.leads() ? n1 : n2;
        lab.ticks(200);
        assertApplied(left, "with the new store");
    }

    @Test
    void aVoterBecomesAnObserverAndAVoterAgain() {
        lab.ticks(100);
        assertApplied(n1, "before");
        Lab.Node quiet =
                Stream.of(n1, n2, n3).filter(node -> !node.leads()).findFirst().orElseThrow();
        Configuration configuration = assertChanged(leader(n1, n2, n3), MembershipChange.observe(quiet.id));
        assertThat(configuration.observers()).containsExactly(quiet.id);
        assertThat(quiet.membership().standing()).isEqualTo(NodeStatus.Standing.OBSERVER);
        assertThat(quiet.group().role()).isEqualTo(Effect.RoleName.OBSERVER);
        assertApplied(quiet, "while observing");
        assertChanged(quiet, MembershipChange.add(quiet.id));
        assertThat(quiet.membership().standing()).isEqualTo(NodeStatus.Standing.VOTER);
        assertThat(quiet.group().role()).isNotEqualTo(Effect.RoleName.OBSERVER);
    }

    @Test
    void badChangesAreRefusedAtTheDoor() {
        lab.ticks(100);
        assertApplied(n1, "before");
        assertRefused(n1, MembershipChange.add(id("n9")), Outcome.Reason.UNKNOWN_NODE);
        assertRefused(n1, MembershipChange.remove(id("n9")), Outcome.Reason.UNKNOWN_NODE);
        assertRefused(n1, MembershipChange.remove(id("n1"), id("n2"), id("n3")), Outcome.Reason.NO_QUORUM);
        assertRefused(n1, MembershipChange.remove(id("n3")).amending(4), Outcome.Reason.VERSION_OUTDATED);
        Lab.Node n4 = lab.join("n4");
        lab.ticks(200);
        lab.stop(n4);
        RequestId first = n1.change(MembershipChange.add(id("n4")));
        assertRefused(n1, MembershipChange.remove(id("n3")), Outcome.Reason.CHANGE_UNDER_WAY);
        assertThat(n1.outcome(first))
                .as("it waits for the newcomer to catch up")
                .isNull();
        lab.ticks(2000);
        assertThat(n1.outcome(first)).isInstanceOf(Outcome.Refused.class);
        assertThat(n1.membership().latest().version()).isZero();
    }

    @Test
    void rule10_ofTwoChangesOfOneVersionOneTakesEffectAndTheOtherIsToldSo() {
        lab.ticks(100);
        assertApplied(n1, "before");
        lab.lose(envelope ->
                envelope.message() instanceof GroupMessage message && message.body() instanceof LogMessage.Accept);
        RequestId first = n1.change(MembershipChange.remove(id("n1")));
        RequestId second = n2.change(MembershipChange.remove(id("n2")));
        lab.ticks(1);
        lab.lose(envelope -> false);
        lab.ticks(600);
        List<Outcome> outcomes =
                List.of(Objects.requireNonNull(n1.outcome(first)), Objects.requireNonNull(n2.outcome(second)));
        assertThat(outcomes).filteredOn(Outcome.Reconfigured.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(Outcome.Refused.class::isInstance)
                .extracting(outcome -> ((Outcome.Refused) outcome).reason())
                .containsExactly(Outcome.Reason.VERSION_OUTDATED);
        assertThat(n3.membership().latest().version()).isEqualTo(1);
    }

    @Test
    void rule13_aReadThatMeetsAChangeAsksThoseWhoGovernThen() {
        lab.ticks(100);
        assertApplied(n1, "before");
        Lab.Node n4 = lab.join("n4");
        lab.ticks(200);
        assertChanged(n1, MembershipChange.replace(id("n3"), id("n4")));
        lab.sent().clear();
        Lab.Node reader = n1.leads() ? n2 : n1;
        RequestId read = reader.read();
        lab.ticks(30);
        assertThat(reader.outcome(read)).isInstanceOf(Outcome.Current.class);
        assertThat(lab.sent())
                .filteredOn(envelope -> envelope.message() instanceof GroupMessage message
                        && message.body() instanceof LogMessage.ReadQuery)
                .anyMatch(envelope -> envelope.to().node().equals(n4.id))
                .noneMatch(envelope -> envelope.to().node().equals(n3.id));
    }

    /** α belongs to what nodes must have in common before they listen to each other. */
    @Test
    void rule10_nodesOfAnotherAlphaAreNotListenedTo() {
        MachineConfig other = MachineConfig.DEFAULTS.withAlpha(9000);
        MajorityQuorums quorums = MajorityQuorums.of(Set.of(id("a")));
        assertThat(other.rule(quorums)).isNotEqualTo(MachineConfig.DEFAULTS.rule(quorums));
    }

    @Test
    void rule10_aChangeThatWouldLeaveNoQuorumOfThoseWhoAreThereIsNotMade() {
        lab.ticks(100);
        Lab.Node leader = leader(n1, n2, n3);
        List<Lab.Node> others =
                Stream.of(n1, n2, n3).filter(node -> node != leader).toList();
        lab.stop(others.get(0));
        RequestId request = leader.change(MembershipChange.remove(others.get(1).id));
        lab.ticks(2100);

        assertThat(leader.outcome(request))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.TIMEOUT));
        assertThat(leader.membership().latest().version()).isZero();
        assertApplied(leader, "the two go on");
        // Once the third is back, the same change leaves a quorum.
        lab.resume(others.get(0));
        assertChanged(leader, MembershipChange.remove(others.get(1).id));
        assertApplied(leader, "and so do these two");
    }
}
