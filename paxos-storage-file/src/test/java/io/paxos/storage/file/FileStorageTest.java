// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.StoreContents;
import io.paxos.spi.StoreMeter;
import io.paxos.spi.Write;
import io.paxos.testkit.disk.CrashFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStorageTest {

    private static final FileStorageOptions SMALL =
            FileStorageOptions.defaults().blockBytes(512).segmentBytes(16 << 10);

    @TempDir
    Path directory;

    @Test
    void anEmptyDirectoryBecomesAStoreAndIsCountedEachTimeItIsOpened() throws IOException {
        Path path = directory.resolve("a/b/c");
        RecoveredState first;
        try (FileStorage storage = FileStorage.open(path)) {
            first = storage.recover(Stores.OWNER);
            assertThat(first.start()).isEqualTo(1);
            assertThat(first.formation()).isEqualTo(RecoveredState.NOT_FORMED);
            assertThat(first.groups()).isEmpty();
            assertThat(first.decided()).isEmpty();
        }
        for (long start = 2; start < 6; start++) {
            try (FileStorage storage = FileStorage.open(path)) {
                RecoveredState state = storage.recover(Stores.OWNER);
                assertThat(state.start()).isEqualTo(start);
                assertThat(state.incarnation()).isEqualTo(first.incarnation());
            }
        }
    }

    @Test
    void saysWhenAWriteForcesTheDeviceAndOnlyThen() throws IOException {
        List<String> heard = new ArrayList<>();
        StoreMeter meter = new StoreMeter() {
            @Override
            public void forceBegins() {
                heard.add("begins");
            }

            @Override
            public void forceEnds() {
                heard.add("ends");
            }
        };
        try (FileStorage storage = FileStorage.open(directory.resolve("metered"))) {
            storage.meter(meter);
            storage.recover(Stores.OWNER);
            assertThat(heard).as("nobody waits for a write yet").isEmpty();
            storage.write(List.of(new Write.TrimWrite(GroupId.of("g"), 1)));
            assertThat(heard).containsExactly("begins", "ends");
        }
    }

    @Test
    void whatIsWrittenToARealDiskIsReadBackHoweverOftenTheStoreIsClosedAndTrimmed() throws IOException {
        writeAndReadAgain(directory.resolve("store"), 0, 4, 60);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void whatIsWrittenIsReadBackHoweverOftenTheStoreIsClosedAndTrimmed(int variant) throws IOException {
        writeAndReadAgain(CrashFileSystem.empty().getPath("/store"), variant, 8, 250);
    }

    private static void writeAndReadAgain(Path path, int variant, int openings, int batches) throws IOException {
        FileStorageOptions options = variant % 2 == 0 ? SMALL : SMALL.withoutPreallocation();
        if (variant / 2 == 1) {
            options = options.losingWritesOnPowerFailure();
        }
        RandomWrites writes = new RandomWrites(variant, 3, 200);
        StoreContents expected = new StoreContents();
        Random random = new Random(variant);
        for (int opening = 0; opening < openings; opening++) {
            try (FileStorage storage = FileStorage.open(path, options)) {
                RecoveredState state = storage.recover(Stores.OWNER);
                assertThat(state.start()).isEqualTo(opening + 1);
                assertThat(Stores.describe(state)).isEqualTo(Stores.describe(expected, storage, state));
                String before = Stores.describe(state);
                for (int i = 0; i < batches; i++) {
                    List<Write> batch = writes.batch();
                    storage.write(batch);
                    batch.forEach(expected::apply);
                    if (random.nextInt(20) == 0) {
                        trim(storage, writes, expected, RandomWrites.group(random.nextInt(3)));
                    }
                }
                storage.write(List.of());
                assertThat(Stores.describe(state))
                        .as("what was recovered stays so")
                        .isEqualTo(before);
            }
        }
    }

    private static void trim(FileStorage storage, RandomWrites writes, StoreContents expected, GroupId group)
            throws IOException {
        long slot = writes.decided(group);
        if (slot > expected.compacted(group)) {
            SnapshotInfo info = Stores.snapshot(storage, group, slot, 5000);
            try (SnapshotReader reader = storage.readSnapshot(group)) {
                assertThat(reader.info()).isEqualTo(info);
            }
            List<Write> batch = List.of(writes.trim(group));
            storage.write(batch);
            batch.forEach(expected::apply);
        }
    }
}
