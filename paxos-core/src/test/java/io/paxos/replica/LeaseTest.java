// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Reads under a lease, on whole nodes whose clocks the test sets. A lease lasts 20 ticks, trusted for 16 of them. */
class LeaseTest {

    private static final LeasePolicy LEASE = new LeasePolicy(20 * Lab.TICK_NANOS, 0.25);

    private final List<Lab.Node> nodes = new ArrayList<>();
    private Lab lab = new Lab();

    private void cluster(String... names) {
        lab = new Lab(names);
        lab.lease(LEASE);
        for (String name : names) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(100);
        RequestId first = leader().submit("first");
        lab.ticks(6);
        assertThat(leader().outcome(first)).isInstanceOf(Outcome.Applied.class);
    }

    private Lab.Node leader() {
        return nodes.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
    }

    private Lab.Node follower() {
        return nodes.stream().filter(node -> !node.leads()).findFirst().orElseThrow();
    }

    private static Predicate<Envelope> is(Class<? extends LogMessage> kind) {
        return envelope -> envelope.message() instanceof GroupMessage m && kind.isInstance(m.body());
    }

    private static Predicate<Envelope> concerns(Lab.Node node) {
        return envelope ->
                envelope.from().node().equals(node.id) || envelope.to().node().equals(node.id);
    }

    private long count(Class<? extends LogMessage> kind) {
        return lab.sent().stream().filter(is(kind)).count();
    }

    private static boolean promised(Lab.Node node, Ballot ballot) {
        return node.group().ballot().equals(ballot);
    }

    @Test
    void rule14_aLeaderWithALeaseAnswersWithoutAnyMessage() {
        cluster("a", "b", "c");
        Lab.Node leader = leader();
        int before = lab.sent().size();
        RequestId read = leader.readUnderLease();
        assertThat(leader.outcome(read))
                .isEqualTo(new Outcome.Current(leader.group().decided()));
        assertThat(lab.sent()).hasSize(before);
    }

    @Test
    void rule14_whoHoldsNoLeaseAsksAQuorum() {
        cluster("a", "b", "c");
        Lab.Node follower = follower();
        RequestId read = follower.readUnderLease();
        assertThat(follower.outcome(read)).isInstanceOf(Outcome.Current.class);
        assertThat(count(LogMessage.ReadQuery.class)).isPositive();
    }

    @Test
    void rule14_aReadWaitsForEverySlotThatIsProposed() {
        cluster("a", "b", "c");
        Lab.Node leader = leader();
        lab.lose(is(LogMessage.Accepted.class));
        RequestId command = leader.submit("in flight");
        RequestId read = leader.readUnderLease();
        assertThat(leader.outcome(read)).isNull();
        assertThat(count(LogMessage.ReadQuery.class)).isZero();
        lab.lose(envelope -> false);
        lab.ticks(45);
        assertThat(leader.outcome(command)).isInstanceOf(Outcome.Applied.class);
        assertThat(leader.outcome(read))
                .isEqualTo(new Outcome.Current(leader.group().decided()));
    }

    @Test
    void rule14_aLeaseThatIsNotRenewedRunsOutOnTheClockOfTheLeader() {
        cluster("a", "b", "c");
        Lab.Node leader = leader();
        lab.lose(is(LogMessage.LeaseGrant.class));
        // The last question that was answered was sent 5 ticks ago at most.
        leader.nanos += 10 * Lab.TICK_NANOS;
        leader.readUnderLease();
        assertThat(count(LogMessage.ReadQuery.class)).isZero();
        leader.nanos += 7 * Lab.TICK_NANOS;
        leader.readUnderLease();
        assertThat(count(LogMessage.ReadQuery.class)).isPositive();
    }

    @Test
    void rule14_itIsCountedFromTheSendingOfTheQuestion() {
        cluster("a", "b", "c");
        Lab.Node leader = leader();
        List<Envelope> requests = new ArrayList<>();
        List<Envelope> grants = new ArrayList<>();
        lab.lose(envelope -> is(LogMessage.LeaseGrant.class).test(envelope)
                || (is(LogMessage.LeaseRequest.class).test(envelope) && requests.add(envelope)));
        lab.ticks(17);
        long sentAtMost = leader.nanos;
        requests.clear();
        lab.ticks(5);
        Envelope request =
                requests.stream().filter(concerns(follower())).findFirst().orElseThrow();
        lab.lose(envelope -> is(LogMessage.LeaseGrant.class).test(envelope) && grants.add(envelope));
        lab.deliver(request);
        lab.lose(is(LogMessage.LeaseGrant.class));
        // The answer takes 14 ticks: two are left of what is trusted.
        lab.ticks(9);
        lab.deliver(grants.get(0));
        leader.readUnderLease();
        assertThat(count(LogMessage.ReadQuery.class)).isZero();
        leader.nanos = sentAtMost + 22 * Lab.TICK_NANOS;
        leader.readUnderLease();
        assertThat(count(LogMessage.ReadQuery.class))
                .as("16 ticks after it was sent it is over, whenever it came")
                .isPositive();
    }

