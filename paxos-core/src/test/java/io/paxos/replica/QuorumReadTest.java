// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.quorum.MajorityQuorums;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Reads on whole nodes, with links cut and leaders lost. */
class QuorumReadTest {

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

    private List<Lab.Node> followers() {
        return nodes.stream().filter(node -> !node.leads()).toList();
    }

    private static LogMessage body(Envelope envelope) {
        return envelope.message() instanceof GroupMessage m ? m.body() : null;
    }

    private static Predicate<Envelope> is(Class<? extends LogMessage> kind) {
        return envelope -> kind.isInstance(body(envelope));
    }

    private static boolean concerns(Envelope envelope, Lab.Node node) {
        return envelope.from().node().equals(node.id) || envelope.to().node().equals(node.id);
    }

    private static void assertCurrent(Lab.Node node, RequestId read) {
        assertThat(node.outcome(read)).isInstanceOf(Outcome.Current.class);
    }

    @Test
    void rule13_aReadTakesNoSlotAndOneRoundTripWhateverNodeIsAsked() {
        cluster("a", "b", "c");
        long decided = leader().group().decided();
        for (Lab.Node node : nodes) {
            assertThat(node.outcome(node.read())).isEqualTo(new Outcome.Current(decided));
        }
        assertThat(leader().group().decided()).isEqualTo(decided);
    }

    @Test
    void rule13_whereNothingIsInFlightNoLeaderIsNeeded() {
        cluster("a", "b", "c");
        Lab.Node dead = leader();
        List<Lab.Node> others = followers();
        lab.stop(dead);
        lab.lose(is(LogMessage.Canvass.class));
        lab.ticks(200);
        assertThat(others).noneMatch(Lab.Node::leads);
        for (Lab.Node node : others) {
            assertCurrent(node, node.read());
        }
    }

    @Test
    void rule13_aLeaderThatHasBeenSupersededWithoutKnowingItServesNothingOld() {
        cluster("a", "b", "c");
        Lab.Node old = leader();
        Lab.Node other = followers().get(0);
        lab.lose(envelope -> concerns(envelope, old));
        // The old leader's clock stands still: it goes on believing that it leads.
        lab.stop(old);
        lab.ticks(200);
        RequestId later = other.submit("later");
        lab.ticks(50);
        assertThat(other.outcome(later)).isInstanceOf(Outcome.Applied.class);
        assertThat(old.leads()).isTrue();
        RequestId read = old.read();
        assertThat(old.outcome(read)).isNull();
        lab.resume(old);
        lab.lose(envelope -> false);
        lab.ticks(200);
        assertCurrent(old, read);
        assertThat(old.executed).containsExactly("first", "later");
    }

    @Test
    void rule13_whatMayHaveBeenChosenIsWaitedForWhenItsLeaderDies() {
        cluster("a", "b", "c");
        Lab.Node dead = leader();
        Lab.Node reader = followers().get(0);
        lab.lose(is(LogMessage.Accepted.class));
        dead.submit("half way");
        lab.stop(dead);
        lab.lose(is(LogMessage.Canvass.class));
        RequestId read = reader.read();
        lab.ticks(200);
        assertThat(reader.outcome(read))
                .as("accepted by all, and perhaps acknowledged")
                .isNull();
        lab.lose(envelope -> false);
        lab.ticks(200);
        assertCurrent(reader, read);
        assertThat(reader.executed).containsExactly("first", "half way");
    }

    @Test
    void rule13_aSlotThatTheLeaderHasNeverHeardOfIsClosedForAReader() {
        cluster("a", "b", "c", "d", "e");
        Lab.Node dead = leader();
        Lab.Node holder = followers().get(0);
        lab.lose(envelope -> is(LogMessage.Accept.class).test(envelope)
                && !envelope.to().node().equals(holder.id));
        dead.submit("orphan");
        long orphan = holder.group().decided() + 1;
        lab.stop(dead);
        nodes.remove(dead);
        lab.lose(envelope -> concerns(envelope, holder));
        lab.ticks(200);
        assertThat(leader().group().decided()).isEqualTo(orphan - 1);
        lab.lose(envelope -> false);
        lab.ticks(100);
        assertThat(leader().group().decided())
                .as("nothing is submitted, so the leader has nothing to propose")
                .isEqualTo(orphan - 1);
        RequestId read = holder.read();
        assertThat(holder.outcome(read)).isNull();
        lab.ticks(100);
        assertThat(holder.outcome(read)).isEqualTo(new Outcome.Current(orphan));
        assertThat(holder.executed).containsExactly("first");
        assertThat(leader().group().decided()).as("and no farther").isEqualTo(orphan);
    }

