// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What waits for those who come, and what for those who stay, while a change is decided and not done with. */
class ChangeUnderWayTest {

    private final Lab lab = new Lab("a", "b", "c");
    private final List<Lab.Node> members = new ArrayList<>();
    private final Lab.Node leader;
    private final Lab.Node follower;
    private final Lab.Node comes;
    private final Lab.Node alsoComes;

    ChangeUnderWayTest() {
        for (String name : List.of("a", "b", "c")) {
            members.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(100);
        leader = members.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
        follower = members.stream().filter(node -> node != leader).findFirst().orElseThrow();
        leader.submit("first");
        comes = lab.join("d");
        alsoComes = lab.join("e");
        lab.ticks(200);
        assertThat(leader.leads()).isTrue();
    }

    private static Predicate<Envelope> is(Class<? extends LogMessage> kind) {
        return envelope -> envelope.message() instanceof GroupMessage m && kind.isInstance(m.body());
    }

    private static Predicate<Envelope> toOneOf(Lab.Node... nodes) {
        return envelope ->
                List.of(nodes).stream().anyMatch(node -> envelope.to().node().equals(node.id));
    }

    private static boolean isAcceptOfAChange(Envelope envelope) {
        return envelope.message() instanceof GroupMessage m
                && m.body() instanceof LogMessage.Accept accept
                && accept.values().get(0) instanceof Value.Reconfigure;
    }

    private RequestId replaceAllButTheLeader() {
        TreeSet<NodeId> leave = new TreeSet<>();
        members.stream().filter(node -> node != leader).forEach(node -> leave.add(node.id));
        return leader.change(new MembershipChange(
                new TreeSet<>(List.of(comes.id, alsoComes.id)), new TreeSet<>(), leave, MembershipChange.LATEST));
    }

    private long lastProposedByTheLeader() {
        return lab.sent().stream()
                .filter(envelope -> envelope.from().node().equals(leader.id))
                .map(envelope -> envelope.message() instanceof GroupMessage m ? m.body() : null)
                .mapToLong(body -> body instanceof LogMessage.Accept accept
                        ? accept.first() + accept.values().size() - 1
                        : 0)
                .max()
                .orElse(0);
    }

    @Test
    void rule13_aReadAsksThoseWhoComeNextAsWell() {
        // The reader hears of the change and of nothing behind it, which others may have brought to govern meanwhile.
        Predicate<Envelope> hushed = is(LogMessage.Accept.class).and(envelope -> !isAcceptOfAChange(envelope));
        lab.lose(hushed);
        replaceAllButTheLeader();
        lab.ticks(30);
        assertThat(follower.membership().latest().version()).isEqualTo(1);
        assertThat(follower.membership().current().version()).isZero();

        lab.lose(hushed.or(is(LogMessage.ReadQuery.class).and(toOneOf(leader, comes, alsoComes))));
        RequestId read = follower.read();
        lab.ticks(60);
        assertThat(follower.outcome(read))
                .as("a quorum of those who govern now has answered, and none of those who come")
                .isNull();

        lab.lose(envelope -> false);
        lab.ticks(100);
        assertThat(follower.outcome(read)).isInstanceOf(Outcome.Current.class);
    }

    @Test
    void rule10_aChangeIsDoneOnlyWhenAQuorumOfTheNewVotersHoldsAllThatWasDecidedBelow() {
        lab.lose(is(LogMessage.Accept.class)
                .or(is(LogMessage.CatchUpReply.class))
                .and(toOneOf(comes, alsoComes)));
        RequestId change = replaceAllButTheLeader();
        lab.ticks(50);
        long below = leader.membership().from() - 1;
        assertThat(leader.membership().current().version()).as("it governs").isEqualTo(1);
        assertThat(leader.group().decided()).isEqualTo(below);
        assertThat(List.of(comes, alsoComes))
                .allSatisfy(node -> assertThat(node.group().decided()).isLessThan(below));
        assertThat(leader.outcome(change))
                .as("without those who leave, what was decided would be held by one")
                .isNull();

        lab.lose(envelope -> false);
        lab.ticks(100);
        assertThat(leader.outcome(change)).isInstanceOf(Outcome.Reconfigured.class);
    }

    @Test
    void rule10_aLeaderThatLeavesProposesInNoSlotOfThoseWhoCome() {
        // It does not hear how far the others are, so it stays for a while, for their sake.
        lab.lose(is(LogMessage.HeartbeatAck.class));
        leader.change(MembershipChange.remove(leader.id));
        lab.ticks(3);
        long last = leader.membership().from() - 1;
        assertThat(leader.group().decided()).isEqualTo(last);
        assertThat(lab.sent()).as("it is in office still").noneMatch(is(LogMessage.Resign.class));
        RequestId command = leader.submit("for the next leader");
        assertThat(lastProposedByTheLeader()).isEqualTo(last);

        lab.lose(envelope -> false);
        lab.ticks(200);
        assertThat(members).as("another leads").anyMatch(Lab.Node::leads);
        assertThat(leader.outcome(command)).isInstanceOf(Outcome.Applied.class);
        assertThat(lastProposedByTheLeader()).isEqualTo(last);
    }
}
