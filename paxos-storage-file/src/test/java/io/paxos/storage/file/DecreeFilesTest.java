// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.spi.Write;
import io.paxos.wire.WriteCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecreeFilesTest {

    private static final StoreId STORE = new StoreId(1, 2);

    @TempDir
    Path path;

    private StoreDirectory directory;

    @BeforeEach
    void open() {
        directory = new StoreDirectory(path);
    }

    private Map<DecreeName, Payload> write(long number, int from, int to, int bytes) throws IOException {
        Map<DecreeName, Payload> written = new TreeMap<>();
        try (DecreeFileWriter writer = new DecreeFileWriter(directory, STORE, number)) {
            for (int i = from; i < to; i++) {
                DecreeName name = new DecreeName("name-" + i);
                Payload value = Payload.wrap(Stores.content(i, bytes));
                written.put(name, value);
                writer.add(ByteBuffer.wrap(WriteCodec.encode(new Write.DecreeDecidedWrite(name, value))));
            }
            assertThat(writer.records()).isEqualTo(to - from);
            writer.finish();
        }
        return written;
    }

    private Map<DecreeName, Payload> read(long number) throws IOException {
        DecidedNames names = new DecidedNames();
        try (DecreeFileReader reader = DecreeFileReader.open(directory, STORE, number)) {
            reader.forEach(names::add);
        }
        return names;
    }

    @Test
    void whatIsWrittenIsReadBackBeItSmallOrLargerThanAChunk() throws IOException {
        assertThat(write(1, 0, 0, 10)).isEmpty();
        assertThat(read(1)).isEmpty();
        Map<DecreeName, Payload> small = write(2, 0, 5000, 30);
        assertThat(read(2)).isEqualTo(small);
        Map<DecreeName, Payload> large = write(3, 0, 5, 3 * DecreeFile.CHUNK_BYTES);
        assertThat(read(3)).isEqualTo(large);
    }

    @Test
    void mergedFilesHoldWhatTheirSourcesHeldALittleAtATime() throws IOException {
        Map<DecreeName, Payload> expected = new TreeMap<>(write(1, 0, 3000, 40));
        expected.putAll(write(2, 3000, 3001, 40));
        expected.putAll(write(3, 4000, 9000, 40));

        int parts = 1;
        try (DecreeMerging merging = new DecreeMerging(directory, STORE, List.of(1L, 2L, 3L), 7)) {
            while (!merging.advance(10_000)) {
                parts++;
            }
            assertThat(merging.result(List.of(1L, 2L, 3L, 5L))).containsExactly(5L, 7L);
        }

        assertThat(parts).isGreaterThan(3);
        assertThat(read(7)).isEqualTo(expected);
    }

    @Test
    void namesFileAndPlaceOfDamageAndOfAnotherStoresFile() throws IOException {
        write(1, 0, 100, 10);
        Path file = path.resolve(DecreeFile.name(1));
        byte[] bytes = Files.readAllBytes(file);
        bytes[200] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> read(1))
                .isInstanceOf(JournalDamagedException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("offset " + FileHeader.BYTES)
                .hasMessageContaining("Remedy");
        assertThatThrownBy(() -> read(2)).hasMessageContaining("missing").hasMessageContaining(DecreeFile.name(2));
        assertThatThrownBy(() -> DecreeFileReader.open(directory, new StoreId(5, 5), 1))
                .hasMessageContaining("another store");
    }

    @Test
    void aFileThatIsNotFinishedHasNoName() throws IOException {
        try (DecreeFileWriter writer = new DecreeFileWriter(directory, STORE, 1)) {
            writer.add(ByteBuffer.wrap(
                    WriteCodec.encode(new Write.DecreeDecidedWrite(new DecreeName("a"), Payload.EMPTY))));
        }

        assertThat(path.resolve(DecreeFile.name(1))).doesNotExist();
    }

    @Test
    void theFirstDecisionOfANameStaysAndAllAreFoundAgain() {
        DecidedNames names = new DecidedNames();
        for (int i = 0; i < 20_000; i++) {
            names.add(new DecreeName("näme-" + i), Payload.utf8("value " + i));
        }
        names.add(new DecreeName("näme-77"), Payload.utf8("another"));
        names.add(new DecreeName("large"), Payload.wrap(Stores.content(1, 1 << 20)));
        names.add(new DecreeName("behind"), Payload.EMPTY);

        assertThat(names).hasSize(20_002).containsEntry(new DecreeName("näme-77"), Payload.utf8("value 77"));
        assertThat(names.get(new DecreeName("large"))).isEqualTo(Payload.wrap(Stores.content(1, 1 << 20)));
        assertThat(names.get(new DecreeName("behind"))).isEqualTo(Payload.EMPTY);
        assertThat(names.get(new DecreeName("absent"))).isNull();
        assertThat(names.entrySet().stream()
                        .filter(e -> names.containsKey(e.getKey()))
                        .count())
                .isEqualTo(20_002);
    }
}
