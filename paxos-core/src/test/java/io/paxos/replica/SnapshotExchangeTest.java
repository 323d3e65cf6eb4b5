// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.log.SnapshotTransfer;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules 3, 8 and 9 at one replica: what it does about snapshots, its own and those of others. */
class SnapshotExchangeTest {

    private static final GroupId GROUP = GroupId.of("g");
    private static final Endpoint ME = new Endpoint(NodeId.of("a"), new Incarnation(1));
    private static final Endpoint B = new Endpoint(NodeId.of("b"), new Incarnation(2));
    private static final Endpoint C = new Endpoint(NodeId.of("c"), new Incarnation(3));
    private static final Ballot PROMISED = new Ballot(4, B.node(), 9);
    private static final Ballot HIGHER = new Ballot(5, B.node(), 9);
    private static final SnapshotInfo SNAPSHOT = new SnapshotInfo(100, 3, 7);

    private static Replica replica(RecoveredState.Log recovered) {
        return replica(recovered, MachineConfig.DEFAULTS.with(LevelPolicy.SETTLED));
    }

    private static Replica replica(RecoveredState.Log recovered, MachineConfig config) {
        Self self = new Self(new ClusterName("test"), ME, 7);
        Membership membership = Membership.of(
                Map.of(ME.node(), ME.incarnation(), B.node(), B.incarnation(), C.node(), C.incarnation()));
        Replica replica = new Replica(self, GROUP, config, Remains.of(recovered, self, config), new Random(1));
        replica.form(new Peers(
                self, membership, MajorityQuorums.of(membership.voters().keySet()), List::of, () -> true));
        return replica;
    }

    private static RecoveredState.Log holding(int slots, long decided) {
        TreeMap<Long, Proposal<Value>> held = new TreeMap<>();
        for (long slot = 1; slot <= slots; slot++) {
            held.put(slot, new Proposal<>(PROMISED, Value.NO_OP));
        }
        return new RecoveredState.Log(PROMISED, held, decided, 0, null);
    }

    private static <T> Stream<T> all(List<Effect> effects, Class<T> type) {
        return effects.stream().filter(type::isInstance).map(type::cast);
    }

    private static List<Write> writes(List<Effect> effects) {
        return all(effects, Effect.Persist.class)
                .flatMap(persist -> persist.writes().stream())
                .toList();
    }

