// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalInspectorTest {

    private static final FileStorageOptions SMALL =
            FileStorageOptions.defaults().blockBytes(512).segmentBytes(4096);

    @TempDir
    Path directory;

    @BeforeEach
    void fill() throws IOException {
        try (FileStorage storage = FileStorage.open(directory, SMALL)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            Ballot ballot = new Ballot(1, NodeId.of("n1"), 1);
            storage.write(List.of(
                    new Write.AcceptWrite(GroupId.of("log"), ballot, 5, List.of(Value.NO_OP, Value.NO_OP)),
                    new Write.DecreeDecidedWrite(new DecreeName("d"), Payload.utf8("x"))));
            storage.write(List.of(new Write.DecreeWrite(new DecreeName("e"), ballot, null)));
        }
    }

    private Map<String, byte[]> content() throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                content.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return content;
    }

    @Test
    void verifiesDumpsAndCountsAndChangesNothing() throws IOException {
        Map<String, byte[]> before = content();
        JournalInspector inspector = JournalInspector.of(directory);

        JournalInspector.Verdict verdict = inspector.verify();
        List<JournalInspector.Entry> entries = new ArrayList<>();
        inspector.dump(entries::add);
        JournalInspector.Stats stats = inspector.stats();

        assertThat(verdict.outcome()).isEqualTo(JournalInspector.Outcome.SOUND);
        assertThat(verdict.explanation()).contains("closed");
        assertThat(entries).extracting(JournalInspector.Entry::text).anyMatch(t -> t.contains("slots 5 to 6"));
        assertThat(entries).extracting(JournalInspector.Entry::text).anyMatch(t -> t.startsWith("START"));
        assertThat(entries.get(entries.size() - 1).text()).startsWith("CLOSED");
        assertThat(entries).extracting(JournalInspector.Entry::batch).isSorted().contains(1L, 2L, 3L);
        assertThat(stats.node()).isEqualTo(NodeId.of("n1"));
        assertThat(stats.start()).isEqualTo(1);
        assertThat(stats.records())
                .containsOnly(
                        Map.entry("AcceptWrite", 1L),
                        Map.entry("DecreeDecidedWrite", 1L),
                        Map.entry("DecreeWrite", 1L),
                        Map.entry("Started", 1L));
        assertThat(stats.decided()).isEqualTo(1);
        assertThat(stats.undecided()).isEqualTo(1);
        assertThat(stats.journalBytes()).isEqualTo(4096);
        assertThat(stats.liveBytes()).isBetween(1L, 4096L);
        assertThat(stats.files()).containsKeys(Identity.NAME, StoreLock.NAME, SegmentFile.name(1));
        assertThat(inspector.isInUse()).isFalse();
        Map<String, byte[]> after = content();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, bytes) -> assertThat(after.get(name)).as(name).isEqualTo(bytes));
    }

    @Test
    void saysWhatRecoveryWouldSayAndHandsOutWhatIsBefore() throws IOException {
        Path segment = directory.resolve(SegmentFile.name(1));
        byte[] bytes = Files.readAllBytes(segment);
        bytes[2 * 512 + 70] ^= 1;
        Files.write(segment, bytes);
        JournalInspector inspector = JournalInspector.of(directory);
        List<JournalInspector.Entry> entries = new ArrayList<>();

        assertThat(inspector.verify().outcome()).isEqualTo(JournalInspector.Outcome.REFUSED);
        assertThat(inspector.verify().explanation())
                .contains(segment.toString())
                .contains("offset 1024");
        assertThatThrownBy(() -> inspector.dump(entries::add)).isInstanceOf(JournalDamagedException.class);
        assertThat(entries).extracting(JournalInspector.Entry::batch).containsOnly(1L);
        assertThatThrownBy(inspector::stats).isInstanceOf(JournalDamagedException.class);
    }

    @Test
    void refusesWhatIsNoStore() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));

        assertThat(JournalInspector.of(empty).verify().explanation()).contains(Identity.NAME);
        assertThatThrownBy(() -> JournalInspector.of(empty.resolve("none")).verify())
                .hasMessageContaining("not a directory");
    }

    @Test
    void looksAtAStoreInUse() throws IOException {
        try (FileStorage storage = FileStorage.open(directory, SMALL)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            JournalInspector inspector = JournalInspector.of(directory);

            assertThat(inspector.isInUse()).isTrue();
            assertThat(inspector.verify().outcome()).isEqualTo(JournalInspector.Outcome.SOUND);
            storage.write(List.of(new Write.DecidedWrite(GroupId.of("log"), 1)));
            assertThat(inspector.stats().records()).containsEntry("DecidedWrite", 1L);
        }
    }
}
