// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Write;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFilesTest {

    private static final FileStorageOptions SMALL =
            FileStorageOptions.defaults().segmentBytes(1 << 16);
    private static final GroupId GROUP = new GroupId("Orders", 2);

    @TempDir
    Path directory;

    private FileStorage storage;

    @BeforeEach
    void open() throws IOException {
        storage = FileStorage.open(directory, SMALL);
        RecoveredState unused = storage.recover(Stores.OWNER);
    }

    @AfterEach
    void close() throws IOException {
        storage.close();
    }

    private RecoveredState reopen() throws IOException {
        storage.close();
        storage = FileStorage.open(directory, SMALL);
        return storage.recover(Stores.OWNER);
    }

    private void log(long slots, long compacted) throws IOException {
        for (long slot = 1; slot <= slots; slot++) {
            storage.write(List.of(new Write.LearnWrite(GROUP, slot, List.of(Value.NO_OP))));
        }
        storage.write(List.of(new Write.DecidedWrite(GROUP, slots)));
        if (compacted > 0) {
            storage.write(List.of(new Write.TrimWrite(GROUP, compacted)));
        }
    }

    private Path file(long slot) {
        return directory.resolve(SnapshotFormat.name(GROUP, slot));
    }

    private static void damage(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 4;
        Files.write(file, bytes);
    }

    @Test
    void isReadAsItWasWrittenWhateverItsLength() throws IOException {
        int chunk = SnapshotFormat.CHUNK_BYTES;
        long slot = 0;
        for (int bytes : new int[] {1, 100, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 17}) {
            slot++;
            SnapshotInfo info = Stores.snapshot(storage, GROUP, slot, bytes);
            assertThat(Stores.read(storage.readSnapshot(GROUP), 1000)).isEqualTo(Stores.content(slot, bytes));
            storage.write(List.of(new Write.PromiseWrite(GROUP, Ballot.ZERO)));
            assertThat(reopen().groups().get(GROUP).snapshot()).isEqualTo(info);
            assertThat(Stores.read(storage.readSnapshot(GROUP), 7 * chunk)).isEqualTo(Stores.content(slot, bytes));
        }
    }

    @Test
    void keepsTheNewestTwoAndGoesOnReadingOneThatIsGone() throws IOException {
        Stores.snapshot(storage, GROUP, 1, 200_000);
        try (SnapshotReader first = storage.readSnapshot(GROUP)) {
            ByteBuffer some = ByteBuffer.allocate(10);
            assertThat(first.read(5, some)).isEqualTo(10);
            for (int slot = 2; slot <= 5; slot++) {
                Stores.snapshot(storage, GROUP, slot, 300);
            }
            assertThat(file(1)).doesNotExist();
            assertThat(Stores.read(first, 60_000)).isEqualTo(Stores.content(1, 200_000));
        }
        assertThat(file(3)).doesNotExist();
        assertThat(file(4)).exists();
        assertThat(file(5)).exists();
    }

    @Test
    void anOlderOneOrOneAsOldNeverTakesThePlaceOfANewer() throws IOException {
        SnapshotInfo info = Stores.snapshot(storage, GROUP, 7, 100);
        Stores.snapshot(storage, GROUP, 6, 100);
        Stores.snapshot(storage, GROUP, 7, 50);

        try (SnapshotReader reader = storage.readSnapshot(GROUP)) {
            assertThat(reader.info()).isEqualTo(info);
        }
        assertThat(file(6)).doesNotExist();
    }

    @Test
    void aDamagedOneIsLeftAsideIfAnOlderOneWillDo() throws IOException {
        log(20, 10);
        SnapshotInfo older = Stores.snapshot(storage, GROUP, 12, 100_000);
        Stores.snapshot(storage, GROUP, 20, 100_000);
        storage.close();
        damage(file(20), 90_000);

        RecoveredState state = reopen();

        assertThat(state.groups().get(GROUP).snapshot()).isEqualTo(older);
        assertThat(state.groups().get(GROUP).slots().firstKey()).isEqualTo(11);
        assertThat(Stores.read(storage.readSnapshot(GROUP), 1 << 16)).isEqualTo(Stores.content(12, 100_000));
        SnapshotInfo again = Stores.snapshot(storage, GROUP, 20, 10);
        assertThat(reopen().groups().get(GROUP).snapshot()).isEqualTo(again);
    }

    @Test
    void aDamagedOneWithoutWhichTheLogIsIncompleteIsRefused() throws IOException {
        log(20, 0);
        Stores.snapshot(storage, GROUP, 12, 100_000);
        Stores.snapshot(storage, GROUP, 20, 100_000);
        storage.write(List.of(new Write.TrimWrite(GROUP, 15)));
        storage.close();
        damage(file(20), 90_000);

        assertThatThrownBy(this::reopen)
                .isInstanceOfSatisfying(
                        JournalDamagedException.class, e -> assertThat(e.file()).isEqualTo(file(20).toString()))
                .hasMessageContaining("Orders#2")
                .hasMessageContaining("slot 15")
                .hasMessageContaining("Remedy");
        Files.delete(file(20));
        assertThatThrownBy(this::reopen).hasMessageContaining("missing").hasMessageContaining("Orders#2");
    }

    @Test
    void damageFoundWhileReadingNamesThePlace() throws IOException {
        Stores.snapshot(storage, GROUP, 1, 200_000);
        damage(file(1), 70_000);

        try (SnapshotReader reader = storage.readSnapshot(GROUP)) {
            assertThat(reader.read(0, ByteBuffer.allocate(SnapshotFormat.CHUNK_BYTES)))
                    .isPositive();
            assertThatThrownBy(() -> reader.read(SnapshotFormat.CHUNK_BYTES, ByteBuffer.allocate(10)))
                    .hasMessageContaining(file(1).toString())
                    .hasMessageContaining("chunk 1");
        }
    }

    @Test
    void whatIsGivenUpOrIsNotWhatItShouldBeLeavesNothing() throws IOException {
        try (SnapshotWriter writer = storage.writeSnapshot(GROUP, 3)) {
            writer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
        try (SnapshotWriter writer = storage.writeSnapshot(GROUP, 3)) {
            writer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThatThrownBy(() -> writer.commit(new SnapshotInfo(3, 3, 77)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("3 bytes");
            assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        }
        assertThat(storage.readSnapshot(GROUP)).isNull();
        assertThat(new StoreDirectory(directory).names()).noneMatch(name -> name.startsWith("snapshot"));
    }

    @Test
    void namesThatDifferInCaseOnlyHaveFilesOfTheirOwn() throws IOException {
        Stores.snapshot(storage, new GroupId("log", 0), 1, 10);
        Stores.snapshot(storage, new GroupId("LOG", 0), 1, 20);
        Stores.snapshot(storage, new GroupId("log", 1), 1, 30);

        assertThat(new StoreDirectory(directory)
                        .names().stream()
                                .filter(SnapshotFormat::isName)
                                .map(name -> name.toLowerCase(Locale.ROOT))
                                .distinct())
                .hasSize(3);
        try (SnapshotReader reader = storage.readSnapshot(new GroupId("LOG", 0))) {
            assertThat(reader.info().bytes()).isEqualTo(20);
        }
    }
}
