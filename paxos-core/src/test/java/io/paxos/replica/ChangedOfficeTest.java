// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.MembershipChange;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a leader may do while its membership changes: rely on a lease, hand its office over, say that it leads. */
class ChangedOfficeTest {

    private final Lab lab = new Lab("a", "b", "c");
    private final List<Lab.Node> members = new ArrayList<>();
    private final Lab.Node leader;
    private final Lab.Node stays;
    private final Lab.Node leaves;
    private final Lab.Node comes;

    ChangedOfficeTest() {
        lab.lease(new LeasePolicy(20 * Lab.TICK_NANOS, 0.25));
        for (String name : List.of("a", "b", "c")) {
            members.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(100);
        leader = members.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
        List<Lab.Node> others = members.stream().filter(node -> node != leader).toList();
        stays = others.get(0);
        leaves = others.get(1);
        leader.submit("first");
        comes = lab.join("d");
        lab.ticks(200);
        assertThat(leader.leads()).isTrue();
    }

    private static Predicate<Envelope> is(Class<? extends LogMessage> kind) {
        return envelope -> envelope.message() instanceof GroupMessage m && kind.isInstance(m.body());
    }

    private static Predicate<Envelope> fromOneOf(Lab.Node... nodes) {
        return envelope ->
                List.of(nodes).stream().anyMatch(node -> envelope.from().node().equals(node.id));
    }

    private static boolean isAcceptOfAChange(Envelope envelope) {
        return envelope.message() instanceof GroupMessage m
                && m.body() instanceof LogMessage.Accept accept
                && accept.values().get(0) instanceof Value.Reconfigure;
    }

    /** From the change on nobody hears that anything was accepted: it is decided, and does not come to govern. */
    private void holdBackWhatFollowsAChange() {
        AtomicLong changedIn = new AtomicLong(Long.MAX_VALUE);
        lab.lose(envelope -> {
            LogMessage body = envelope.message() instanceof GroupMessage m ? m.body() : null;
            if (body instanceof LogMessage.Accept accept && accept.values().get(0) instanceof Value.Reconfigure) {
                changedIn.set(accept.first());
            }
            return body instanceof LogMessage.Accepted accepted
                    && accepted.slots().first() > changedIn.get();
        });
    }

    private long queries() {
        return lab.sent().stream().filter(is(LogMessage.ReadQuery.class)).count();
    }

    private static Outcome.Reason reason(Lab.Node node, RequestId request) {
        return ((Outcome.Refused) node.outcome(request)).reason();
    }

    @Test
    void rule14_aLeaseThatNewVotersGrantCountsOnlyWhenTheyHaveSaidWhatTheyHold() {
        Lab.Node alsoComes = lab.join("e");
        lab.ticks(200);
        lab.lose(is(LogMessage.Promise.class).and(fromOneOf(comes, alsoComes)));
        // Both give their promise and their word, but only the word arrives.
        leader.change(new MembershipChange(
                new TreeSet<>(List.of(comes.id, alsoComes.id)),
                new TreeSet<>(),
                new TreeSet<>(List.of(stays.id, leaves.id)),
                MembershipChange.LATEST));
        lab.ticks(100);
        assertThat(leader.leads()).isTrue();
        assertThat(leader.membership().latest().version()).isEqualTo(1);
        long before = queries();
        RequestId early = leader.readUnderLease();
        assertThat(queries()).as("what they hold is not known").isGreaterThan(before);
        assertThat(leader.outcome(early)).isInstanceOf(Outcome.Current.class);

        lab.lose(envelope -> false);
        lab.ticks(100);
        assertThat(leader.membership().current().version()).isEqualTo(1);
        before = queries();
        RequestId late = leader.readUnderLease();
        assertThat(queries()).as("they have promised, and given their word").isEqualTo(before);
        assertThat(leader.outcome(late)).isInstanceOf(Outcome.Current.class);
    }

    @Test
    void rule14_aLeaseOfThoseWhoGovernNowIsNoneWithoutTheWordOfThoseWhoComeNext() {
        Lab.Node alsoComes = lab.join("e");
        lab.ticks(200);
        long before = queries();
        leader.readUnderLease();
        assertThat(queries()).as("there is a lease").isEqualTo(before);
        // Nothing follows the change, so those go on governing who have given their word; the others only promise.
        lab.lose(is(LogMessage.Accept.class)
                .and(envelope -> !isAcceptOfAChange(envelope))
                .or(is(LogMessage.LeaseGrant.class).and(fromOneOf(comes, alsoComes))));
        replaceBothOthersWith(alsoComes);
        lab.ticks(30);
        assertThat(leader.membership().latest().version()).isEqualTo(1);
        assertThat(leader.membership().current().version()).isZero();
        before = queries();
        leader.readUnderLease();
        assertThat(queries()).isGreaterThan(before);
    }

    @Test
    void rule10_anOfficeIsHandedOnlyToWhoVotesBeforeAndAfterTheChange() {
        holdBackWhatFollowsAChange();
        leader.change(MembershipChange.replace(leaves.id, comes.id));
        lab.ticks(30);
        assertThat(leader.membership().latest().version()).isEqualTo(1);
        assertThat(leader.membership().current().version()).isZero();

        assertThat(reason(leader, leader.transfer(comes.id.name(), false))).isEqualTo(Outcome.Reason.NOT_A_VOTER);
        assertThat(reason(leader, leader.transfer(leaves.id.name(), false))).isEqualTo(Outcome.Reason.NOT_A_VOTER);
        RequestId best = leader.transfer(null, false);
        lab.lose(envelope -> false);
        lab.ticks(60);
        assertThat(leader.outcome(best)).isInstanceOfSatisfying(Outcome.Led.class, led -> assertThat(led.leader())
                .isEqualTo(stays.id));
    }

    @Test
    void rule10_aLeaderThatLeavesMayHandOverToWhoStays() {
        holdBackWhatFollowsAChange();
        leader.change(MembershipChange.remove(leader.id));
        lab.ticks(30);
        assertThat(leader.membership().latest().version()).isEqualTo(1);
        RequestId transfer = leader.transfer(stays.id.name(), false);
        lab.lose(envelope -> false);
        lab.ticks(60);
        assertThat(leader.outcome(transfer)).isInstanceOfSatisfying(Outcome.Led.class, led -> assertThat(led.leader())
                .isEqualTo(stays.id));
        RequestId after = stays.submit("after");
        lab.ticks(100);
        assertThat(stays.outcome(after)).isInstanceOf(Outcome.Applied.class);
        assertThat(leader.group().role()).isEqualTo(Effect.RoleName.OBSERVER);
    }

    private static boolean announces(Lab.Node node) {
        return node.said.stream()
                .anyMatch(effect -> effect instanceof Effect.LeadershipChanged change && change.token() != null);
    }

    @Test
    void rule10_aLeadershipIsAnnouncedOnlyWhenAllWhoGovernSlotsToComeHavePromised() {
        // Nothing is found behind the change, so nothing else is awaited.
        lab.lose(is(LogMessage.Accept.class).and(envelope -> !isAcceptOfAChange(envelope)));
        leader.change(MembershipChange.replace(leaves.id, comes.id));
        lab.ticks(30);
        assertThat(stays.membership().latest().version()).isEqualTo(1);
        lab.lose(is(LogMessage.Promise.class)
                .and(fromOneOf(comes))
                .or(is(LogMessage.Canvass.class).and(fromOneOf(leaves))));
        lab.stop(leader);
        lab.ticks(150);
        assertThat(stays.leads()).isTrue();
        assertThat(announces(stays)).as("what those hold who come is not known").isFalse();

        lab.lose(envelope -> false);
        lab.ticks(100);
        assertThat(announces(stays)).isTrue();
    }

    private long lastProposedIn() {
        return lab.sent().stream()
                .map(envelope -> envelope.message() instanceof GroupMessage m ? m.body() : null)
                .mapToLong(body -> body instanceof LogMessage.Accept accept
                        ? accept.first() + accept.values().size() - 1
                        : 0)
                .max()
                .orElse(0);
    }

    private void replaceBothOthersWith(Lab.Node another) {
        leader.change(new MembershipChange(
                new TreeSet<>(List.of(comes.id, another.id)),
                new TreeSet<>(),
                new TreeSet<>(List.of(stays.id, leaves.id)),
                MembershipChange.LATEST));
    }

    @Test
    void rule10_theLastSlotOfAConfigurationWaitsForThePromisesOfTheNext() {
        Lab.Node alsoComes = lab.join("e");
        lab.ticks(200);
        lab.lose(is(LogMessage.Promise.class).and(fromOneOf(comes, alsoComes)));
        replaceBothOthersWith(alsoComes);
        lab.ticks(100);
        assertThat(leader.membership().latest().version()).isEqualTo(1);
        long first = leader.membership().from();
        assertThat(lastProposedIn()).isEqualTo(first - 2);

        lab.lose(envelope -> false);
        lab.ticks(100);
        assertThat(leader.group().decided()).isGreaterThanOrEqualTo(first - 1);
    }

    @Test
    void rule10_whatMayBeTheLastSlotOfAConfigurationWaitsUntilThatIsKnown() {
        lab.lose(is(LogMessage.Accepted.class));
        leader.change(MembershipChange.replace(leaves.id, comes.id));
        lab.ticks(20);
        long decided = leader.group().decided();
        assertThat(lastProposedIn()).as("the change is proposed").isEqualTo(decided + 1);
        for (int i = 0; i <= MachineConfig.DEFAULT_ALPHA; i++) {
            leader.submit("x");
        }
        assertThat(lastProposedIn()).isEqualTo(decided + MachineConfig.DEFAULT_ALPHA - 1);
    }
}
