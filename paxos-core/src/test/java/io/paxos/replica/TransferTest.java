// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** One node lets another lead, on whole nodes. */
class TransferTest {

    private final List<Lab.Node> nodes = new ArrayList<>();
    private Lab lab = new Lab();

    private void cluster(String... names) {
        lab = new Lab(names);
        for (String name : names) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(70);
        RequestId first = leader().submit("first");
        lab.ticks(5);
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

    private static Outcome.Reason reason(Lab.Node node, RequestId request) {
        return ((Outcome.Refused) node.outcome(request)).reason();
    }

    /** What a node has said of its leadership; null where it led no more. */
    private static List<Ballot> tokens(Lab.Node node) {
        List<Ballot> tokens = new ArrayList<>();
        for (Effect effect : node.said) {
            if (effect instanceof Effect.LeadershipChanged change) {
                tokens.add(change.token());
            }
        }
        return tokens;
    }

    @Test
    void theNodeThatIsNamedLeadsAtOnceAndNoCommandIsLost() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        Lab.Node target = follower();
        List<RequestId> commands = new ArrayList<>();
        // What is in flight: no acceptance comes back before the transfer.
        lab.lose(is(LogMessage.Accepted.class));
        commands.add(old.submit("in flight"));
        lab.lose(envelope -> false);
        RequestId transfer = old.transfer(target.id.name(), false);
        commands.add(old.submit("behind it"));
        assertThat(target.leads()).as("no tick has passed").isTrue();
        assertThat(old.outcome(transfer))
                .isEqualTo(new Outcome.Led(target.id, target.group().ballot()));
        lab.ticks(5);
        for (RequestId command : commands) {
            assertThat(old.outcome(command)).isInstanceOf(Outcome.Applied.class);
        }
        for (Lab.Node node : nodes) {
            assertThat(node.executed).containsExactly("first", "in flight", "behind it");
        }
    }

