// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.command;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Effect.RoleName;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.log.SnapshotTransfer;
import io.paxos.message.Envelope;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.spi.RecoveredState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What stops a node, or one log of it, and what is still said then; and what a replica does of itself besides. */
class HaltTest {

    private static final Endpoint ME = new Endpoint(NodeId.of("me"), new Incarnation(1));
    private static final GroupId ONE = GroupId.of("one");
    private static final GroupId TWO = GroupId.of("two");
    private static final GroupId CLOSED = GroupId.of("closed");

    private final NodeMachine machine = new NodeMachine(
            new Self(new ClusterName("c"), ME, 42),
            Set.of(ME.node()),
            MajorityQuorums::of,
            MachineConfig.DEFAULTS,
            RecoveredState.empty(ME.incarnation()),
            new Random(1));
    private final Map<RequestId, Outcome> outcomes = new HashMap<>();
    private long requests;

    /** Carries out what an event brings, except that nothing is executed, and returns all of it. */
    private List<Effect> step(Event event) {
        List<Effect> all = new ArrayList<>();
        Queue<Envelope> own = new ArrayDeque<>();
        take(machine.step(event), own, all);
        while (!own.isEmpty()) {
            take(machine.step(new Event.Received(own.remove())), own, all);
        }
        return all;
    }