    @Test
    void rule13_noWordOfAReaderFillsMoreThanTheWindow() {
        cluster("a", "b", "c");
        long decided = leader().group().decided();
        Envelope sample = followers().get(0).say(leader(), new LogMessage.CloseSlots(Long.MAX_VALUE, 1));
        lab.deliver(sample);
        lab.ticks(200);
        assertThat(leader().group().decided()).isEqualTo(decided + MachineConfig.DEFAULTS.windowSlots());
    }

    @Test
    void rule13_theAnswerOfAStrangerDoesNotCount() {
        cluster("a", "b", "c");
        Lab.Node reader = followers().get(0);
        lab.sent().clear();
        lab.lose(is(LogMessage.ReadReply.class));
        RequestId read = reader.read();
        Envelope reply = lab.sent().stream()
                .filter(is(LogMessage.ReadReply.class))
                .findFirst()
                .orElseThrow();
        lab.deliver(new Envelope(
                reply.cluster(),
                new Endpoint(reply.from().node(), new Incarnation(99)),
                reply.to(),
                StartId.NONE,
                reply.fingerprint(),
                reply.message()));
        lab.deliver(new Envelope(
                reply.cluster(),
                new Endpoint(NodeId.of("z"), new Incarnation(98)),
                reply.to(),
                StartId.NONE,
                reply.fingerprint(),
                reply.message()));
        assertThat(reader.outcome(read)).isNull();
        lab.deliver(reply);
        assertCurrent(reader, read);
    }

    @Test
    void rule13_anObserverReadsAndIsNotAsked() {
        cluster("a", "b", "c");
        Set<NodeId> members = new TreeSet<>();
        nodes.forEach(node -> members.add(node.id));
        Lab.Node observer = lab.start("o", lab.newDisk(), MajorityQuorums::of, members);
        lab.ticks(200);
        lab.sent().clear();
        RequestId read = observer.read();
        lab.ticks(2);
        assertCurrent(observer, read);
        assertThat(observer.executed).containsExactly("first");
        Lab.Node reader = followers().get(0);
        assertCurrent(reader, reader.read());
        assertThat(lab.sent())
                .filteredOn(is(LogMessage.ReadReply.class))
                .noneMatch(envelope -> envelope.from().node().equals(observer.id));
        lab.sent().clear();
        lab.deliver(reader.say(observer, new LogMessage.ReadQuery(new Probe(1, 1), 3)));
        assertThat(lab.sent())
                .as("who counts it is for the one who asks to know, but it asks nobody else")
                .hasSize(1)
                .allMatch(is(LogMessage.ReadReply.class));
    }

    @Test
    void rule17_aNodeTwoPeersAwayFromAQuorumStillReads() {
        cluster("a", "b", "c", "d", "e", "f", "g");
        Lab.Node far = followers().get(0);
        Lab.Node middle = followers().get(1);
        Lab.Node hub = leader();
        lab.lose(envelope -> isBetweenOthers(envelope, far, middle) || isBetweenOthers(envelope, middle, far, hub));
        RequestId later = hub.submit("later");
        lab.ticks(300);
        assertThat(hub.outcome(later)).isInstanceOf(Outcome.Applied.class);
        RequestId read = far.read();
        lab.ticks(400);
        assertCurrent(far, read);
        assertThat(far.executed).containsExactly("first", "later");
    }

    /** Whether it comes from this node, or goes to it, and its other end is none of those. */
    private static boolean isBetweenOthers(Envelope envelope, Lab.Node node, Lab.Node... linked) {
        NodeId other = envelope.from().node().equals(node.id)
                ? envelope.to().node()
                : envelope.to().node().equals(node.id) ? envelope.from().node() : node.id;
        if (other.equals(node.id)) {
            return false;
        }
        for (Lab.Node each : linked) {
            if (each.id.equals(other)) {
                return false;
            }
        }
        return true;
    }
}
