// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores in which what must not be was written on purpose: each is found, and what may be is not taken for it. */
class JournalAuditTest {

    private static final GroupId LOG = GroupId.of("log");
    private static final Ballot FIRST = new Ballot(1, NodeId.of("n1"), 1);
    private static final Ballot SECOND = new Ballot(2, NodeId.of("n2"), 1);
    private static final FileStorageOptions SMALL =
            FileStorageOptions.defaults().blockBytes(512).segmentBytes(4096);

    @TempDir
    Path directory;

    @FunctionalInterface
    private interface Filling {
        void fill(FileStorage storage) throws IOException;
    }

    private Path store(String node, Filling filling) throws IOException {
        return store("orders", node, filling);
    }

    private Path store(String cluster, String node, Filling filling) throws IOException {
        Path path = directory.resolve(cluster + "-" + node);
        try (FileStorage storage = FileStorage.open(path, SMALL)) {
            RecoveredState unused = storage.recover(new StoreOwner(new ClusterName(cluster), NodeId.of(node)));
            filling.fill(storage);
        }
        return path;
    }

    private Path store(String node, Write... writes) throws IOException {
        return store(node, storage -> {
            for (Write write : writes) {
                storage.write(List.of(write));
            }
        });
    }

    private static Write accept(Ballot ballot, long first, String... commands) {
        return new Write.AcceptWrite(LOG, ballot, first, values(commands));
    }

    private static Write learn(long first, String... commands) {
        return new Write.LearnWrite(LOG, first, values(commands));
    }

    private static Write decided(long slot) {
        return new Write.DecidedWrite(LOG, slot);
    }

    private static List<Value> values(String... commands) {
        return Arrays.stream(commands).map(JournalAuditTest::value).toList();
    }

    private static Value value(String command) {
        return command.isEmpty()
                ? Value.NO_OP
                : new Value.Command(new CommandId(1, 1), 0, LogTime.ZERO, Payload.utf8(command));
    }

    private static JournalAudit.Report audit(Path... stores) throws IOException {
        return JournalAudit.run(List.of(stores));
    }

    @Test
    void storesThatAgreeAreSaidToAgree() throws IOException {
        Path one = store("n1", accept(FIRST, 1, "a", "b", "", "d"), decided(3));
        Path two = store("n2", accept(SECOND, 1, "a"), learn(2, "b", ""), decided(2));
        Path three = store("n3", learn(4, "d"));

        JournalAudit.Report report = audit(one, two, three);

        assertThat(report.told()).isEmpty();
        assertThat(report.disagreements()).isZero();
        assertThat(report.isComplete()).isTrue();
        assertThat(report.stores()).isEqualTo(3);
        assertThat(report.slots()).isEqualTo(3);
        assertThat(report.slotsCompared()).isEqualTo(2);
    }

    @Test
    void aSlotDecidedInTwoWaysIsFound() throws IOException {
        Path one = store("n1", accept(FIRST, 1, "a", "b"), decided(2));
        Path two = store("n2", accept(SECOND, 1, "a", "c"), decided(2));

        JournalAudit.Report report = audit(one, two);

        assertThat(report.disagreements()).isEqualTo(1);
        assertThat(report.told().get(0))
                .contains("slot 2 of log log is decided as", "orders-n1", "orders-n2", FIRST + "", SECOND + "");
    }

    @Test
    void whatWasAcceptedAndNotDecidedMayDiffer() throws IOException {
        Path one = store("n1", accept(FIRST, 1, "a", "b"), decided(1));
        Path two = store("n2", accept(SECOND, 1, "a", "c"), decided(2));
        Path three = store("n3", accept(FIRST, 1, "x"), learn(1, "a"), decided(1));

        assertThat(audit(one, two, three).told()).isEmpty();
    }

