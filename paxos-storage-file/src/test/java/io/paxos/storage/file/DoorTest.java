// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.ClusterName;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import io.paxos.testkit.disk.CrashFileSystem;
import io.paxos.testkit.disk.DiskCount;
import io.paxos.testkit.disk.LiveFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store refuses, and in which words. */
class DoorTest {

    private static final FileStorageOptions SMALL =
            FileStorageOptions.defaults().blockBytes(512).segmentBytes(4096);

    @TempDir
    Path directory;

    private void create(Path path, int batches) throws IOException {
        try (FileStorage storage = FileStorage.open(path, SMALL)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            for (int i = 0; i < batches; i++) {
                // So much that it is not worth telling it again.
                storage.write(List.of(
                        new Write.LearnWrite(GroupId.of("log"), 1 + 40L * i, Collections.nCopies(40, Value.NO_OP))));
            }
        }
    }

    private static void recover(Path path) throws IOException {
        try (FileStorage storage = FileStorage.open(path, SMALL)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
        }
    }

    @Test
    void aFileInThePlaceOfTheDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");

        assertThatThrownBy(() -> recover(file))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("not a directory");
        assertThatThrownBy(() -> recover(file.resolve("below"))).hasMessageContaining("not a directory");
    }

    @Test
    void aDirectoryThatHoldsSomethingElse() throws IOException {
        Files.writeString(directory.resolve("thesis.tex"), "x");

        assertThatThrownBy(() -> recover(directory))
                .hasMessageContaining("thesis.tex")
                .hasMessageContaining("empty directory");
        assertThat(new StoreDirectory(directory).names()).containsExactly("thesis.tex");
    }

    @Test
    void aFreshFileSystemIsAsGoodAsAnEmptyDirectory() throws IOException {
        Files.createDirectory(directory.resolve("lost+found"));

        recover(directory);

        assertThat(directory.resolve(Identity.NAME)).exists();
    }

    @Test
    void aStoreInUseByThisProcessWhichKeepsItsLock() throws IOException {
        try (FileStorage first = FileStorage.open(directory)) {
            RecoveredState unused = first.recover(Stores.OWNER);

            assertThatThrownBy(() -> recover(directory))
                    .hasMessageContaining("in use")
                    .hasMessageContaining("this process");
            assertThatThrownBy(() -> first.recover(Stores.OWNER)).hasMessageContaining("in use");
            assertThat(JournalInspector.of(directory).isInUse()).isTrue();
            first.write(List.of(new Write.DecidedWrite(GroupId.of("a"), 1)));
        }
        assertThat(JournalInspector.of(directory).isInUse()).isFalse();
        recover(directory);
    }

    /** On some systems a process loses its lock when it closes any channel of the file, so none must be opened. */
    @Test
    void aRefusedSecondUserWithinTheProcessLetsNoOtherProcessIn() throws Exception {
        try (FileStorage first = FileStorage.open(directory)) {
            RecoveredState unused = first.recover(Stores.OWNER);
            assertThatThrownBy(() -> recover(directory)).hasMessageContaining("in use");
            assertThat(JournalInspector.of(directory).isInUse()).isTrue();

            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            OtherProcess.class.getName(),
                            directory.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(other.waitFor()).as(said).isEqualTo(1);
            assertThat(said).contains("in use by another process");
        }
    }

    /** Opens a store, as another process. */
    static final class OtherProcess {

        private OtherProcess() {}

        public static void main(String[] arguments) throws IOException {
            RecoveredState unused = FileStorage.open(Path.of(arguments[0])).recover(Stores.OWNER);
        }
    }

    @Test
    void aStoreInUseByAnotherProcess() throws IOException {
        CrashFileSystem disk = CrashFileSystem.empty();
        try (FileStorage first = FileStorage.open(disk.getPath("/store"))) {
            RecoveredState unused = first.recover(Stores.OWNER);

            assertThatThrownBy(() -> recover(disk.otherProcess().getPath("/store")))
                    .hasMessageContaining("in use")
                    .hasMessageContaining("another process");
        }
    }

    @Test
    void anotherOwner() throws IOException {
        create(directory, 1);

        assertThatThrownBy(() -> FileStorage.open(directory)
                        .recover(new StoreOwner(new ClusterName("billing"), NodeId.of("n7"))))
                .hasMessageContaining("n1")
                .hasMessageContaining("orders")
                .hasMessageContaining("n7")
                .hasMessageContaining("billing");
        recover(directory);
    }

    @Test
    void aSegmentOfAnotherStore() throws IOException {
        create(directory.resolve("one"), 3);
        create(directory.resolve("two"), 3);
        Path segment = directory.resolve("one").resolve(SegmentFile.name(1));
        Files.copy(directory.resolve("two").resolve(SegmentFile.name(1)), segment, StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> recover(directory.resolve("one")))
                .hasMessageContaining(segment.toString())
                .hasMessageContaining("another store");
    }

    @Test
    void aSegmentUnderTheNameOfAnother() throws IOException {
        create(directory, 40);
        List<String> segments = new StoreDirectory(directory)
                .names().stream().filter(SegmentFile::isName).toList();
        Files.copy(
                directory.resolve(segments.get(0)),
                directory.resolve(segments.get(1)),
                StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> recover(directory))
                .isInstanceOf(JournalDamagedException.class)
                .hasMessageContaining(segments.get(1))
                .hasMessageContaining("under the name of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "middle", "last"})
    void aMissingSegment(String which) throws IOException {
        create(directory, 40);
        List<String> segments = new StoreDirectory(directory)
                .names().stream().filter(SegmentFile::isName).toList();
        assertThat(segments).hasSizeGreaterThan(2);
        String name = segments.get(
                which.equals("first") ? 0 : which.equals("last") ? segments.size() - 1 : segments.size() / 2);
        Files.delete(directory.resolve(name));

        assertThatThrownBy(() -> recover(directory))
                .isInstanceOfSatisfying(JournalDamagedException.class, e -> {
                    assertThat(e.file()).endsWith(name);
                    assertThat(e.offset()).isZero();
                    assertThat(e.loss()).isNotEmpty();
                    assertThat(e.remedy()).isNotEmpty();
                })
                .hasMessageContaining("missing");
        assertThat(JournalInspector.of(directory).verify().outcome()).isEqualTo(JournalInspector.Outcome.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {Identity.NAME, "journal-0000000000000001.seg"})
    void aNewerVersionNamesBoth(String name) throws IOException {
        create(directory, 1);
        Path file = directory.resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).putInt(8, 2);
        // A newer release would have got the checksum right.
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, FileHeader.BYTES - 4);
        ByteBuffer.wrap(bytes).putInt(FileHeader.BYTES - 4, (int) crc.getValue());
        Files.write(file, bytes);

        assertThatThrownBy(() -> recover(directory))
                .hasMessageContaining(name)
                .hasMessageContaining("version 2")
                .hasMessageContaining("version 1")
                .hasMessageContaining("release");
    }

    @Test
    void afterAFailedForceNothingIsEvenTried() throws IOException {
        CrashFileSystem disk = CrashFileSystem.empty();
        FileStorage storage = FileStorage.open(disk.getPath("/store"), SMALL);
        RecoveredState unused = storage.recover(Stores.OWNER);
        Write write = new Write.DecidedWrite(GroupId.of("a"), 1);
        disk.fail(new LiveFault(LiveFault.Kind.FORCE_ERROR, disk.count(DiskCount.FORCES) + 1));

        assertThatThrownBy(() -> storage.write(List.of(write))).isInstanceOf(IOException.class);
        long operations = disk.operations();
        assertThatThrownBy(() -> storage.write(List.of(write)))
                .hasMessageContaining("restart the node")
                .hasMessageContaining("/store");
        assertThatThrownBy(() -> storage.write(List.of())).isInstanceOf(IOException.class);
        assertThat(disk.operations()).as("nothing is even tried").isEqualTo((int) operations);
        storage.close();
    }

    @Test
    void aFullDiskSaysHowMuchRoomIsNeededAndWhere() throws IOException {
        CrashFileSystem disk = CrashFileSystem.empty();
        FileStorage storage = FileStorage.open(disk.getPath("/store"), SMALL);
        RecoveredState unused = storage.recover(Stores.OWNER);
        disk.fail(new LiveFault(LiveFault.Kind.FULL_ONCE, disk.count(DiskCount.WRITES) + 1));

        assertThatThrownBy(() -> storage.write(List.of(new Write.DecidedWrite(GroupId.of("a"), 1))))
                .hasMessageContaining("/store")
                .hasMessageContaining("full")
                .hasMessageContaining("4096 bytes")
                .hasMessageContaining("restart");
        assertThatThrownBy(() -> storage.write(List.of(new Write.DecidedWrite(GroupId.of("a"), 2))))
                .as("there is room now, but it is too late")
                .isInstanceOf(IOException.class);
        storage.close();
        recover(disk.getPath("/store"));
    }

    @Test
    void whatCannotBeWrittenAtAllIsRefusedAndChangesNothing() throws IOException {
        try (FileStorage storage = FileStorage.open(directory)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            assertThatThrownBy(() -> storage.write(List.of(new Write.DecidedWrite(GroupId.of("a"), -7))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-7");
            storage.write(List.of(new Write.DecidedWrite(GroupId.of("a"), 7)));
        }
        recover(directory);
    }

    @Test
    void optionsOutOfBoundsNameTheValue() {
        FileStorageOptions options = FileStorageOptions.defaults();

        assertThatThrownBy(() -> options.blockBytes(1000)).hasMessageContaining("1000");
        assertThatThrownBy(() -> options.blockBytes(1 << 20)).hasMessageContaining("1048576");
        assertThatThrownBy(() -> options.segmentBytes(5000)).hasMessageContaining("5000");
        assertThatThrownBy(() -> options.segmentBytes(1L << 40)).hasMessageContaining("1099511627776");
        assertThat(options.segmentBytes(20_000).segmentBytes())
                .as("whole blocks")
                .isEqualTo(16_384);
    }

    @Test
    void anUnknownRecordIsRefusedWithItsPlace() throws IOException {
        create(directory, 0);
        Path file = directory.resolve(SegmentFile.name(1));
        Identity identity = Identity.read(new StoreDirectory(directory));
        byte[] journal = Files.readAllBytes(file);
        // Behind the batch of the start and the marker of the closing.
        Batch batch = new Batch();
        batch.addRaw(ByteBuffer.wrap(new byte[] {0, 0, 0, 2, 99, 1}), 1);
        ByteBuffer sealed = batch.seal(BatchHeader.Kind.START, 5, 2, 1, identity.store(), 1, 1536, 512);
        sealed.get(journal, 1536, 512);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Channels.write(channel, ByteBuffer.wrap(journal), 0);
        }

        assertThatThrownBy(() -> recover(directory))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("offset 1536")
                .hasMessageContaining("type 99");
    }
}