    private static <T> List<T> sent(List<Effect> effects, Class<T> type) {
        return Stream.concat(
                        all(effects, Effect.Send.class).map(Effect.Send::envelope),
                        all(effects, Effect.Persist.class).flatMap(persist -> persist.afterDurable().stream()))
                .map(envelope -> ((GroupMessage) envelope.message()).body())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static SnapshotInfo offered(Replica replica) {
        replica.receive(B, new LogMessage.CatchUpReply(1, List.of(), 120, 100));
        List<Effect> asked = replica.flush();
        assertThat(sent(asked, LogMessage.SnapshotRequest.class))
                .containsExactly(new LogMessage.SnapshotRequest(null, 0, MachineConfig.DEFAULTS.messageBytes()));
        assertThat(sent(asked, LogMessage.CatchUpRequest.class))
                .as("meanwhile the slots are not asked for one by one")
                .isEmpty();
        Payload bytes = Payload.utf8("abc");
        replica.receive(B, new LogMessage.SnapshotChunk(SNAPSHOT, 0, SnapshotTransfer.checksum(bytes), bytes));
        assertThat(all(replica.flush(), Effect.StoreChunk.class)).hasSize(1);
        return SNAPSHOT;
    }

    @Test
    void rule9WhatAPeerHasForgottenIsFetchedStoredAndInstalledWithThePromiseKept() {
        Replica replica = replica(holding(3, 2));
        SnapshotInfo snapshot = offered(replica);
        replica.chunkStored(new Event.ChunkStored(GROUP, snapshot, 3));
        replica.snapshotStored(snapshot);
        List<Effect> effects = replica.flush();
        assertThat(writes(effects)).containsExactly(new Write.TrimWrite(GROUP, 100));
        assertThat(all(effects, Effect.Install.class)).containsExactly(new Effect.Install(GROUP, snapshot));
        assertThat(all(effects, Effect.AbandonSnapshot.class))
                .as("it is not in vain")
                .isEmpty();
        assertThat(replica.status().decided()).isEqualTo(100);
        assertThat(replica.status().compacted()).isEqualTo(100);
        assertThat(replica.status().ballot()).isEqualTo(PROMISED);
    }

    @Test
    void rule3APromiseAfterAnInstallSpeaksOfWhatIsForgotten() {
        Replica replica = replica(holding(3, 2));
        replica.snapshotStored(offered(replica));
        replica.flush();
        replica.receive(B, new LogMessage.Prepare(HIGHER, 1));
        LogMessage.Promise promise =
                sent(replica.flush(), LogMessage.Promise.class).get(0);
        assertThat(promise.compacted()).isEqualTo(100);
        assertThat(promise.decided()).isEqualTo(100);
        assertThat(promise.slots()).isEqualTo(new SlotRange(1, 101));
        assertThat(promise.last()).isTrue();
    }

    @Test
    void rule4WhatIsForgottenIsNotAnsweredAsAccepted() {
        Replica replica = replica(holding(3, 2));
        replica.snapshotStored(offered(replica));
        replica.flush();
        List<Value> values = List.of(Value.NO_OP, Value.NO_OP, Value.NO_OP);
        replica.receive(B, new LogMessage.Accept(PROMISED, 99, values, 98));
        List<Effect> effects = replica.flush();
        assertThat(sent(effects, LogMessage.Accepted.class))
                .containsExactly(new LogMessage.Accepted(PROMISED, new SlotRange(101, 102)));
        replica.receive(B, new LogMessage.Accept(PROMISED, 90, values, 98));
        assertThat(sent(replica.flush(), LogMessage.Accepted.class)).isEmpty();
    }

    @Test
    void rule9ASnapshotThatIsNotNewerIsNotInstalled() {
        Replica replica = replica(holding(120, 110));
        replica.flush();
        replica.snapshotStored(SNAPSHOT);
        List<Effect> effects = replica.flush();
        assertThat(all(effects, Effect.Install.class)).isEmpty();
        assertThat(replica.status().decided()).isEqualTo(110);
    }

    @Test
    void rule9NothingIsTrimmedBeyondWhatIsExecutedOrCovered() {
        MachineConfig config = keepingNothing();
        Replica behind = replica(holding(120, 110), config);
        behind.flush();
        behind.applied(new Event.Applied(GROUP, 60, List.of(), false, List.of()));
        behind.snapshotStored(SNAPSHOT);
        assertThat(writes(behind.flush())).containsExactly(new Write.TrimWrite(GROUP, 60));
        assertThat(behind.status().compacted()).as("executed").isEqualTo(60);
        Replica ahead = replica(holding(120, 110), config);
        ahead.flush();
        ahead.applied(new Event.Applied(GROUP, 110, List.of()));
        ahead.snapshotStored(SNAPSHOT);
        assertThat(writes(ahead.flush())).containsExactly(new Write.TrimWrite(GROUP, 100));
        assertThat(ahead.status().compacted()).as("covered").isEqualTo(100);
    }

    /** As usual, but nothing stays behind a snapshot. */
    private static MachineConfig keepingNothing() {
        MachineConfig usual = MachineConfig.DEFAULTS;
        return new MachineConfig(
                usual.heartbeatTicks(),
                usual.electionTicks(),
                usual.electionJitterTicks(),
                usual.resendTicks(),
                usual.windowSlots(),
                usual.windowBytes(),
                usual.messageBytes(),
                usual.queueCommands(),
                usual.queueBytes(),
                usual.maxValueBytes(),
                usual.decreesInFlight(),
                usual.priority(),
                usual.snapshots().withRetained(0, 0));
    }

    @Test
    void rule9ASnapshotThatReachesJustToWhatIsDecidedIsNotInstalled() {
        Replica replica = replica(holding(120, 100));
        replica.flush();
        replica.snapshotStored(SNAPSHOT);
        assertThat(all(replica.flush(), Effect.Install.class)).isEmpty();
        Replica lacking = replica(holding(99, 99));
        lacking.flush();
        lacking.snapshotStored(SNAPSHOT);
        assertThat(all(lacking.flush(), Effect.Install.class)).containsExactly(new Effect.Install(GROUP, SNAPSHOT));
    }

    @Test
    void aPartThatWasReadGoesToWhoAskedForIt() {
        Replica replica = replica(RecoveredState.Log.EMPTY);
        Payload bytes = Payload.utf8("abc");
        LogMessage.SnapshotChunk chunk =
                new LogMessage.SnapshotChunk(SNAPSHOT, 0, SnapshotTransfer.checksum(bytes), bytes);
        replica.chunkRead(new Event.ChunkRead(GROUP, C, chunk));
        assertThat(all(replica.flush(), Effect.Send.class)).singleElement().satisfies(send -> {
            assertThat(send.envelope().to()).isEqualTo(C);
            assertThat(((GroupMessage) send.envelope().message()).body()).isEqualTo(chunk);
        });
    }

    /** Two parts of the usual size may wait to be stored, and not one more, until the host says that they are. */
    @Test
    void theNextPartWaitsUntilTheDiskHasStoredTheOnesBeforeIt() {
        int part = MachineConfig.DEFAULTS.messageBytes();
        SnapshotInfo large = new SnapshotInfo(100, 4L * part, 7);
        Replica replica = replica(holding(3, 2));
        replica.receive(B, new LogMessage.CatchUpReply(1, List.of(), 120, 100));
        replica.flush();
        Payload bytes = Payload.wrap(new byte[part]);
        for (int i = 0; i < 2; i++) {
            replica.receive(
                    B, new LogMessage.SnapshotChunk(large, (long) i * part, SnapshotTransfer.checksum(bytes), bytes));
            if (i == 0) {
                assertThat(sent(replica.flush(), LogMessage.SnapshotRequest.class))
                        .hasSize(1);
            }
        }
        assertThat(sent(replica.flush(), LogMessage.SnapshotRequest.class)).isEmpty();
        replica.chunkStored(new Event.ChunkStored(GROUP, large, part));
        assertThat(sent(replica.flush(), LogMessage.SnapshotRequest.class))
                .containsExactly(new LogMessage.SnapshotRequest(large, 2L * part, part));
    }

    @Test
    void aTransferThatFailedIsBegunAnewWhenAPeerSaysAgainThatItHasForgotten() {
        Replica replica = replica(holding(3, 2));
        offered(replica);
        replica.snapshotFailed();
        assertThat(sent(replica.flush(), LogMessage.SnapshotRequest.class)).isEmpty();
        assertThat(offered(replica)).isEqualTo(SNAPSHOT);
    }

    private static Ballot campaign(Replica replica) {
        for (int tick = 0; tick < 200; tick++) {
            replica.tick(tick + 1, LogTime.ZERO, 0);
            List<Effect> effects = replica.flush();
            for (LogMessage.Canvass canvass : sent(effects, LogMessage.Canvass.class)) {
                replica.receive(B, new LogMessage.CanvassReply(canvass.probe(), true, null, Ballot.ZERO, 0));
                effects = replica.flush();
            }
            List<LogMessage.Prepare> prepared = sent(effects, LogMessage.Prepare.class);
            if (!prepared.isEmpty()) {
                return prepared.get(0).ballot();
            }
        }
        throw new AssertionError("no campaign within 200 ticks");
    }

    @Test
    void rule9WhatIsForgottenIsSaidToALeaderThatProposesThere() {
        Replica replica = replica(holding(3, 2));
        replica.snapshotStored(offered(replica));
        replica.flush();
        replica.receive(B, new LogMessage.Accept(HIGHER, 100, List.of(Value.NO_OP), 99));
        List<Effect> effects = replica.flush();
        assertThat(sent(effects, LogMessage.CatchUpReply.class))
                .containsExactly(new LogMessage.CatchUpReply(100, List.of(), 100, 100));
        replica.receive(C, new LogMessage.Accept(new Ballot(1, C.node(), 1), 100, List.of(Value.NO_OP), 99));
        assertThat(sent(replica.flush(), LogMessage.CatchUpReply.class)).isEmpty();
    }

    @Test
    void rule9ALeaderWhoseProposalsAreForgottenBeforeItCountedThemMakesWayAndFetches() {
        Replica replica = replica(RecoveredState.Log.EMPTY);
        Ballot own = campaign(replica);
        List<SlotProposal> found = List.of(new SlotProposal(1, new Proposal<>(PROMISED, Value.NO_OP)));
        replica.receive(ME, new LogMessage.Promise(own, new SlotRange(1, 1), true, 0, 0, List.of()));
        replica.receive(B, new LogMessage.Promise(own, new SlotRange(1, 2), true, 0, 0, found));
        assertThat(sent(replica.flush(), LogMessage.Accept.class)).hasSize(3);
        assertThat(replica.status().role()).isEqualTo(Effect.RoleName.LEADER);
        replica.receive(C, new LogMessage.CatchUpReply(1, List.of(), 1, 0));
        assertThat(replica.status().role()).isEqualTo(Effect.RoleName.LEADER);
        replica.receive(C, new LogMessage.CatchUpReply(1, List.of(), 1, 1));
        List<Effect> effects = replica.flush();
        assertThat(replica.status().role()).isEqualTo(Effect.RoleName.FOLLOWER);
        assertThat(sent(effects, LogMessage.Resign.class)).hasSize(2);
        assertThat(sent(effects, LogMessage.SnapshotRequest.class)).hasSize(1);
    }

    @Test
    void rule3ACandidateThatMeetsACompactionPointFetchesAndDoesNotLead() {
        Replica replica = replica(RecoveredState.Log.EMPTY);
        Ballot own = campaign(replica);
        for (Endpoint voter : List.of(ME, B)) {
            long compacted = voter.equals(B) ? 100 : 0;
            replica.receive(
                    voter,
                    new LogMessage.Promise(
                            own, new SlotRange(1, compacted + 1), true, compacted, compacted, List.of()));
        }
        List<Effect> effects = replica.flush();
        assertThat(sent(effects, LogMessage.Accept.class)).isEmpty();
        assertThat(sent(effects, LogMessage.CatchUpRequest.class)).hasSize(1);
        assertThat(replica.status().role()).isNotEqualTo(Effect.RoleName.LEADER);
    }

    @Test
    void rule9AReplicaBeginsWithItsSnapshotAndGoesOnBehindIt() {
        TreeMap<Long, Proposal<Value>> held = new TreeMap<>();
        held.put(100L, new Proposal<>(PROMISED, Value.NO_OP));
        held.put(101L, new Proposal<>(PROMISED, Value.NO_OP));
        Replica replica = replica(new RecoveredState.Log(PROMISED, held, 101, 99, SNAPSHOT));
        assertThat(replica.status().compacted()).isEqualTo(99);
        List<Effect> effects = replica.flush();
        List<Effect> execution = effects.stream()
                .filter(effect -> effect instanceof Effect.Install || effect instanceof Effect.Apply)
                .toList();
        assertThat(execution)
                .containsExactly(
                        new Effect.Install(GROUP, SNAPSHOT), new Effect.Apply(GROUP, 101, List.of(Value.NO_OP)));
    }

    @Test
    void rule9APowerCutBetweenASnapshotReceivedAndTheLogsWordOfItLosesNothing() {
        Replica replica = replica(new RecoveredState.Log(PROMISED, new TreeMap<>(), 10, 0, SNAPSHOT));
        assertThat(replica.status().decided()).isEqualTo(100);
    }

    @Test
    void whoAsksForAPartIsServed() {
        Replica replica = replica(RecoveredState.Log.EMPTY);
        assertThat(all(replica.flush(), Effect.ReadChunk.class)).isEmpty();
        replica.receive(C, new LogMessage.SnapshotRequest(SNAPSHOT, 5, 10));
        assertThat(all(replica.flush(), Effect.ReadChunk.class))
                .containsExactly(new Effect.ReadChunk(GROUP, C, new LogMessage.SnapshotRequest(SNAPSHOT, 5, 10)));
    }

    @Test
    void whatAPeerSendsUnaskedOrAStrangerSendsIsNotStored() {
        Replica replica = replica(holding(3, 2));
        Payload bytes = Payload.utf8("abc");
        LogMessage.SnapshotChunk chunk =
                new LogMessage.SnapshotChunk(SNAPSHOT, 0, SnapshotTransfer.checksum(bytes), bytes);
        replica.receive(B, chunk);
        assertThat(all(replica.flush(), Effect.StoreChunk.class)).isEmpty();
        replica.receive(B, new LogMessage.CatchUpReply(1, List.of(), 120, 100));
        replica.flush();
        replica.receive(new Endpoint(B.node(), new Incarnation(99)), chunk);
        assertThat(all(replica.flush(), Effect.StoreChunk.class)).isEmpty();
    }

    @Test
    void aTransferThatIsNoLongerNeededIsGivenUp() {
        Replica replica = replica(holding(3, 2));
        offered(replica);
        List<Value> values = Collections.nCopies(120, Value.NO_OP);
        replica.receive(C, new LogMessage.CatchUpReply(1, values, 120, 0));
        assertThat(all(replica.flush(), Effect.AbandonSnapshot.class)).hasSize(1);
    }

    @Test
    void whereNobodySendsASnapshotTheLogIsAskedForAgain() {
        Replica replica = replica(holding(3, 2));
        // A leader is heard, so that nothing is asked for but what this replica knows to be missing.
        replica.receive(B, new LogMessage.Heartbeat(PROMISED, 120));
        replica.receive(B, new LogMessage.CatchUpReply(1, List.of(), 120, 100));
        replica.flush();
        boolean asked = false;
        for (int tick = 0; tick < 100 && !asked; tick++) {
            replica.tick(tick + 1, LogTime.ZERO, 0);
            replica.receive(B, new LogMessage.Heartbeat(PROMISED, 120));
            asked = sent(replica.flush(), LogMessage.CatchUpRequest.class).stream()
                    .anyMatch(request -> request.from() == 4);
        }
        assertThat(asked).isTrue();
    }
}