    @Test
    void oneBallotWithTwoValuesIsFoundAmongStoresAndWithinOne() throws IOException {
        Path one = store("n1", accept(FIRST, 7, "a"));
        Path two = store("n2", accept(FIRST, 7, "b"));
        Path three = store("n3", accept(FIRST, 7, "b"), accept(FIRST, 7, "a"));

        JournalAudit.Report report = audit(one, two, three);

        assertThat(report.told()).anySatisfy(text -> assertThat(text)
                .contains("slot 7 of log log, one ballot and two values", "orders-n1", "orders-n2"));
        assertThat(report.told()).anySatisfy(text -> assertThat(text).contains("at the same ballot", "orders-n3"));
    }

    @Test
    void aDecisionThatIsWrittenOverIsFoundThoughTheLastOnesAgree() throws IOException {
        Path one = store("n1", accept(FIRST, 1, "a"), decided(1), accept(SECOND, 1, "b"));
        Path two = store("n2", accept(SECOND, 1, "b"), decided(1));

        JournalAudit.Report report = audit(one, two);

        assertThat(report.told()).anySatisfy(text -> assertThat(text).contains("was decided as", "and again as"));
        assertThat(report.told()).anySatisfy(text -> assertThat(text).contains("is decided as", "orders-n2"));
    }

    @Test
    void whatASnapshotStandsForNeedNotBeWhatWasAccepted() throws IOException {
        Path one = store("n1", accept(FIRST, 1, "a", "b"), decided(2));
        Path two = store("n2", storage -> {
            storage.write(List.of(accept(SECOND, 2, "never chosen")));
            SnapshotInfo unused = Stores.snapshot(storage, LOG, 2, 100);
            storage.write(List.of(new Write.TrimWrite(LOG, 2)));
            storage.write(List.of(learn(3, "c"), decided(3)));
        });

        JournalAudit.Report report = audit(one, two);

        assertThat(report.told()).isEmpty();
        assertThat(report.slots()).isEqualTo(3);
    }

    @Test
    void aForgottenDecisionCountsAsLongAsASegmentHoldsIt() throws IOException {
        Path one = store("n1", storage -> {
            storage.write(List.of(accept(FIRST, 1, "a", "b"), decided(2)));
            SnapshotInfo unused = Stores.snapshot(storage, LOG, 2, 100);
            storage.write(List.of(new Write.TrimWrite(LOG, 2)));
        });
        Path two = store("n2", accept(SECOND, 1, "a", "c"), decided(2));

        assertThat(audit(one, two).told()).hasSize(1);
    }

    @Test
    void whatWasCopiedToALaterSegmentBehindItsMarkIsStillDecided() throws IOException {
        Path one = store("n1", decided(3), accept(FIRST, 2, "b"));
        Path two = store("n2", accept(FIRST, 1, "a", "b"), decided(2));
        Path three = store("n3", decided(1_000_000_000_000L), accept(SECOND, 2, "x"));

        assertThat(audit(one, two).slotsCompared()).isEqualTo(1);
        assertThat(audit(one, three).told()).hasSize(1);
    }

    @Test
    void decreesDecidedOrProposedInTwoWaysAreFound() throws IOException {
        DecreeName name = new DecreeName("d");
        DecreeName other = new DecreeName("e");
        Path one = store(
                "n1",
                new Write.DecreeDecidedWrite(name, Payload.utf8("x")),
                new Write.DecreeWrite(other, FIRST, new Proposal<>(FIRST, Payload.utf8("p"))));
        Path two = store(
                "n2",
                new Write.DecreeDecidedWrite(name, Payload.utf8("y")),
                new Write.DecreeWrite(other, FIRST, new Proposal<>(FIRST, Payload.utf8("q"))));

        JournalAudit.Report report = audit(one, two);

        assertThat(report.decrees()).isEqualTo(1);
        assertThat(report.decreesCompared()).isEqualTo(1);
        assertThat(report.told())
                .hasSize(2)
                .anySatisfy(text -> assertThat(text).contains("decree d is decided as"))
                .anySatisfy(text -> assertThat(text).contains("decree e, one ballot and two values"));
    }

