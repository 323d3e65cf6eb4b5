// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import io.paxos.testkit.disk.CrashChoice;
import io.paxos.testkit.disk.CrashFileSystem;
import io.paxos.testkit.disk.CrashKind;
import io.paxos.testkit.disk.DiskCount;
import io.paxos.testkit.disk.LiveFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTest {

    private static final FileStorageOptions SMALL =
            FileStorageOptions.defaults().blockBytes(512).segmentBytes(4096).bootId(() -> "first boot");
    private static final FileStorageOptions UNFORCED = SMALL.losingWritesOnPowerFailure();

    private static final GroupId GROUP = GroupId.of("log");
    private static final Ballot BALLOT = new Ballot(3, NodeId.of("n1"), 9);
    private static final Membership MEMBERS =
            Membership.of(Map.of(NodeId.of("n1"), new Incarnation(1), NodeId.of("n2"), new Incarnation(2)));

    private CrashFileSystem disk = CrashFileSystem.empty();

    private FileStorage open(FileStorageOptions options) {
        return FileStorage.open(disk.getPath("/store"), options);
    }

    private void crash(CrashKind kind) {
        disk = disk.crashed(new CrashChoice(disk.operations(), kind, 0));
    }

    private RecoveredState recovered(FileStorageOptions options) throws IOException {
        try (FileStorage storage = open(options)) {
            return storage.recover(Stores.OWNER);
        }
    }

    private static void votes(FileStorage storage) throws IOException {
        storage.write(List.of(
                new Write.FormationWrite(MEMBERS, MEMBERS, List.of(MEMBERS)),
                new Write.AcceptWrite(GROUP, BALLOT, 1, List.of(Value.NO_OP, Value.NO_OP, Value.NO_OP)),
                new Write.DecidedWrite(GROUP, 2),
                new Write.DecreeWrite(new DecreeName("open"), BALLOT, null),
                new Write.DecreeDecidedWrite(new DecreeName("shut"), Payload.utf8("x"))));
    }

    private static void assertKeepsFactsOnly(RecoveredState state) {
        assertThat(state.formation()).isEqualTo(new Write.FormationWrite(null, MEMBERS, List.of()));
        assertThat(state.groups().get(GROUP).slots()).containsOnlyKeys(1L, 2L);
        assertThat(state.groups().get(GROUP).decided()).isEqualTo(2);
        assertThat(state.decrees()).isEmpty();
        assertThat(state.decided()).containsOnlyKeys(new DecreeName("shut"));
    }

    @Test
    void rule7_aStrangerHasANewIdentityEachTimeAndKeepsWhatIsDecided() throws IOException {
        RecoveredState first;
        try (FileStorage storage = open(SMALL)) {
            first = storage.recover(Stores.OWNER);
            votes(storage);
        }

        RecoveredState stranger = recovered(SMALL.asStranger());
        RecoveredState again = recovered(SMALL.asStranger());
        RecoveredState afterwards = recovered(SMALL);

        assertKeepsFactsOnly(stranger);
        assertKeepsFactsOnly(afterwards);
        assertThat(stranger.incarnation()).isNotEqualTo(first.incarnation());
        assertThat(again.incarnation()).isNotEqualTo(stranger.incarnation());
        assertThat(afterwards.incarnation()).isEqualTo(again.incarnation());
        assertThat(afterwards.start()).isEqualTo(4);
    }

    @Test
    void rule7_aStrangerStaysOneWhenTheSegmentThatSaysSoIsGone() throws IOException {
        try (FileStorage storage = open(SMALL)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            votes(storage);
        }
        try (FileStorage storage = open(SMALL.asStranger())) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            for (int i = 0; i < 100; i++) {
                storage.write(List.of(new Write.DecidedWrite(GroupId.of("other"), i)));
            }
        }
        assertThat(new StoreDirectory(disk.getPath("/store")).names()).doesNotContain(SegmentFile.name(2));

        assertKeepsFactsOnly(recovered(SMALL));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rule7_anUnforcedStoreIsAStrangerWhenTheMachineWasRestarted(boolean someSurvived) throws IOException {
        FileStorage storage = open(UNFORCED);
        RecoveredState first = storage.recover(Stores.OWNER);
        votes(storage);
        crash(someSurvived ? CrashKind.KILLED : CrashKind.NOTHING);

        RecoveredState state = recovered(UNFORCED.bootId(() -> "second boot"));

        assertThat(state.incarnation()).isNotEqualTo(first.incarnation());
        if (someSurvived) {
            assertKeepsFactsOnly(state);
        } else {
            assertThat(state.groups()).isEmpty();
        }
        assertThat(recovered(UNFORCED.bootId(() -> "second boot")).incarnation())
                .as("closed cleanly since")
                .isEqualTo(state.incarnation());
    }

    @Test
    void rule7_anUnforcedStoreIsNoStrangerWhenOnlyTheProcessEndedNorWhenItWasClosed() throws IOException {
        FileStorage storage = open(UNFORCED);
        RecoveredState first = storage.recover(Stores.OWNER);
        votes(storage);
        crash(CrashKind.KILLED);

        RecoveredState second = recovered(UNFORCED);
        crash(CrashKind.NOTHING);
        RecoveredState third = recovered(UNFORCED.bootId(() -> "second boot"));

        assertThat(second.incarnation()).isEqualTo(first.incarnation());
        assertThat(second.groups().get(GROUP).slots()).containsOnlyKeys(1L, 2L, 3L);
        assertThat(third.incarnation()).isEqualTo(first.incarnation());
        assertThat(third.groups().get(GROUP).slots()).containsOnlyKeys(1L, 2L, 3L);
    }

    @Test
    void anUnknownBootCountsAsARestart() throws IOException {
        FileStorage storage = open(UNFORCED.bootId(() -> BootId.UNKNOWN));
        RecoveredState first = storage.recover(Stores.OWNER);
        votes(storage);
        crash(CrashKind.KILLED);

        assertThat(recovered(UNFORCED.bootId(() -> BootId.UNKNOWN)).incarnation())
                .isNotEqualTo(first.incarnation());
    }

    @Test
    void anUnforcedStoreIsForcedByAnEmptyBatch() throws IOException {
        FileStorage storage = open(UNFORCED);
        RecoveredState unused = storage.recover(Stores.OWNER);
        votes(storage);
        storage.write(List.of());
        crash(CrashKind.NOTHING);

        assertThat(recovered(UNFORCED).groups().get(GROUP).slots()).hasSize(3);
    }

    @Test
    void whatAFailedForceLeftReadableIsWrittenAnewBeforeItIsHandedOut() throws IOException {
        FileStorage storage = open(SMALL);
        RecoveredState unused = storage.recover(Stores.OWNER);
        disk.fail(new LiveFault(LiveFault.Kind.FORCE_ERROR, disk.count(DiskCount.FORCES) + 1));
        assertThatThrownBy(() -> votes(storage)).isInstanceOf(IOException.class);
        disk.fail(null);
        storage.close();

        RecoveredState seen = recovered(SMALL);
        crash(CrashKind.NOTHING);
        RecoveredState after = recovered(SMALL);

        assertThat(seen.groups().get(GROUP).slots()).hasSize(3);
        assertThat(Stores.describe(after)).isEqualTo(Stores.describe(seen));
    }

    @Test
    void aTornTailIsCutAndWhatWasCutNeverComesBack() throws IOException {
        FileStorage storage = open(SMALL);
        RecoveredState unused = storage.recover(Stores.OWNER);
        votes(storage);
        crash(CrashKind.KILLED);
        // A second batch whose middle was never written.
        Path segment = disk.getPath("/store").resolve(SegmentFile.name(1));
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            Channels.write(channel, ByteBuffer.wrap(Stores.content(1, 700)), 512 * 4);
        }
        assertThat(JournalInspector.of(disk.getPath("/store")).verify())
                .extracting(JournalInspector.Verdict::outcome)
                .isEqualTo(JournalInspector.Outcome.TAIL_CUT);

        RecoveredState state = recovered(SMALL);
        for (int i = 0; i < 5; i++) {
            RecoveredState again = recovered(SMALL);
            assertThat(Stores.describe(again)).isEqualTo(Stores.describe(state));
            assertThat(again.start()).isEqualTo(3 + i);
        }
        assertThat(state.groups().get(GROUP).slots()).hasSize(3);
        assertThat(disk.getPath("/store").resolve(SegmentFile.name(2))).exists();
    }

    @Test
    void aBatchLargerThanASegmentHasOneOfItsOwn() throws IOException {
        byte[] large = Stores.content(1, 100_000);
        try (FileStorage storage = open(SMALL)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            storage.write(List.of(new Write.DecreeDecidedWrite(new DecreeName("large"), Payload.wrap(large))));
            storage.write(List.of(new Write.DecreeDecidedWrite(new DecreeName("small"), Payload.EMPTY)));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(recovered(SMALL).decided())
                    .containsEntry(new DecreeName("large"), Payload.wrap(large))
                    .containsKey(new DecreeName("small"));
        }
    }

    @Test
    void blocksThatHoldConfirmedBatchesAreNeverWrittenAgain() throws IOException {
        try (FileStorage storage = open(SMALL)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            votes(storage);
            Path segment = disk.getPath("/store").resolve(SegmentFile.name(1));
            byte[] before = Files.readAllBytes(segment);
            storage.write(List.of(new Write.DecidedWrite(GROUP, 3)));
            byte[] after = Files.readAllBytes(segment);
            // Header, start, votes; then the marker, in whose place the next batch goes.
            assertThat(Arrays.mismatch(before, after)).isGreaterThanOrEqualTo(3 * 512);
        }
    }

    @Test
    void damageInWhatWasToldAgainIsNotTakenForATornTailOnceTheOldSegmentIsGone() throws IOException {
        FileStorage storage = open(SMALL);
        RecoveredState unused = storage.recover(Stores.OWNER);
        votes(storage);
        StoreDirectory directory = new StoreDirectory(disk.getPath("/store"));
        for (int i = 0; directory.names().contains(SegmentFile.name(1)); i++) {
            storage.write(List.of(new Write.DecidedWrite(GroupId.of("other"), i)));
        }
        // The power fails in that moment: the marker that would vouch for the last batches was not written out.
        crash(CrashKind.NOTHING);
        Path last = disk.getPath("/store").resolve(SegmentFile.name(2));
        byte[] journal = Files.readAllBytes(last);
        journal[512 + 20] ^= 1;
        Path unusedToo = Files.write(last, journal);

        assertThatThrownBy(() -> recovered(SMALL))
                .isInstanceOf(JournalDamagedException.class)
                .hasMessageContaining(last.toString())
                .hasMessageContaining("offset 512")
                .hasMessageContaining("had been forced");
    }

    @Test
    void aDirectoryThatWasMadeJustBeforeACrashIsFoundAgain() throws IOException {
        Files.createDirectory(disk.getPath("/store"));
        RecoveredState first = recovered(SMALL);

        crash(CrashKind.NOTHING);

        assertThat(recovered(SMALL).incarnation()).isEqualTo(first.incarnation());
    }

    @Test
    void rule7_aStartIsCountedThoughTheMarkOfTheClosingBeforeItNeverReachedTheDisk() throws IOException {
        FileStorage storage = open(SMALL);
        RecoveredState first = storage.recover(Stores.OWNER);
        votes(storage);
        disk.fail(new LiveFault(LiveFault.Kind.FORCE_ERROR, disk.count(DiskCount.FORCES) + 1));
        assertThatThrownBy(storage::close).isInstanceOf(IOException.class);
        crash(CrashKind.KILLED);
        assertThat(open(SMALL).recover(Stores.OWNER).start()).isEqualTo(first.start() + 1);

        crash(CrashKind.NOTHING);

        assertThat(recovered(SMALL).start()).isEqualTo(first.start() + 2);
    }

    /** A crash in the midst of closing may leave it so, where segments grow as they are written. */
    @Test
    void theBlockOfTheLastMarkerNeedNotBeWhole() throws IOException {
        FileStorageOptions growing = SMALL.segmentBytes(1 << 16).withoutPreallocation();
        try (FileStorage storage = open(growing)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            votes(storage);
        }
        Path segment = disk.getPath("/store").resolve(SegmentFile.name(1));
        String whole = Stores.describe(recovered(growing));
        for (int length = BatchHeader.BYTES; length < 512; length += 64) {
            long marker = Files.size(segment) - 512;
            try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
                channel.truncate(marker + length);
            }
            assertThat(JournalInspector.of(disk.getPath("/store")).verify())
                    .extracting(JournalInspector.Verdict::outcome)
                    .isEqualTo(JournalInspector.Outcome.SOUND);

            assertThat(Stores.describe(recovered(growing))).isEqualTo(whole);
        }
    }
}