    @Test
    void whoHoldsLessThanWasProposedWaitsForIt() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        Lab.Node target = follower();
        List<Envelope> accepts = new ArrayList<>();
        lab.lose(envelope -> is(LogMessage.Accept.class).test(envelope)
                && envelope.to().node().equals(target.id)
                && accepts.add(envelope));
        old.submit("overtaken");
        old.transfer(target.id.name(), false);
        assertThat(target.leads()).isFalse();
        lab.lose(envelope -> false);
        lab.deliver(accepts.get(0));
        assertThat(target.leads()).isTrue();
    }

    @Test
    void theBestOfTheOthersIsTheOneThatLacksLeast() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        Lab.Node behind = follower();
        lab.lose(envelope -> envelope.to().node().equals(behind.id)
                && !is(LogMessage.Heartbeat.class).test(envelope));
        old.submit("one");
        lab.ticks(2);
        RequestId transfer = old.transfer(null, false);
        assertThat(old.outcome(transfer)).isInstanceOfSatisfying(Outcome.Led.class, led -> assertThat(led.leader())
                .isNotIn(old.id, behind.id));
    }

    @Test
    void whoCannotLeadIsRefusedByNameAndNothingHappens() {
        cluster("a", "b", "c");
        Lab.Node observer = lab.start("o", lab.newDisk());
        lab.ticks(60);
        Lab.Node old = leader();
        Ballot ballot = old.group().ballot();
        assertThat(reason(old, old.transfer("nobody", false))).isEqualTo(Outcome.Reason.UNKNOWN_NODE);
        assertThat(reason(old, old.transfer("o", false))).isEqualTo(Outcome.Reason.NOT_A_VOTER);
        Lab.Node follower = follower();
        assertThat(reason(follower, follower.transfer(follower.id.name(), false)))
                .isEqualTo(Outcome.Reason.NOT_LEADER);
        assertThat(follower.outcome(follower.transfer(old.id.name(), false)))
                .as("it leads already")
                .isEqualTo(new Outcome.Led(old.id, ballot));
        assertThat(old.outcome(old.transfer(old.id.name(), false))).isEqualTo(new Outcome.Led(old.id, ballot));
        assertThat(observer.leads()).isFalse();
        assertThat(old.group().ballot()).isEqualTo(ballot);
        assertThat(lab.sent()).noneMatch(is(LogMessage.TakeOver.class));
    }

    @Test
    void whileItWaitsToBeSupersededItProposesNothingAndWithoutAnAnswerItGoesOn() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        Ballot ballot = old.group().ballot();
        lab.lose(is(LogMessage.TakeOver.class));
        RequestId transfer = old.transfer(follower().id.name(), false);
        int before = lab.sent().size();
        RequestId command = old.submit("waits");
        lab.ticks(10);
        assertThat(lab.sent().subList(before, lab.sent().size())).noneMatch(is(LogMessage.Accept.class));
        lab.ticks(25);
        assertThat(old.outcome(transfer)).isInstanceOf(Outcome.Unknown.class);
        assertThat(old.leads()).isTrue();
        assertThat(old.group().ballot()).isEqualTo(ballot);
        assertThat(old.outcome(command)).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void whoIsNotHeardIsNotToldAndCommandsGoOnMeanwhile() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        Lab.Node dead = follower();
        lab.stop(dead);
        lab.ticks(40);
        RequestId transfer = old.transfer(dead.id.name(), false);
        RequestId command = old.submit("meanwhile");
        lab.ticks(3);
        assertThat(old.outcome(command)).isInstanceOf(Outcome.Applied.class);
        assertThat(old.outcome(transfer)).isNull();
        lab.ticks(210);
        assertThat(reason(old, transfer)).isEqualTo(Outcome.Reason.TIMEOUT);
        assertThat(lab.sent()).noneMatch(is(LogMessage.TakeOver.class));
    }

    @Test
    void whoStepsDownResignsEvenIfNobodyTakesOver() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        Ballot ballot = old.group().ballot();
        lab.lose(is(LogMessage.TakeOver.class));
        RequestId stepDown = old.transfer(null, true);
        lab.ticks(35);
        assertThat(old.outcome(stepDown)).isInstanceOf(Outcome.Unknown.class);
        assertThat(lab.sent()).anyMatch(is(LogMessage.Resign.class));
        lab.ticks(100);
        assertThat(leader().group().ballot()).isGreaterThan(ballot);
    }

    @Test
    void anInvitationThatComesLateDeposesNobodyNewer() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        Lab.Node target = follower();
        List<Envelope> invitations = new ArrayList<>();
        lab.lose(envelope -> is(LogMessage.TakeOver.class).test(envelope) && invitations.add(envelope));
        old.transfer(target.id.name(), false);
        lab.ticks(35);
        lab.lose(envelope -> false);
        Lab.Node third = nodes.stream()
                .filter(node -> node != old && node != target)
                .findFirst()
                .orElseThrow();
        old.transfer(third.id.name(), false);
        assertThat(third.leads()).isTrue();
        lab.ticks(10);
        lab.deliver(invitations.get(0));
        assertThat(third.leads()).isTrue();
        assertThat(target.leads()).isFalse();
    }

    @Test
    void aNodeThatWillBeClosedHandsOverWhatItLeads() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        old.step(new Event.HandOver());
        lab.ticks(1);
        assertThat(old.leads()).isFalse();
        assertThat(leader()).isNotSameAs(old);
        int before = lab.sent().size();
        follower().step(new Event.HandOver());
        lab.ticks(1);
        assertThat(lab.sent().subList(before, lab.sent().size())).noneMatch(is(LogMessage.TakeOver.class));
    }

    @Test
    void aLeadershipIsAnnouncedWhenAllThatWasFoundIsExecutedAndItsTokensRise() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        Lab.Node target = follower();
        assertThat(tokens(old)).containsExactly(old.group().ballot());
        lab.lose(is(LogMessage.Accepted.class));
        old.submit("found");
        lab.lose(envelope -> is(LogMessage.Accepted.class).test(envelope)
                && envelope.to().node().equals(target.id));
        old.transfer(target.id.name(), false);
        assertThat(target.leads()).isTrue();
        assertThat(tokens(target)).as("what it found is not decided yet").isEmpty();
        lab.lose(envelope -> false);
        lab.ticks(25);
        assertThat(target.executed).containsExactly("first", "found");
        assertThat(tokens(target)).containsExactly(target.group().ballot());
        assertThat(tokens(old)).last().as("it leads no more").isNull();
        assertThat(tokens(target).get(0)).isGreaterThan(tokens(old).get(0));
    }
}
