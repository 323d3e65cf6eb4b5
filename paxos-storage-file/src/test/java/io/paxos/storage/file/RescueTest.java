// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Self;
import io.paxos.log.Changes;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.StartId;
import io.paxos.model.Value;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.replica.AppliedState;
import io.paxos.replica.CapturedState;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.SnapshotHead;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.StateMachine;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be known from the stores that are left, and what a cluster that is founded on them begins with. */
class RescueTest {

    private static final ClusterName NEW = new ClusterName("orders-2");
    private static final GroupId LOG = GroupId.of("log");
    private static final Ballot FIRST = new Ballot(1, NodeId.of("n1"), 1);
    private static final Ballot SECOND = new Ballot(2, NodeId.of("n2"), 1);
    private static final DecreeName DECREE = new DecreeName("d");
    private static final RegisterName REGISTER = new RegisterName("r");

    @TempDir
    Path directory;

    private static Write accept(Ballot ballot, long first, String... commands) {
        return new Write.AcceptWrite(LOG, ballot, first, values(commands));
    }

    private static Write decided(long slot) {
        return new Write.DecidedWrite(LOG, slot);
    }

    private static List<Value> values(String... commands) {
        return Arrays.stream(commands).map(RescueTest::value).toList();
    }

    private static Value value(String command) {
        return new Value.Command(new CommandId(1, 1), 0, LogTime.ZERO, Payload.utf8(command));
    }

    private static Write decree(DecreeName name, Ballot ballot, String value) {
        return new Write.DecreeWrite(name, ballot, new Proposal<>(ballot, Payload.utf8(value)));
    }

    private static Rescue rescue(List<Path> stores) throws IOException {
        return Rescue.of(stores, MajorityQuorums::of);
    }

    /** What a node of the new cluster finds when it starts. */
    private RecoveredState found(Rescue rescue, String... members) throws IOException {
        Set<NodeId> nodes = new TreeSet<>();
        Arrays.stream(members).forEach(member -> nodes.add(NodeId.of(member)));
        rescue.found(directory.resolve("new"), NEW, nodes, OldCluster.SMALL);
        return open(members[0]);
    }

    private RecoveredState open(String member) throws IOException {
        try (FileStorage storage = FileStorage.open(directory.resolve("new").resolve(member), OldCluster.SMALL)) {
            return storage.recover(new StoreOwner(NEW, NodeId.of(member)));
        }
    }

    private static RecoveredState.Log log(RecoveredState state) {
        return Objects.requireNonNull(state.groups().get(LOG));
    }

    @Test
    void whereALostMajorityCanHaveGoneOnNothingBehindTheDecidedIsCertain() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        old.write("n1", accept(FIRST, 1, "a", "b", "c", "d"), accept(FIRST, 7, "g"), decided(2));
        old.close();

        RescuePlan plan = rescue(old.paths("n1")).plan();