    @Test
    void registersThatHoldTwoStatesOfOneBallotAreFound() throws IOException {
        RegisterName torn = new RegisterName("torn");
        RegisterName sound = new RegisterName("sound");
        RegisterName asked = new RegisterName("asked");
        Path one = store("n1", register(torn, FIRST, "p"), register(sound, FIRST, "a"), register(sound, SECOND, "b"));
        Path two = store("n2", register(torn, FIRST, "q"), register(sound, FIRST, "a"), register(asked, SECOND, "r"));
        Path three = store(
                "n3",
                register(asked, FIRST, "s"),
                new Write.RegisterWrite(asked, SECOND, null),
                register(torn, SECOND, "u"),
                register(torn, SECOND, "v"));

        assertThat(audit(one, two, three).told())
                .hasSize(2)
                .anySatisfy(text ->
                        assertThat(text).contains("register torn, one ballot and two values", "orders-n1", "orders-n2"))
                .anySatisfy(text -> assertThat(text).contains("register torn held", "both at ballot", "orders-n3"));
    }

    private static Write register(RegisterName name, Ballot ballot, String state) {
        return new Write.RegisterWrite(name, ballot, new Proposal<>(ballot, Payload.utf8(state)));
    }

    @Test
    void snapshotsOfOneSlotWithOtherBytesAreNoted() throws IOException {
        Path one = store("n1", storage -> {
            SnapshotInfo unused = Stores.snapshot(storage, LOG, 4, 100);
            storage.write(List.of(new Write.TrimWrite(LOG, 4)));
        });
        Path two = store("n2", storage -> {
            SnapshotInfo unused = Stores.snapshot(storage, LOG, 4, 101);
            storage.write(List.of(new Write.TrimWrite(LOG, 4)));
        });

        JournalAudit.Report report = audit(one, two);

        assertThat(report.disagreements()).isZero();
        assertThat(report.notes()).anySatisfy(note -> assertThat(note).contains("their states differ"));
    }

    @Test
    void saysWhichVotersAreNotThereAndWhoFormedApart() throws IOException {
        Membership vector =
                Membership.of(Map.of(NodeId.of("n1"), new Incarnation(1), NodeId.of("n3"), new Incarnation(3)));
        Membership apart = Membership.of(Map.of(NodeId.of("n2"), new Incarnation(2)));
        Path one = store("n1", new Write.FormationWrite(vector, vector, List.of()));
        Path two = store("n2", new Write.FormationWrite(apart, apart, List.of()));

        assertThat(audit(one, two).notes())
                .anySatisfy(note -> assertThat(note).contains("formed apart"))
                .anySatisfy(note -> assertThat(note).contains("voter n3 is not among"));
    }

    @Test
    void aDamagedStoreIsReadAsFarAsItGoes() throws IOException {
        Path one = store("n1", accept(FIRST, 1, "a"), decided(1), accept(FIRST, 2, "b"));
        Path two = store("n2", accept(SECOND, 1, "x"), decided(1));
        Path segment = one.resolve(SegmentFile.name(1));
        byte[] bytes = Files.readAllBytes(segment);
        bytes[4 * 512 + 70] ^= 1; // the third batch: that of the start is before them
        Files.write(segment, bytes);

        JournalAudit.Report report = audit(one, two);

        assertThat(report.isComplete()).isFalse();
        assertThat(report.notes()).anySatisfy(note -> assertThat(note).contains("in part only", segment.toString()));
        assertThat(report.told()).hasSize(1);
    }

    @Test
    void refusesWhatCannotBeCompared() throws IOException {
        Path one = store("n1", accept(FIRST, 1, "a"));
        Path foreign = store("invoices", "n2", storage -> {});
        Path empty = Files.createDirectory(directory.resolve("empty"));

        assertThatThrownBy(() -> audit(one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two stores or more");
        assertThatThrownBy(() -> audit(one, foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("orders")
                .hasMessageContaining("invoices");
        assertThatThrownBy(() -> audit(one, empty)).hasMessageContaining(empty.toString());
    }
}