    private void take(List<Effect> effects, Queue<Envelope> own, List<Effect> all) {
        all.addAll(effects);
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                own.addAll(persist.afterDurable());
            } else if (effect instanceof Effect.Send send) {
                own.add(send.envelope());
            } else if (effect instanceof Effect.Respond respond) {
                assertThat(outcomes.put(respond.request(), respond.outcome())).isNull();
            }
        }
    }

    private void lead() {
        List<Effect> all = new ArrayList<>();
        Queue<Envelope> own = new ArrayDeque<>();
        take(machine.start(), own, all);
        while (!own.isEmpty()) {
            take(machine.step(new Event.Received(own.remove())), own, all);
        }
        step(new Event.OpenGroup(ONE));
        step(new Event.OpenGroup(TWO));
        for (int i = 0; i < 70; i++) {
            step(new Event.Tick(LogTime.ZERO));
        }
        assertThat(role(ONE)).isEqualTo(RoleName.LEADER);
        assertThat(role(TWO)).isEqualTo(RoleName.LEADER);
    }

    private RoleName role(GroupId group) {
        return machine.status().groups().get(group).role();
    }

    private RequestId request() {
        return new RequestId(++requests);
    }

    private RequestId submit(GroupId group) {
        RequestId request = request();
        step(new Event.Submit(request, group, Payload.utf8("x"), 1000));
        return request;
    }

    private static <T extends Effect> Stream<T> all(List<Effect> effects, Class<T> type) {
        return effects.stream().filter(type::isInstance).map(type::cast);
    }

    private void assertStopped(RequestId request) {
        assertThat(outcomes.get(request))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.STOPPED));
    }

    @Test
    void afterAFailedWriteNothingIsSaidAnyMoreAndEveryCallIsAnswered() {
        lead();
        RequestId waiting = submit(ONE);
        List<Effect> effects = step(new Event.WriteFailed("disk full"));
        assertThat(all(effects, Effect.Send.class)).isEmpty();
        assertThat(all(effects, Effect.Persist.class)).isEmpty();
        assertThat(all(effects, Effect.Halted.class).filter(halted -> halted.group() == null))
                .singleElement()
                .satisfies(halted -> assertThat(halted.reason()).contains("disk full"));
        assertThat(outcomes).containsKey(waiting);
        assertThat(machine.status().halted()).contains("disk full");
        assertThat(role(ONE)).isEqualTo(RoleName.HALTED);
        assertThat(role(TWO)).isEqualTo(RoleName.HALTED);
        assertStopped(submit(ONE));
        DecreeName name = new DecreeName("d");
        RequestId late = request();
        for (Event event : List.of(
                new Event.Agree(late, name, Payload.EMPTY, 10),
                new Event.Learn(late, name, 10),
                new Event.Await(late, name, 10),
                new Event.Read(late, ONE, 10))) {
            outcomes.clear();
            step(event);
            assertStopped(late);
        }
        effects = step(new Event.Tick(LogTime.ZERO));
        assertThat(all(effects, Effect.Send.class)).isEmpty();
        assertThat(all(effects, Effect.Respond.class)).as("it is no call").isEmpty();
    }

    @Test
    void rule12_anExecutionThatFailsStopsItsLogAndNoOther() {
        lead();
        RequestId waiting = submit(ONE);
        List<Effect> effects = step(new Event.ApplyFailed(ONE, 5, new CommandId(3, 4), "boom"));
        assertThat(all(effects, Effect.Halted.class)).singleElement().satisfies(halted -> {
            assertThat(halted.group()).isEqualTo(ONE);
            assertThat(halted.reason()).contains("slot 5", "boom", "correct the state machine");
        });
        assertThat(outcomes).containsKey(waiting);
        assertThat(role(ONE)).isEqualTo(RoleName.HALTED);
        assertThat(role(TWO)).isEqualTo(RoleName.LEADER);
        assertThat(machine.status().halted()).isNull();
        assertStopped(submit(ONE));
        effects = step(new Event.ApplyFailed(ONE, 5, new CommandId(3, 4), "boom"));
        assertThat(all(effects, Effect.Halted.class)).as("once").isEmpty();
    }

    @Test
    void whatIsAskedOfALogThatNobodyHasOpenedIsRefused() {
        lead();
        assertStopped(submit(CLOSED));
        RequestId read = request();
        step(new Event.Read(read, CLOSED, 10));
        assertStopped(read);
    }

    @Test
    void newsOfALogThatNobodyHasOpenedChangeNothing() {
        lead();
        SnapshotInfo snapshot = new SnapshotInfo(10, 3, 7);
        Payload bytes = Payload.utf8("abc");
        LogMessage.SnapshotChunk chunk =
                new LogMessage.SnapshotChunk(snapshot, 0, SnapshotTransfer.checksum(bytes), bytes);
        for (Event event : List.of(
                new Event.Applied(CLOSED, 3, List.of(), false),
                new Event.ApplyFailed(CLOSED, 3, null, "boom"),
                new Event.ChunkRead(CLOSED, ME, chunk),
                new Event.ChunkStored(CLOSED, snapshot, 3),
                new Event.SnapshotStored(CLOSED, snapshot),
                new Event.SnapshotFailed(CLOSED, "x"))) {
            assertThat(step(event)).as("%s", event).isEmpty();
        }
        assertThat(machine.status().halted()).isNull();
        assertThat(machine.status().groups()).doesNotContainKey(CLOSED);
    }

    @Test
    void newsOfSnapshotsReachTheirLog() {
        lead();
        SnapshotInfo snapshot = new SnapshotInfo(10, 3, 7);
        Payload bytes = Payload.utf8("abc");
        LogMessage.SnapshotChunk chunk =
                new LogMessage.SnapshotChunk(snapshot, 0, SnapshotTransfer.checksum(bytes), bytes);
        Endpoint peer = new Endpoint(NodeId.of("z"), new Incarnation(9));
        assertThat(all(machine.step(new Event.ChunkRead(ONE, peer, chunk)), Effect.Send.class))
                .singleElement()
                .satisfies(send -> assertThat(send.envelope().to()).isEqualTo(peer));
        step(new Event.ApplyFailed(TWO, 1, null, "so that it does not lead"));
        step(new Event.Close());
        step(new Event.SnapshotStored(ONE, snapshot));
        assertThat(machine.status().groups().get(ONE).decided()).isEqualTo(10);
    }

    @Test
    void whoIsAboutToCloseLeadsNoMore() {
        lead();
        step(new Event.Close());
        assertThat(role(ONE)).isEqualTo(RoleName.FOLLOWER);
        assertThat(role(TWO)).isEqualTo(RoleName.FOLLOWER);
    }

    /** Rule 1: two values of one ballot for one slot are a defect somewhere, and this replica is not to spread it. */
    @Test
    void rule1_aRuleFoundBrokenStopsTheReplicaBeforeAnythingLeaves() {
        Replica replica = replicaOfThree();
        Ballot ballot = Parts.ballot(5, Parts.B);
        replica.receive(Parts.B, new LogMessage.Accept(ballot, 1, List.of(command(1)), 0));
        replica.submit(new RequestId(1), Payload.utf8("mine"), 100);
        assertThat(all(replica.flush(), Effect.Persist.class)).hasSize(1);
        replica.receive(Parts.B, new LogMessage.Accept(ballot, 2, List.of(command(2)), 0));
        replica.submit(new RequestId(2), Payload.wrap(new byte[2 << 20]), 100);
        replica.receive(Parts.B, new LogMessage.Accept(ballot, 1, List.<Value>of(command(9)), 0));
        List<Effect> effects = replica.flush();
        assertThat(all(effects, Effect.Persist.class)).isEmpty();
        assertThat(all(effects, Effect.Send.class)).isEmpty();
        assertThat(all(effects, Effect.Halted.class)).singleElement().satisfies(halted -> assertThat(halted.reason())
                .contains("found a rule broken"));
        assertThat(all(effects, Effect.Respond.class).map(Effect.Respond::request))
                .as("a refusal given already stays, and the other caller hears too")
                .containsExactlyInAnyOrder(new RequestId(1), new RequestId(2));
        assertThat(replica.status().role()).isEqualTo(RoleName.HALTED);
        assertThat(replica.status().halted()).contains("found a rule broken");
        replica.receive(Parts.C, new LogMessage.Prepare(Parts.ballot(9, Parts.C), 1));
        replica.tick(1000, LogTime.ZERO, 0);
        assertThat(replica.flush()).as("it takes part in nothing").isEmpty();
    }

    @Test
    void aLeaderThatHaltsResigns() {
        Replica replica = replicaOfThree();
        Ballot own = campaign(replica);
        replica.receive(Parts.ME, Parts.emptyPromise(own));
        replica.receive(Parts.B, Parts.emptyPromise(own));
        replica.flush();
        assertThat(replica.status().role()).isEqualTo(RoleName.LEADER);
        assertThat(replica.status().leader()).isEqualTo(Parts.ME.node());
        replica.halt("enough");
        List<Effect> effects = replica.flush();
        assertThat(Parts.whoHeard(Parts.said(effects), LogMessage.Resign.class)).containsExactly(Parts.B, Parts.C);
        assertThat(all(effects, Effect.RoleChanged.class)).last().satisfies(changed -> assertThat(changed.role())
                .isEqualTo(RoleName.HALTED));
        replica.halt("once more");
        assertThat(replica.flush()).isEmpty();
    }

    @Test
    void aLeaderWhoseConnectionIsGoneIsNotWaitedFor() {
        Replica replica = replicaOfThree();
        replica.receive(Parts.B, new LogMessage.Heartbeat(Parts.ballot(5, Parts.B), 0));
        assertThat(replica.status().leader()).isEqualTo(Parts.B.node());
        replica.peerDown(Parts.B.node());
        assertThat(replica.status().leader()).isNull();
    }

    @Test
    void whatWasSentToALeaderIsSentToTheNextOneAtOnce() {
        Replica replica = replicaOfThree();
        replica.submit(new RequestId(1), Payload.utf8("x"), 1000);
        replica.receive(Parts.B, new LogMessage.Heartbeat(Parts.ballot(5, Parts.B), 0));
        assertThat(Parts.whoHeard(Parts.said(replica.flush()), LogMessage.Forward.class))
                .containsExactly(Parts.B);
        replica.receive(Parts.B, new LogMessage.Heartbeat(Parts.ballot(5, Parts.B), 0));
        assertThat(Parts.whoHeard(Parts.said(replica.flush()), LogMessage.Forward.class))
                .isEmpty();
        replica.receive(Parts.C, new LogMessage.Heartbeat(Parts.ballot(6, Parts.C), 0));
        assertThat(Parts.whoHeard(Parts.said(replica.flush()), LogMessage.Forward.class))
                .containsExactly(Parts.C);
    }

    @Test
    void aCallerIsToldWhenItsDeadlineHasPassed() {
        Replica replica = replicaOfThree();
        replica.submit(new RequestId(1), Payload.utf8("x"), 10);
        List<Effect> effects = new ArrayList<>();
        for (int tick = 0; tick < 20; tick++) {
            replica.tick(tick + 1, LogTime.ZERO, 0);
            effects.addAll(replica.flush());
        }
        assertThat(all(effects, Effect.Respond.class))
                .singleElement()
                .satisfies(respond -> assertThat(respond.outcome()).isInstanceOf(Outcome.Refused.class));
    }

    private static Replica replicaOfThree() {
        Parts parts = new Parts();
        Replica replica = new Replica(
                parts.self,
                Parts.GROUP,
                MachineConfig.DEFAULTS,
                Remains.of(RecoveredState.Log.EMPTY, parts.self, MachineConfig.DEFAULTS),
                new Random(1));
        replica.form(parts.peers);
        assertThat(replica.flush()).singleElement().isInstanceOf(Effect.RoleChanged.class);
        return replica;
    }

    private static Ballot campaign(Replica replica) {
        for (int tick = 0; tick < 200; tick++) {
            replica.tick(tick + 1, LogTime.ZERO, 0);
            for (Parts.Said said : Parts.said(replica.flush())) {
                if (said.message() instanceof LogMessage.Canvass canvass
                        && said.to().equals(Parts.B)) {
                    replica.receive(Parts.B, new LogMessage.CanvassReply(canvass.probe(), true, null, Ballot.ZERO, 0));
                    return ((LogMessage.Prepare)
                                    Parts.said(replica.flush()).get(0).message())
                            .ballot();
                }
            }
        }
        throw new AssertionError("no campaign within 200 ticks");
    }
}