    @Test
    void rule14_whoHasGivenItsWordPromisesNobodyElseUntilItIsOverByItsOwnClock() {
        cluster("a", "b", "c");
        Lab.Node leader = leader();
        Lab.Node granter = follower();
        Lab.Node rival = nodes.stream()
                .filter(node -> node != leader && node != granter)
                .findFirst()
                .orElseThrow();
        lab.stop(leader);
        Ballot higher = new Ballot(100, rival.id, rival.self.start());
        Envelope prepare = rival.say(granter, new LogMessage.Prepare(higher, 1));
        lab.deliver(prepare);
        assertThat(promised(granter, higher)).isFalse();
        lab.stop(rival);
        lab.ticks(19);
        lab.deliver(prepare);
        assertThat(promised(granter, higher)).as("the word holds").isFalse();
        lab.ticks(3);
        lab.deliver(prepare);
        assertThat(promised(granter, higher)).as("it is over").isTrue();
    }

    @Test
    void rule14_aNodeThatStoodStillKeepsItsWordLonger() {
        cluster("a", "b", "c");
        Lab.Node leader = leader();
        Lab.Node granter = follower();
        Lab.Node rival = nodes.stream()
                .filter(node -> node != leader && node != granter)
                .findFirst()
                .orElseThrow();
        Ballot higher = new Ballot(100, rival.id, rival.self.start());
        // For long no tick has come, and the question is taken in before the next one.
        granter.nanos += 1000 * Lab.TICK_NANOS;
        lab.deliver(
                leader.say(granter, new LogMessage.LeaseRequest(leader.group().ballot(), 1000)));
        lab.stop(leader);
        lab.stop(rival);
        lab.ticks(2);
        lab.deliver(rival.say(granter, new LogMessage.Prepare(higher, 1)));
        assertThat(promised(granter, higher)).isFalse();
    }

    @Test
    void rule14_aNodeThatWasStartedAgainSitsOneOut() {
        cluster("a", "b", "c");
        Lab.Node leader = leader();
        Lab.Node granter = follower();
        Lab.Node rival = nodes.stream()
                .filter(node -> node != leader && node != granter)
                .findFirst()
                .orElseThrow();
        lab.stop(leader);
        lab.stop(granter);
        Lab.Node again = lab.start(granter.id.name(), granter.disk);
        lab.ticks(1);
        lab.stop(rival);
        Ballot higher = new Ballot(100, rival.id, rival.self.start());
        lab.deliver(rival.say(again, new LogMessage.Prepare(higher, 1)));
        assertThat(promised(again, higher)).isFalse();
        lab.ticks(21);
        lab.deliver(rival.say(again, new LogMessage.Prepare(higher, 1)));
        assertThat(promised(again, higher)).isTrue();
    }

