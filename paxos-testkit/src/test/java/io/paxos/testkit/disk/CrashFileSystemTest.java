// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CrashFileSystemTest {

    private final CrashFileSystem disk = CrashFileSystem.empty();
    private final Path file = disk.getPath("/file");

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(CrashFileSystem disk, String path) throws IOException {
        Path found = disk.getPath(path);
        return Files.exists(found) ? Files.readString(found) : "-";
    }

    private void forceRoot() throws IOException {
        try (FileChannel root = FileChannel.open(disk.root(), READ)) {
            root.force(true);
        }
    }

    /** A file of which "durable" is durable, entry and all. */
    private FileChannel durableFile() throws IOException {
        FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE);
        channel.write(bytes("durable"));
        channel.force(false);
        forceRoot();
        return channel;
    }

    private List<String> afterAll(CrashKind kind, String path) throws IOException {
        List<String> texts = new ArrayList<>();
        int operation = disk.operations();
        for (long i = 0; i < disk.variants(operation, kind); i++) {
            texts.add(text(disk.crashed(new CrashChoice(operation, kind, i)), path));
        }
        return texts;
    }

    private String after(CrashKind kind, String path) throws IOException {
        List<String> texts = afterAll(kind, path);
        assertThat(texts).hasSize(1);
        return texts.get(0);
    }

    // A file system like others.

    @Test
    void channelsReadAndWriteByPlaceAndInTurn() throws IOException {
        try (FileChannel channel = FileChannel.open(file, CREATE_NEW, READ, WRITE)) {
            assertThat(channel.write(bytes("0123456789"))).isEqualTo(10);
            assertThat(channel.write(bytes("ab"), 3)).isEqualTo(2);
            assertThat(channel.position()).isEqualTo(10);
            ByteBuffer[] gathered = {bytes("x"), bytes("yz")};
            assertThat(channel.write(gathered)).isEqualTo(3);
            ByteBuffer into = ByteBuffer.allocate(4);
            assertThat(channel.read(into, 2)).isEqualTo(4);
            assertThat(into.array()).isEqualTo("2ab5".getBytes(UTF_8));
            assertThat(channel.read(ByteBuffer.allocate(1), 13)).isEqualTo(-1);
            assertThat(channel.position(11).read(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(9)}))
                    .isEqualTo(2);
            assertThat(channel.truncate(12).size()).isEqualTo(12);
        }
        assertThat(Files.readString(file)).isEqualTo("012ab56789xy");
        assertThat(Files.size(file)).isEqualTo(12);
    }

    @Test
    void writingBeyondTheEndLeavesZeros() throws IOException {
        try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
            channel.write(bytes("end"), 10_000);
            channel.truncate(9_000);
            channel.write(bytes("x"), 9_002);
        }
        byte[] all = Files.readAllBytes(file);
        assertThat(all).hasSize(9_003).endsWith(0, 0, 'x').startsWith(0, 0);
    }

    @Test
    void optionsMeanWhatTheyMean() throws IOException {
        assertThatThrownBy(() -> FileChannel.open(file, WRITE)).isInstanceOf(NoSuchFileException.class);
        Files.writeString(file, "one");
        assertThatThrownBy(() -> FileChannel.open(file, CREATE_NEW, WRITE))
                .isInstanceOf(FileAlreadyExistsException.class);
        Files.writeString(file, "two", APPEND);
        assertThat(Files.readString(file)).isEqualTo("onetwo");
        Files.writeString(file, "three");
        assertThat(Files.readString(file)).isEqualTo("three");
        try (FileChannel reader = FileChannel.open(file, READ);
                FileChannel writer = FileChannel.open(file, WRITE)) {
            assertThatThrownBy(() -> reader.write(bytes("x"))).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> writer.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonReadableChannelException.class);
            reader.close();
            assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> writer.map(FileChannel.MapMode.READ_WRITE, 0, 1))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void directoriesHoldWhatWasPutThere() throws IOException {
        Path directory = Files.createDirectories(disk.getPath("/a/b"));
        Files.writeString(directory.resolve("x.log"), "x");
        Files.move(directory.resolve("x.log"), directory.resolve("y.log"), StandardCopyOption.ATOMIC_MOVE);
        Files.createFile(directory.resolve("other"));
        try (Stream<Path> found = Files.list(directory)) {
            assertThat(new TreeSet<>(found.map(Path::toString).toList())).containsExactly("/a/b/other", "/a/b/y.log");
        }
        try (var found = Files.newDirectoryStream(directory, "*.log")) {
            assertThat(found).containsExactly(directory.resolve("y.log"));
        }
        assertThat(Files.isDirectory(directory)).isTrue();
        assertThat(Files.isRegularFile(directory.resolve("other"))).isTrue();
        assertThatThrownBy(() -> Files.delete(directory)).isInstanceOf(DirectoryNotEmptyException.class);
        assertThatThrownBy(() -> Files.move(directory.resolve("other"), directory.resolve("y.log")))
                .isInstanceOf(FileAlreadyExistsException.class);
        Files.move(directory.resolve("other"), directory.resolve("y.log"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(Files.readString(directory.resolve("y.log"))).isEmpty();
        assertThat(Files.deleteIfExists(directory.resolve("other"))).isFalse();
        Files.delete(directory.resolve("y.log"));
        Files.delete(directory);
        assertThat(Files.exists(directory)).isFalse();
        assertThatThrownBy(() -> Files.createFile(directory.resolve("z"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void pathsAreTakenApartAndPutTogether() {
        Path path = disk.getPath("/a", "b/../c", "d");
        assertThat(path.normalize()).hasToString("/a/c/d");
        assertThat(path.getParent()).hasToString("/a/b/../c");
        assertThat(path.getFileName()).hasToString("d");
        assertThat(path.getNameCount()).isEqualTo(5);
        assertThat(path.startsWith(disk.getPath("/a/b"))).isTrue();
        assertThat(path.endsWith("c/d")).isTrue();
        assertThat(disk.getPath("/a/b").relativize(disk.getPath("/a/c/d"))).hasToString("../c/d");
        assertThat(disk.getPath("/a").resolve("b")).isEqualTo(disk.getPath("/a/b"));
        assertThat(disk.getPath("/a").resolveSibling("b")).isEqualTo(disk.getPath("/b"));
        assertThat(disk.getPath("/a")).isNotEqualTo(CrashFileSystem.empty().getPath("/a"));
    }

    @Test
    void aLockIsRefusedToOthersUntilItIsReleased() throws IOException {
        Files.createFile(file);
        FileChannel first = FileChannel.open(file, WRITE);
        FileChannel second = FileChannel.open(file, WRITE);
        FileLock lock = first.tryLock();
        assertThat(lock.isValid()).isTrue();
        assertThatThrownBy(second::tryLock).isInstanceOf(OverlappingFileLockException.class);
        FileChannel elsewhere = FileChannel.open(disk.otherProcess().getPath("/file"), WRITE);
        assertThat(elsewhere.tryLock()).isNull();
        assertThatThrownBy(elsewhere::lock).isInstanceOf(IOException.class);
        first.close();
        assertThat(lock.isValid()).isFalse();
        assertThat(elsewhere.tryLock()).isNotNull();
        forceRoot();
        CrashFileSystem crashed = disk.crashed(new CrashChoice(disk.operations(), CrashKind.NOTHING, 0));
        assertThat(FileChannel.open(crashed.getPath("/file"), WRITE).tryLock()).isNotNull();
    }

    // Crashes.

    @Test
    void whatWasForcedStaysAndWhatWasNotMayBeGone() throws IOException {
        try (FileChannel channel = durableFile()) {
            channel.write(bytes("DURA"), 0);
            assertThat(after(CrashKind.NOTHING, "/file")).isEqualTo("durable");
            assertThat(after(CrashKind.EVERYTHING, "/file")).isEqualTo("DURAble");
            assertThat(afterAll(CrashKind.TORN_BYTE, "/file")).containsExactly("Durable", "DUrable", "DURable");
            channel.force(false);
            assertThat(after(CrashKind.NOTHING, "/file")).isEqualTo("DURAble");
            assertThat(afterAll(CrashKind.EVERYTHING, "/file")).isEmpty();
        }
    }

    @Test
    void unforcedWritesArriveInAnyOrder() throws IOException {
        try (FileChannel channel = durableFile()) {
            channel.write(bytes("1"), 0);
            channel.write(bytes("2"), 1);
            channel.write(bytes("3"), 2);
            assertThat(afterAll(CrashKind.PREFIX, "/file")).containsExactly("1urable", "12rable");
            assertThat(afterAll(CrashKind.SUBSET, "/file"))
                    .containsExactly("1urable", "d2rable", "12rable", "du3able", "1u3able", "d23able");
        }
    }

    @Test
    void aWriteIsTornBetweenSectorsAndHasHolesInThem() throws IOException {
        try (FileChannel channel = durableFile()) {
            channel.write(bytes("a".repeat(1_200)), 100);
            // The write touches three sectors: 412 bytes of the first, all of the second, 276 of the third.
            assertThat(afterAll(CrashKind.TORN_SECTOR, "/file").stream().map(String::length))
                    .containsExactly(512, 1_024);
            assertThat(afterAll(CrashKind.END_ONLY, "/file").stream().map(s -> s.indexOf('a', 7)))
                    .containsExactly(512, 1_024);
            assertThat(afterAll(CrashKind.SECTOR_ZERO, "/file").stream()
                            .map(s -> s.chars().filter(c -> c == 'a').count()))
                    .containsExactly(1L + 1_200 - 412, 1L + 1_200 - 512, 1L + 1_200 - 276);
            assertThat(afterAll(CrashKind.SECTOR_OLD, "/file")).isEqualTo(afterAll(CrashKind.SECTOR_ZERO, "/file"));
            assertThat(disk.variants(disk.operations(), CrashKind.SECTOR_GARBAGE))
                    .isEqualTo(3);
            assertThat(afterAll(CrashKind.LENGTH_ZERO, "/file")).containsExactly("durable" + "\0".repeat(1_293));
            assertThat(disk.variants(disk.operations(), CrashKind.LENGTH_GARBAGE))
                    .isEqualTo(1);
        }
    }

    @Test
    void writingTheSameBytesAgainEndangersNothing() throws IOException {
        try (FileChannel channel = durableFile()) {
            channel.write(bytes("durable"), 0);
            for (CrashKind kind : CrashKind.values()) {
                assertThat(afterAll(kind, "/file")).as("after %s", kind).allMatch("durable"::equals);
            }
        }
    }

    @Test
    void anEntryIsLostUnlessItsDirectoryWasForced() throws IOException {
        try (FileChannel channel = FileChannel.open(file, CREATE, WRITE, DSYNC)) {
            channel.write(bytes("forced"));
        }
        assertThat(after(CrashKind.NOTHING, "/file")).isEqualTo("-");
        forceRoot();
        assertThat(after(CrashKind.NOTHING, "/file")).isEqualTo("forced");
        Files.move(file, disk.getPath("/renamed"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(after(CrashKind.NOTHING, "/file")).isEqualTo("forced");
        assertThat(after(CrashKind.NOTHING, "/renamed")).isEqualTo("-");
        assertThat(after(CrashKind.ENTRIES_ONLY, "/renamed")).isEqualTo("forced");
        assertThat(after(CrashKind.ENTRIES_LOST, "/renamed")).isEqualTo("-");
    }

    @Test
    void aFileThatWasRenamedBeforeItWasForcedMayBeEmpty() throws IOException {
        Files.writeString(file, "text");
        forceRoot();
        Files.move(file, disk.getPath("/renamed"));
        forceRoot();
        assertThat(after(CrashKind.NOTHING, "/renamed")).isEmpty();
        assertThat(after(CrashKind.KILLED, "/renamed")).isEqualTo("text");
    }

    @Test
    void whatAProcessLeftUnforcedIsStillUnforcedForTheNext() throws IOException {
        try (FileChannel channel = durableFile()) {
            channel.write(bytes("X"), 0);
        }
        CrashFileSystem next = disk.crashed(new CrashChoice(disk.operations(), CrashKind.KILLED, 0));
        assertThat(text(next, "/file")).isEqualTo("Xurable");
        assertThat(text(next.crashed(new CrashChoice(0, CrashKind.NOTHING, 0)), "/file"))
                .isEqualTo("durable");
        try (FileChannel channel = FileChannel.open(next.getPath("/file"), WRITE)) {
            channel.force(true);
        }
        assertThat(text(next.crashed(new CrashChoice(1, CrashKind.NOTHING, 0)), "/file"))
                .isEqualTo("Xurable");
    }

    @Test
    void aCrashMayBeAtAnyEarlierMoment() throws IOException {
        durableFile().close();
        for (int operation = disk.operations(); operation >= 0; operation--) {
            CrashFileSystem crashed = disk.crashed(new CrashChoice(operation, CrashKind.NOTHING, 0));
            assertThat(text(crashed, "/file")).isEqualTo(operation == 4 ? "durable" : "-");
        }
        assertThatThrownBy(() -> disk.crashed(new CrashChoice(99, CrashKind.NOTHING, 0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> disk.crashed(new CrashChoice(4, CrashKind.NOTHING, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // Faults and damage.

    @Test
    void aFailedForceLosesTheDataAndTheNextOneSucceedsAllTheSame() throws IOException {
        try (FileChannel channel = durableFile()) {
            disk.fail(new LiveFault(LiveFault.Kind.FORCE_ERROR, disk.count(DiskCount.FORCES) + 1));
            channel.write(bytes("more"), 7);
            assertThatThrownBy(() -> channel.force(false)).isInstanceOf(IOException.class);
            assertThat(disk.hasFailed()).isTrue();
            channel.force(false);
            assertThat(text(disk, "/file")).isEqualTo("durablemore");
            assertThat(after(CrashKind.NOTHING, "/file")).isEqualTo("durable\0\0\0\0");
            assertThat(after(CrashKind.KILLED, "/file")).isEqualTo("durablemore");
            channel.write(bytes("more"), 7);
            channel.force(false);
            assertThat(after(CrashKind.NOTHING, "/file")).isEqualTo("durablemore");
        }
    }

    @Test
    void eachSortOfOperationFailsWhenItIsToldTo() throws IOException {
        try (FileChannel channel = durableFile()) {
            disk.fail(new LiveFault(LiveFault.Kind.READ_ERROR, 2));
            channel.read(ByteBuffer.allocate(1), 0);
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), 0)).isInstanceOf(IOException.class);
            assertThat(channel.read(ByteBuffer.allocate(1), 0)).isEqualTo(1);

            disk.fail(new LiveFault(LiveFault.Kind.WRITE_ERROR, disk.count(DiskCount.WRITES) + 1));
            assertThatThrownBy(() -> channel.write(bytes("WXYZ"), 0)).isInstanceOf(IOException.class);
            assertThat(text(disk, "/file")).isEqualTo("WXrable");

            disk.fail(new LiveFault(LiveFault.Kind.SHORT_WRITE, disk.count(DiskCount.WRITES) + 1));
            ByteBuffer four = bytes("1234");
            assertThat(channel.write(four, 0)).isEqualTo(2);
            assertThat(four.remaining()).isEqualTo(2);

            disk.fail(new LiveFault(LiveFault.Kind.FULL_ONCE, disk.count(DiskCount.WRITES) + 1));
            assertThatThrownBy(() -> channel.write(bytes("x"), 0)).hasMessageContaining("No space left");
            assertThat(channel.write(bytes("x"), 0)).isEqualTo(1);

            disk.fail(new LiveFault(LiveFault.Kind.FULL_AFTER, disk.count(DiskCount.BYTES) + 3));
            assertThat(channel.write(bytes("abcd"), 0)).isEqualTo(3);
            assertThatThrownBy(() -> channel.write(bytes("d"), 3)).hasMessageContaining("No space left");

            disk.fail(new LiveFault(LiveFault.Kind.ENTRY_ERROR, disk.count(DiskCount.ENTRIES) + 1));
            assertThatThrownBy(() -> Files.delete(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/file");
            Files.delete(file);
            disk.fail(null);
        }
    }

    @Test
    void damageIsDoneToACopy() throws IOException {
        durableFile().close();
        assertThat(text(disk.damaged(new Damage(Damage.Kind.FLIP, "/file", 8 + 5)), "/file"))
                .isEqualTo("dUrable");
        assertThat(text(disk.damaged(new Damage(Damage.Kind.CUT, "/file", 3)), "/file"))
                .isEqualTo("dur");
        assertThat(text(disk.damaged(new Damage(Damage.Kind.MISSING, "/file", 0)), "/file"))
                .isEqualTo("-");
        assertThat(text(disk, "/file")).isEqualTo("durable");
        assertThatThrownBy(() -> disk.damaged(new Damage(Damage.Kind.CUT, "/nothing", 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/nothing");
    }

    @Test
    void choicesFaultsAndDamagesCanBeReadBack() {
        CrashChoice crash = new CrashChoice(17, CrashKind.TORN_SECTOR, 3);
        LiveFault fault = new LiveFault(LiveFault.Kind.FULL_AFTER, 4_096);
        Damage damage = new Damage(Damage.Kind.FLIP, "/data/store/journal", 1_234);
        assertThat(CrashChoice.parse(crash.toString())).isEqualTo(crash);
        assertThat(LiveFault.parse(fault.toString())).isEqualTo(fault);
        assertThat(Damage.parse(damage.toString())).isEqualTo(damage);
        assertThatThrownBy(() -> CrashChoice.parse("17")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LiveFault.parse("17")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Damage.parse("17")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LiveFault(LiveFault.Kind.READ_ERROR, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