        assertThat(plan.isQuorumLeft()).isFalse();
        assertThat(plan.mayMiss()).isTrue();
        RescuePlan.Log log = plan.logs().get(0);
        assertThat(log.decided()).isEqualTo(2);
        assertThat(log.held()).containsExactly(new SlotRange(3, 5), new SlotRange(7, 8));
        assertThat(log.empty()).containsExactly(new SlotRange(5, 7));
        assertThat(log.missingFrom()).isEqualTo(3);
        assertThat(log.last()).isEqualTo(7);
        assertThat(plan.decrees().mayMiss()).isTrue();
        assertThat(plan.registers().mayMiss()).isTrue();
    }

    @Test
    void whereEveryQuorumHasLeftAStoreNothingChosenIsMissing() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3", "n4");
        old.write("n1", accept(FIRST, 1, "a", "b"), decided(1));
        old.close();

        RescuePlan plan = rescue(old.paths("n1", "n2")).plan();

        assertThat(plan.isQuorumLeft()).isFalse();
        assertThat(plan.mayMiss()).isFalse();
        assertThat(plan.logs().get(0).missingFrom()).isEqualTo(RescuePlan.Log.NOTHING_MISSING);
        assertThat(rescue(old.paths("n1")).plan().mayMiss()).isTrue();
        assertThat(rescue(old.paths("n1", "n2", "n3")).plan().isQuorumLeft()).isTrue();
    }

    @Test
    void theRuleOfTheClusterSaysWhichQuorumsThereAre() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3", "n4");
        old.write("n1", accept(FIRST, 1, "a"), decided(1));
        old.close();
        Function<Set<NodeId>, QuorumSystem> smallSecond = voters -> new FlexibleQuorums(voters, 3, 2);

        RescuePlan two = Rescue.of(old.paths("n1", "n2"), smallSecond).plan();
        RescuePlan three = Rescue.of(old.paths("n1", "n2", "n3"), smallSecond).plan();
        assertThat(two.isQuorumLeft()).isFalse();
        assertThat(two.decrees().mayMiss()).isTrue();
        assertThat(two.logs().get(0).missingFrom())
                .as("the two that are gone choose by themselves, though nobody leads without one of these")
                .isEqualTo(2);
        assertThat(three.isQuorumLeft()).isTrue();
    }

    @Test
    void ofSeveralStoresTheHighestBallotIsKeptAndADecisionBeatsIt() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3", "n4", "n5");
        old.write("n1", accept(FIRST, 1, "a", "b", "c"), decided(2));
        old.write("n2", accept(FIRST, 1, "a"), accept(SECOND, 2, "x", "y", "z"), decided(1));
        old.close();

        RecoveredState state = found(rescue(old.paths("n1", "n2")), "m1", "m2", "m3");

        assertThat(log(state).slots().values().stream().map(Proposal::value))
                .containsExactlyElementsOf(values("a", "b", "y", "z"));
        assertThat(log(state).decided()).isEqualTo(4);
        assertThat(log(state).promised()).isGreaterThan(SECOND);
        assertThat(log(state).promised().isBeyondReasonAfter(SECOND)).isFalse();
    }

    @Test
    void theNewClusterHasFormedWithNewStoresThatHoldTheSame() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        old.write("n1", accept(FIRST, 1, "a", "b"), accept(FIRST, 4, "d"), decided(2));
        old.close();

        RecoveredState first = found(rescue(old.paths("n1")), "n1", "n2", "n9");
        RecoveredState last = open("n9");

        Membership formed = Objects.requireNonNull(first.formation().formed());
        assertThat(formed.voters().keySet()).containsExactly(NodeId.of("n1"), NodeId.of("n2"), NodeId.of("n9"));
        assertThat(formed.voters().get(NodeId.of("n1")))
                .isEqualTo(first.incarnation())
                .isNotEqualTo(old.endpoint("n1").incarnation());
        assertThat(formed.voters().get(NodeId.of("n9"))).isEqualTo(last.incarnation());
        assertThat(last.formation()).isEqualTo(first.formation());
        assertThat(Stores.describe(last)).isEqualTo(Stores.describe(first));
        assertThat(log(first).at(3)).isEqualTo(new Proposal<>(Ballot.ZERO, Value.NO_OP));
        assertThat(log(first).at(4)).isEqualTo(new Proposal<>(Ballot.ZERO, value("d")));
        assertThat(first.peerStarts()).isEmpty();
    }

    @Test
    void decreesAndRegistersAreKeptAndWhatWasAskedInVainIsNamed() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3", "n4", "n5");
        DecreeName other = new DecreeName("other");
        DecreeName blank = new DecreeName("blank");
        old.write(
                "n1",
                new Write.DecreeDecidedWrite(DECREE, Payload.utf8("v")),
                decree(other, FIRST, "low"),
                new Write.DecreeWrite(blank, FIRST, null),
                new Write.RegisterWrite(REGISTER, SECOND, new Proposal<>(FIRST, Payload.utf8("old"))));
        old.write(
                "n2",
                decree(DECREE, FIRST, "u"),
                decree(other, SECOND, "high"),
                new Write.RegisterWrite(REGISTER, SECOND, new Proposal<>(SECOND, Payload.utf8("new"))));
        old.close();

        RescuePlan lone = rescue(old.paths("n1")).plan();
        Rescue both = rescue(old.paths("n1", "n2"));
        RecoveredState state = found(both, "m1");

        assertThat(lone.decrees()).isEqualTo(new RescuePlan.Leaderless(1, 1, List.of("blank"), 1, true));
        assertThat(lone.registers()).isEqualTo(new RescuePlan.Leaderless(0, 1, List.of("r"), 1, true));
        assertThat(both.plan().registers().blanks()).isZero();
        assertThat(state.decided()).containsOnlyKeys(DECREE).containsValue(Payload.utf8("v"));
        assertThat(state.decrees()).containsEntry(other, (Write.DecreeWrite) decree(other, SECOND, "high"));
        assertThat(state.registers())
                .containsEntry(
                        REGISTER,
                        new Write.RegisterWrite(REGISTER, SECOND, new Proposal<>(SECOND, Payload.utf8("new"))));
    }

    @Test
    void whoVotesWhereIsReadFromTheLogAndBeginsAnewInTheNewCluster() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        Configuration next =
                new Configuration(1, Membership.of(Map.of(NodeId.of("n7"), new Incarnation(7))), new TreeSet<>());
        old.write(
                "n1",
                new Write.AcceptWrite(LOG, FIRST, 1, List.of(value("a"), new Value.Reconfigure(next), value("c"))),
                decided(2));
        old.write("n2", accept(FIRST, 1, "a"), decided(1));
        old.close();

        RescuePlan plan = rescue(old.paths("n1", "n2")).plan();
        RecoveredState state = found(rescue(old.paths("n1", "n2")), "m1");

        assertThat(plan.isQuorumLeft()).as("n7 votes, and is not here").isFalse();
        assertThat(plan.logs().get(0).governing()).containsExactly(Configuration.initial(old.formed()), next);
        assertThat(plan.logs().get(0).missingFrom()).isEqualTo(2 + MachineConfig.DEFAULT_ALPHA);
        assertThat(plan.decrees().mayMiss())
                .as("decrees stay with those who formed")
                .isFalse();
        assertThat(log(state).slots().values().stream().map(Proposal::value))
                .containsExactly(value("a"), Value.NO_OP, value("c"));
    }

    @Test
    void aChangeThatMayHaveBeenDecidedCountsAsIfItHadBeen() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3", "n4");
        Configuration next =
                new Configuration(1, Membership.of(Map.of(NodeId.of("n7"), new Incarnation(7))), new TreeSet<>());
        old.write("n1", new Write.AcceptWrite(LOG, FIRST, 1, List.of(new Value.Reconfigure(next))));
        old.close();

        assertThat(rescue(old.paths("n1", "n2")).plan().logs().get(0).missingFrom())
                .isEqualTo(1 + MachineConfig.DEFAULT_ALPHA);
    }

    @Test
    void anOldCopyABackupAndAStoreOfAnotherIdentityDoNotCount() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        old.write("n1", accept(FIRST, 1, "a"), decided(1));
        Path copy = directory.resolve("copy");
        copy(old.path("n2"), copy);
        assertThat(old.open("n2")).isEqualTo(old.endpoint("n2").incarnation());
        old.write(
                "n1",
                new Write.PeerStartWrite(old.endpoint("n2"), StartId.of(2, 17).bits()));
        Path backup = directory.resolve("backup");
        old.storage("n2").backup(backup);
        old.close();

        assertThat(rescue(old.paths("n1", "n2")).plan().isQuorumLeft()).isTrue();
        RescuePlan withCopy = rescue(List.of(old.path("n1"), copy)).plan();
        RescuePlan withBackup = rescue(List.of(old.path("n1"), backup)).plan();

        assertThat(withCopy.isQuorumLeft()).isFalse();
        assertThat(withCopy.mayMiss()).isTrue();
        assertThat(withCopy.stores().get(1).voteless()).contains("old copy", "opened 1 times", "start 2");
        assertThat(withBackup.isQuorumLeft()).isFalse();
        assertThat(withBackup.mayMiss()).isTrue();
        assertThat(withBackup.stores().get(1).isBackup()).isTrue();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }

    @Test
    void aBackupOfAStoreInUseHoldsWhatWasConfirmedAndIsNoStore() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        for (int slot = 1; slot <= 40; slot++) {
            old.write("n1", accept(FIRST, slot, "command number " + slot), decided(slot));
        }
        Path backup = directory.resolve("backup");
        old.storage("n1").backup(backup);
        old.write("n1", accept(FIRST, 41, "too late"), decided(41));
        old.close();

        RecoveredState state = found(rescue(List.of(backup)), "m1");

        assertThat(log(state).decided()).isEqualTo(40);
        assertThat(log(state).at(40)).isEqualTo(new Proposal<>(Ballot.ZERO, value("command number 40")));
        FileStorage asStore = FileStorage.open(backup, OldCluster.SMALL);
        assertThatThrownBy(() -> asStore.recover(new StoreOwner(OldCluster.NAME, NodeId.of("n1"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("so it is not a store");
    }

    @Test
    void aBackupGoesWhereNothingIsAndOnlyOfAnOpenStore() throws IOException {
        OldCluster old = new OldCluster(directory, "n1");
        FileStorage storage = old.storage("n1");
        Path taken = directory.resolve("old");

        assertThatThrownBy(() -> storage.backup(taken)).hasMessageContaining("missing or empty");
        old.close();
        assertThatThrownBy(() -> storage.backup(directory.resolve("b")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not open");
        assertThat(directory.resolve("b")).doesNotExist();
    }

    @Test
    void aSnapshotComesAlongWithItsSessionsAndWithoutTheChangesOfTheOldCluster() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        Configuration next =
                new Configuration(1, Membership.of(Map.of(NodeId.of("n7"), new Incarnation(7))), new TreeSet<>());
        byte[] snapshot = snapshot(
                new Value.OpenSession(NodeId.of("n1"), 5, LogTime.ZERO),
                new Value.Reconfigure(next),
                new Value.Command(new CommandId(1, 0), 0, LogTime.ZERO, Payload.utf8("a")));
        put(old.storage("n1"), 3, snapshot);
        old.write("n1", new Write.TrimWrite(LOG, 3), new Write.LearnWrite(LOG, 4, values("d")), decided(4));
        old.close();

        RescuePlan plan = rescue(old.paths("n1", "n2", "n3")).plan();
        RecoveredState state = found(rescue(old.paths("n1")), "m1");

        assertThat(plan.isQuorumLeft()).as("n7 votes from slot 2 + α on").isFalse();
        assertThat(plan.logs().get(0).snapshot()).isEqualTo(3);
        assertThat(plan.logs().get(0).governing()).contains(next);
        assertThat(log(state).compacted()).isEqualTo(3);
        assertThat(log(state).slots()).containsOnlyKeys(4L);
        byte[] carried = read("m1");
        SnapshotHead head = SnapshotHead.read(LOG, new ByteArrayInputStream(carried));
        assertThat(head.slot()).isEqualTo(3);
        assertThat(head.changes()).isEmpty();
        AppliedState restored = applied();
        assertThat(restored.restore(new ByteArrayInputStream(carried)))
                .as("the command of that session is known to have been executed")
                .isNotEmpty();
    }

    private static AppliedState applied() {
        Self self = new Self(OldCluster.NAME, new Endpoint(NodeId.of("n1"), new Incarnation(1)), 5);
        return new AppliedState(
                self,
                LOG,
                new Echo(),
                SnapshotPolicy.NEVER,
                AppliedState.MOST_SESSIONS,
                new Changes(MachineConfig.DEFAULT_ALPHA, MajorityQuorums::of));
    }

    private static byte[] snapshot(Value... values) throws IOException {
        AppliedState state = applied();
        assertThat(state.apply(1, List.of(values))).isNotEmpty();
        CapturedState captured = Objects.requireNonNull(state.capture());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        captured.writeTo(out);
        return out.toByteArray();
    }

    private static void put(FileStorage storage, long slot, byte[] bytes) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        try (SnapshotWriter writer = storage.writeSnapshot(LOG, slot)) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.commit(new SnapshotInfo(slot, bytes.length, crc.getValue()));
        }
    }

    private byte[] read(String member) throws IOException {
        try (FileStorage storage = FileStorage.open(directory.resolve("new").resolve(member), OldCluster.SMALL)) {
            RecoveredState unused = storage.recover(new StoreOwner(NEW, NodeId.of(member)));
            SnapshotReader reader = Objects.requireNonNull(storage.readSnapshot(LOG));
            return Stores.read(reader, 100);
        }
    }

    /** A machine whose state is the last command. */
    private static final class Echo implements StateMachine<Payload, Payload> {
        private byte[] last = new byte[0];

        @Override
        public Payload apply(ApplyContext context, Payload command) {
            last = command.toString().getBytes(StandardCharsets.UTF_8);
            return command;
        }

        @Override
        public Capture capture() {
            byte[] now = last;
            return out -> out.write(now);
        }

        @Override
        public void restore(InputStream snapshot) throws IOException {
            last = snapshot.readAllBytes();
        }
    }

    @Test
    void whatCannotBeRightIsRefusedAndNothingIsWritten() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        old.write("n1", accept(FIRST, 1, "a"), decided(1));
        Path into = directory.resolve("new");
        Set<NodeId> members = Set.of(NodeId.of("m1"));

        Rescue inUse = rescue(old.paths("n1"));
        assertThatThrownBy(() -> inUse.found(into, NEW, members, OldCluster.SMALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use by a node");
        old.close();
        Rescue rescue = rescue(old.paths("n1"));
        assertThatThrownBy(() -> rescue.found(into, OldCluster.NAME, members, OldCluster.SMALL))
                .hasMessageContaining("must not be named orders");
        assertThatThrownBy(() -> rescue.found(into, NEW, Set.of(), OldCluster.SMALL))
                .hasMessageContaining("at least one member");
        assertThatThrownBy(() -> rescue.found(into, NEW, Set.of(NodeId.of("..")), OldCluster.SMALL))
                .hasMessageContaining("no directory can bear the name");
        assertThatThrownBy(() -> rescue(old.paths("n1", "n1"))).hasMessageContaining("copies of one store");
        assertThatThrownBy(() -> rescue(List.of())).hasMessageContaining("without a store");
        assertThatThrownBy(() -> rescue(List.of(directory)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("neither a file IDENTITY nor a file BACKUP");
        assertThat(into).doesNotExist();
        Files.createDirectory(into);
        assertThatThrownBy(() -> rescue.found(into, NEW, members, OldCluster.SMALL))
                .hasMessageContaining("is there already");
        assertThat(into).isEmptyDirectory();
    }

    @Test
    void aNodeThatIsStartedBetweenThePlanAndTheDeedIsNoticed() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        old.write("n1", accept(FIRST, 1, "a"), decided(1));
        old.close();
        Rescue rescue = rescue(old.paths("n1"));
        assertThat(rescue.plan().stores().get(0).isInUse()).isFalse();
        Path into = directory.resolve("new");

        try (FileStorage started = FileStorage.open(old.path("n1"), OldCluster.SMALL)) {
            RecoveredState unused = started.recover(new StoreOwner(OldCluster.NAME, NodeId.of("n1")));
            assertThatThrownBy(() -> rescue.found(into, NEW, Set.of(NodeId.of("m1")), OldCluster.SMALL))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by a node");
        }
        assertThatThrownBy(() -> rescue.found(into, NEW, Set.of(NodeId.of("m1")), OldCluster.SMALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("read the store again");
        assertThat(into).doesNotExist();
    }

    @Test
    void whatWasReadWhileItsNodeRanIsNotWrittenThoughTheNodeHasStopped() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        old.write("n1", accept(FIRST, 1, "a"), decided(1));
        Rescue rescue = rescue(old.paths("n1"));
        old.write("n1", accept(FIRST, 2, "b"), decided(2));
        old.close();

        assertThatThrownBy(() -> found(rescue, "m1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("read the store again");
    }

    @Test
    void aQuorumIsNotFoundedAnew() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        old.write("n1", accept(FIRST, 1, "a"), decided(1));
        old.close();

        assertThatThrownBy(() -> found(rescue(old.paths("n1", "n2")), "m1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("are a quorum of cluster orders")
                .hasMessageContaining("start these nodes as they are, and replace those that are lost")
                .hasMessageContaining("rename its file IDENTITY to BACKUP");
        assertThat(directory.resolve("new")).doesNotExist();
    }

    @Test
    void storesThatContradictEachOtherAreNotRescued() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        old.write("n1", new Write.DecreeDecidedWrite(DECREE, Payload.utf8("v")));
        old.write("n2", new Write.DecreeDecidedWrite(DECREE, Payload.utf8("w")));
        old.close();

        assertThatThrownBy(() -> rescue(old.paths("n1", "n2")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("decree d is decided as")
                .hasMessageContaining("must never be");
    }

    @Test
    void storesThatDecidedASlotOtherwiseAreNotRescuedWhicheverOfThemKnowsMost() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3", "n4", "n5");
        old.write("n1", accept(FIRST, 1, "a", "b", "c"), decided(3));
        put(old.storage("n1"), 3, snapshot(values("a", "b", "c").toArray(Value[]::new)));
        old.write("n1", new Write.TrimWrite(LOG, 3));
        old.write("n2", accept(FIRST, 1, "a", "b"), decided(2));
        old.write("n3", accept(FIRST, 1, "a", "other"), decided(2));
        old.write("n4", accept(FIRST, 1, "a", "not decided"), decided(1));
        old.close();

        assertThatThrownBy(() -> rescue(old.paths("n1", "n2", "n3")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("slot 2 of log log is decided as")
                .hasMessageContaining(old.path("n2").toString())
                .hasMessageContaining(old.path("n3").toString())
                .hasMessageContaining("leave out the one that is wrong");
        assertThat(rescue(old.paths("n1", "n2", "n4")).plan().isQuorumLeft()).isTrue();
    }

    @Test
    void wherePutNeedNotBeNamedInItsShortestForm() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        old.write("n1", accept(FIRST, 1, "a"), decided(1));
        old.close();
        Path roundabout = directory.resolve(".").resolve("old").resolve("..").resolve("new");

        rescue(old.paths("n1")).found(roundabout, NEW, Set.of(NodeId.of("m1")), OldCluster.SMALL);

        assertThat(log(open("m1")).decided()).isEqualTo(1);
    }

    @Test
    void storesOfClustersThatFormedApartAreNotMixed() throws IOException {
        OldCluster one = new OldCluster(directory.resolve("a"), "n1");
        OldCluster two = new OldCluster(directory.resolve("b"), "n2");
        one.close();
        two.close();

        assertThatThrownBy(() -> rescue(List.of(one.path("n1"), two.path("n2"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("formed apart");
    }

    @Test
    void theOldStoresAreNotTouched() throws IOException {
        OldCluster old = new OldCluster(directory, "n1", "n2", "n3");
        old.write("n1", accept(FIRST, 1, "a"), decided(1));
        old.close();
        TreeMap<String, Payload> before = contents(old.path("n1"));

        found(rescue(old.paths("n1")), "m1");

        assertThat(contents(old.path("n1"))).isEqualTo(before);
    }

    private static TreeMap<String, Payload> contents(Path store) throws IOException {
        TreeMap<String, Payload> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(store)) {
            for (Path file : files.toList()) {
                contents.put(String.valueOf(file.getFileName()), Payload.wrap(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
