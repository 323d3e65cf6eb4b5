// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.log.SnapshotTransfer;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.Hello;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.StartId;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What single events do to a node: which part of it hears of them, and what is left to say when it stops. */
class NodeEventsTest {

    private static final ClusterName CLUSTER = new ClusterName("c");
    private static final Endpoint ME = new Endpoint(NodeId.of("me"), new Incarnation(1));
    private static final Endpoint OTHER = new Endpoint(NodeId.of("z"), new Incarnation(2));
    private static final StartId FIRST = StartId.of(1, 1);

    private static NodeMachine machine(Function<Set<NodeId>, QuorumSystem> quorums, Endpoint... members) {
        List<NodeId> names = List.of(members).stream().map(Endpoint::node).toList();
        return new NodeMachine(
                new Self(CLUSTER, ME, StartId.of(1, 42).bits()),
                Set.copyOf(names),
                quorums,
                MachineConfig.DEFAULTS,
                RecoveredState.empty(ME.incarnation()),
                new Random(1));
    }

    private static List<Envelope> envelopes(List<Effect> effects) {
        List<Envelope> envelopes = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                envelopes.addAll(persist.afterDurable());
            } else if (effect instanceof Effect.Send send) {
                envelopes.add(send.envelope());
            }
        }
        return envelopes;
    }

    private static Event received(Message message) {
        return new Event.Received(
                new Envelope(CLUSTER, OTHER, Endpoint.any(ME.node()), FIRST, Fingerprint.NONE, message));
    }

    /** Takes in events, and what the node says to itself; returns what it says to others. */
    private static List<Envelope> carryOut(NodeMachine machine, List<Effect> effects) {
        List<Envelope> toOthers = new ArrayList<>();
        List<Envelope> queue = new ArrayList<>(envelopes(effects));
        while (!queue.isEmpty()) {
            Envelope next = queue.remove(0);
            if (next.to().equals(ME)) {
                queue.addAll(envelopes(machine.step(new Event.Received(next))));
            } else {
                toOthers.add(next);
            }
        }
        return toOthers;
    }

    @Test
    void whoAskedAndDoesNotVoteIsToldOfDecreesThatAreDecided() {
        NodeMachine machine = machine(MajorityQuorums::of, ME);
        carryOut(machine, machine.start());
        machine.step(received(new Hello(new Probe(5, 1), null, null, null, List.of(), "", null)));
        machine.step(new Event.Tick(LogTime.ZERO, 0));
        List<Envelope> said = carryOut(
                machine, machine.step(new Event.Agree(new RequestId(1), new DecreeName("d"), Payload.utf8("x"), 100)));
        assertThat(said).isNotEmpty().allSatisfy(envelope -> {
            assertThat(envelope.to()).isEqualTo(OTHER);
            assertThat(envelope.message()).isInstanceOf(DecreeMessage.class);
        });
    }

    @Test
    void whereTheRuleHasNoQuorumsOverTheMembersEveryHelloSaysWhy() {
        NodeMachine machine = machine(
                names -> {
                    throw new IllegalArgumentException("two are too few");
                },
                ME,
                OTHER);
        assertThat(envelopes(machine.start())).isNotEmpty().allSatisfy(envelope -> assertThat(
                        ((Hello) envelope.message()).quorums())
                .isEqualTo("none: two are too few"));
    }

    @Test
    void aNodeInWhichARuleIsBrokenStopsSaysWhyAndRefusesEveryCall() {
        // Both are bound to the vector of both, but the rule fails as soon as it is to count.
        List<Boolean> fails = new ArrayList<>();
        NodeMachine broken = machine(
                names -> {
                    if (!fails.isEmpty()) {
                        throw new IllegalStateException("no such rule");
                    }
                    return MajorityQuorums.of(names);
                },
                ME,
                OTHER);
        Probe asked = ((Hello) envelopes(broken.start()).get(0).message()).probe();
        fails.add(true);
        List<Effect> effects = broken.step(received(new Hello(
                null,
                asked,
                Parts.membership(ME, OTHER),
                null,
                List.of(),
                MachineConfig.DEFAULTS.rule(MajorityQuorums.of(Set.of(ME.node(), OTHER.node()))),
                null)));
        assertThat(effects).singleElement().isInstanceOfSatisfying(Effect.Halted.class, halted -> assertThat(
                        halted.reason())
                .contains("me", "a rule was found broken", "no such rule"));
        assertThat(broken.status().halted()).contains("no such rule");
        assertThat(broken.step(new Event.Submit(new RequestId(1), GroupId.of("g"), Payload.EMPTY, 10)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.Respond.class, respond -> assertThat(((Outcome.Refused) respond.outcome()).reason())
                                .isEqualTo(Outcome.Reason.STOPPED));
    }

    @Test
    void whatWasAnsweredBeforeTheNodeStoppedIsSaidAndNothingElse() {
        NodeMachine machine = machine(MajorityQuorums::of, ME, OTHER);
        machine.start();
        Event asks = received(new Hello(new Probe(5, 1), null, null, null, List.of(), "", null));
        Event refused = new Event.Submit(new RequestId(7), GroupId.of("closed"), Payload.EMPTY, 10);
        assertThat(envelopes(machine.step(asks))).as("a question is answered").isNotEmpty();
        List<Effect> effects = machine.step(List.of(asks, refused, new Event.WriteFailed("disk full")));
        assertThat(effects).hasSize(2);
        assertThat(effects.get(0)).isInstanceOfSatisfying(Effect.Respond.class, respond -> assertThat(respond.request())
                .isEqualTo(new RequestId(7)));
        assertThat(effects.get(1)).isInstanceOfSatisfying(Effect.Halted.class, halted -> assertThat(halted.reason())
                .contains("disk full"));
    }

    // Events of logs

    private final Lab lab = new Lab("a", "b", "c");

    private List<Lab.Node> nodes() {
        List<Lab.Node> nodes = List.of("a", "b", "c").stream()
                .map(name -> lab.start(name, lab.newDisk()))
                .toList();
        lab.ticks(100);
        return nodes;
    }

    @Test
    void aFollowerMissesALeaderWhoseConnectionIsGone() {
        List<Lab.Node> nodes = nodes();
        Lab.Node leader = nodes.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
        Lab.Node follower =
                nodes.stream().filter(node -> !node.leads()).findFirst().orElseThrow();
        follower.step(new Event.PeerDown(NodeId.of("nobody")));
        assertThat(follower.group().leader()).isEqualTo(leader.id);
        follower.step(new Event.PeerDown(leader.id));
        assertThat(follower.group().leader()).isNull();
    }

    private List<LogMessage.SnapshotRequest> requests() {
        return lab.sent().stream()
                .map(envelope -> envelope.message() instanceof GroupMessage group ? group.body() : null)
                .filter(LogMessage.SnapshotRequest.class::isInstance)
                .map(LogMessage.SnapshotRequest.class::cast)
                .toList();
    }

    @Test
    void rule9_theNextPartsOfASnapshotAreAskedForWhenTheFormerAreStoredAndNoneIfOneCannotBe() {
        List<Lab.Node> followers =
                nodes().stream().filter(node -> !node.leads()).toList();
        Lab.Node lacks = followers.get(0);
        Lab.Node has = followers.get(1);
        int size = MachineConfig.DEFAULTS.messageBytes();
        SnapshotInfo snapshot = new SnapshotInfo(90, 100L * size, 7);
        Payload bytes = Payload.utf8("x".repeat(size));
        lab.deliver(has.say(lacks, new LogMessage.CatchUpReply(1, List.of(), 100, 90)));
        long offset = 0;
        for (int asked = 1; asked == requests().size(); asked++) {
            lab.deliver(has.say(
                    lacks, new LogMessage.SnapshotChunk(snapshot, offset, SnapshotTransfer.checksum(bytes), bytes)));
            offset += size;
        }
        int ahead = requests().size();
        assertThat(ahead)
                .as("not the whole of it without an answer of the disk")
                .isBetween(1, 10);
        lacks.step(new Event.ChunkStored(Lab.GROUP, snapshot, offset));
        assertThat(requests()).hasSize(ahead + 1).last().satisfies(request -> assertThat(request.offset())
                .isEqualTo((long) ahead * size));

        lacks.step(new Event.SnapshotFailed(Lab.GROUP, "disk full"));
        lab.ticks(100);
        assertThat(requests()).as("it is given up").hasSize(ahead + 1);
    }

    @Test
    void rule7_whoVotesByTheLogIsKnownAsSoonAsTheLogIsOpen() {
        List<Lab.Node> nodes = nodes();
        Lab.Node leader = nodes.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
        Lab.Node comes = lab.join("d");
        lab.ticks(200);
        leader.change(MembershipChange.add(comes.id));
        lab.ticks(200);
        assertThat(leader.membership().latest().counts(comes.self.endpoint())).isTrue();

        lab.lose(envelope -> true);
        lab.stop(leader);
        lab.stop(comes);
        Lab.Node voter = lab.start("d", comes.disk);
        Lab.Node restarted = lab.start(leader.id.name(), leader.disk);
        lab.deliver(voter.say(restarted, new LogMessage.Resign(Ballot.ZERO)));
        assertThat(restarted.disk.peerStarts())
                .contains(new Write.PeerStartWrite(voter.self.endpoint(), voter.self.start()));
    }
}