    @Test
    void rule14_aTransferEndsTheLeaseFirst() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        Lab.Node target = follower();
        int before = lab.sent().size();
        old.transfer(target.id.name(), false);
        assertThat(target.leads()).as("nobody's word stands in its way").isTrue();
        List<Envelope> said = lab.sent().subList(before, lab.sent().size());
        assertThat(said.stream()
                        .filter(is(LogMessage.LeaseEnd.class).or(is(LogMessage.TakeOver.class)))
                        .findFirst())
                .get()
                .matches(is(LogMessage.LeaseEnd.class));
    }

    @Test
    void rule14_whoHandsOverServesNothingUnderALeaseAnyMoreThoughNobodyHasTakenOverYet() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        lab.lose(is(LogMessage.TakeOver.class));
        old.transfer(follower().id.name(), false);
        old.readUnderLease();
        assertThat(count(LogMessage.ReadQuery.class)).isPositive();
        lab.lose(envelope -> false);
    }

    @Test
    void rule14_wordsOfBeforeAHandOverDoNotCountAfterIt() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        List<Envelope> grants = new ArrayList<>();
        lab.lose(envelope -> is(LogMessage.LeaseGrant.class).test(envelope) && grants.add(envelope));
        lab.ticks(17);
        grants.clear();
        lab.ticks(5);
        lab.lose(is(LogMessage.TakeOver.class));
        old.transfer(follower().id.name(), false);
        grants.forEach(lab::deliver);
        old.readUnderLease();
        assertThat(count(LogMessage.ReadQuery.class)).isPositive();
    }

    @Test
    void rule14_aLeaseTakesTheWordsOfAPhase2QuorumForOneQuestion() {
        Parts parts = new Parts();
        LeaseHolder holder =
                new LeaseHolder(parts.peers, parts.outbox, Parts.CONFIG.with(LEASE), Parts.ballot(1, Parts.ME));
        holder.tick(0, 0);
        holder.tick(5, 5 * Lab.TICK_NANOS);
        holder.onGrant(Parts.ME, 1);
        holder.onGrant(Parts.B, 2);
        assertThat(holder.covers(0)).as("one of three for each").isFalse();
        holder.onGrant(Parts.C, 1);
        assertThat(holder.covers(16 * Lab.TICK_NANOS - 1)).isTrue();
        assertThat(holder.covers(16 * Lab.TICK_NANOS)).isFalse();
    }

    @Test
    void rule14_anAcceptorGivesItsWordOnlyToWhomItHasPromisedLast() {
        LeaseGranter granter = new LeaseGranter(LEASE, false);
        Endpoint other = Parts.B;
        Ballot ballot = Parts.ballot(3, other);
        assertThat(granter.grant(ballot, 1, Parts.ballot(2, Parts.C))).isFalse();
        assertThat(granter.grant(ballot, 1, Parts.ballot(4, Parts.C))).isFalse();
        assertThat(granter.grant(ballot, 1, ballot)).isTrue();
        assertThat(granter.forbids(Parts.ballot(4, Parts.C))).isTrue();
        assertThat(granter.forbids(ballot)).isFalse();
        granter.end(ballot, 1);
        assertThat(granter.forbids(Parts.ballot(4, Parts.C))).isFalse();
        assertThat(granter.grant(ballot, 1, ballot)).as("asked before the end").isFalse();
        assertThat(granter.grant(ballot, 2, ballot)).isTrue();
        granter.end(ballot, 1);
        assertThat(granter.forbids(Parts.ballot(4, Parts.C)))
                .as("an earlier end")
                .isTrue();
        granter.resigned(ballot);
        assertThat(granter.isInForce()).isFalse();
        assertThat(new LeaseGranter(LeasePolicy.NONE, true).forbids(ballot)).isFalse();
    }

    @Test
    void aDriftThatMakesNoSenseIsRefused() {
        for (double drift : new double[] {0, -0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new LeasePolicy(1, drift))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(drift));
        }
        assertThatThrownBy(() -> new LeasePolicy(-1, 0.1)).isInstanceOf(IllegalArgumentException.class);
    }

    // The other kinds of reads

    @Test
    void aReadOfASlotWaitsForThatSlotAndAsksNobody() {
        cluster("a", "b", "c");
        Lab.Node leader = leader();
        Lab.Node behind = follower();
        long next = leader.group().decided() + 1;
        RequestId early = behind.read(new Freshness.AtLeast(next - 1));
        assertThat(behind.outcome(early)).isEqualTo(new Outcome.Current(next - 1));
        RequestId read = behind.read(new Freshness.AtLeast(next));
        assertThat(behind.outcome(read)).isNull();
        leader.submit("one more");
        lab.ticks(2);
        assertThat(behind.outcome(read)).isEqualTo(new Outcome.Current(next));
        RequestId never = behind.read(new Freshness.AtLeast(Long.MAX_VALUE));
        lab.ticks(205);
        assertThat(behind.outcome(never))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.TIMEOUT));
        assertThat(count(LogMessage.ReadQuery.class)).isZero();
        assertThat(count(LogMessage.CloseSlots.class)).isZero();
    }

    @Test
    void aReadOfBoundedAgeSharesARoundThatIsYoungEnough() {
        cluster("a", "b", "c");
        Lab.Node node = follower();
        long called = node.nanos;
        node.read(Freshness.ACKNOWLEDGED);
        long asked = count(LogMessage.ReadQuery.class);
        lab.ticks(10);
        RequestId young = node.read(new Freshness.MarkedSince(called));
        assertThat(node.outcome(young)).isInstanceOf(Outcome.Current.class);
        assertThat(count(LogMessage.ReadQuery.class)).isEqualTo(asked);
        RequestId younger = node.read(new Freshness.MarkedSince(called + 1));
        assertThat(node.outcome(younger)).isInstanceOf(Outcome.Current.class);
        assertThat(count(LogMessage.ReadQuery.class)).as("a round of its own").isGreaterThan(asked);
    }

    @Test
    void aReadOfBoundedAgeThatReachesNoQuorumIsRefusedAsStale() {
        cluster("a", "b", "c");
        Lab.Node node = follower();
        long called = node.nanos;
        node.read(Freshness.ACKNOWLEDGED);
        lab.lose(concerns(node));
        lab.ticks(50);
        RequestId old = node.read(new Freshness.MarkedSince(called));
        assertThat(node.outcome(old)).isInstanceOf(Outcome.Current.class);
        RequestId fresh = node.read(new Freshness.MarkedSince(node.nanos - 10 * Lab.TICK_NANOS));
        lab.ticks(210);
        assertThat(node.outcome(fresh))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.STALE));
    }

    @Test
    void rule14_nodesWhoseLeasesDifferInLengthDoNotListenToEachOther() {
        Lab mixed = new Lab("a", "b", "c");
        mixed.lease(new LeasePolicy(22 * Lab.TICK_NANOS, 0.01));
        Lab.Node b = mixed.start("b", mixed.newDisk());
        Lab.Node c = mixed.start("c", mixed.newDisk());
        mixed.lease(new LeasePolicy(90 * Lab.TICK_NANOS, 0.01));
        Lab.Node a = mixed.start("a", mixed.newDisk());
        mixed.ticks(300);

        // Whoever trusts others for longer than they give their word would answer without what they chose meanwhile.
        for (Lab.Node node : List.of(a, b, c)) {
            assertThat(node.leads()).as("%s leads", node.id).isFalse();
            assertThat(node.status().notice()).contains("leases of");
        }
    }
}
