// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.CommandLineRun;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.node.PaxosNode;
import io.paxos.spi.Codec;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import io.paxos.storage.file.FileStorage;
import io.paxos.storage.file.FileStorageOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalExampleTest {

    private static final String SEGMENT = "journal-0000000000000001.seg";
    private static final int DECREES = 20;

    @TempDir
    private Path directory;

    @Test
    void aSoundStoreIsVerifiedAndNotTouched() throws IOException {
        PaxosNode node = start(DECREES);
        CommandLineRun running = run("verify");
        node.close();
        Map<String, String> before = contents();
        CommandLineRun closed = run("verify");
        run("dump");
        run("stats");

        assertThat(running.exitCode()).as(running.out() + running.err()).isZero();
        assertThat(running.lines().get(0)).contains(directory.toString(), "in use");
        assertThat(closed.exitCode()).as(closed.out() + closed.err()).isZero();
        assertThat(closed.lines().get(0)).startsWith("SOUND").doesNotContain("in use");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void dumpTellsWhatTheJournalHolds() throws IOException {
        start(DECREES).close();

        CommandLineRun dump = run("dump");

        assertThat(dump.exitCode()).as(dump.err()).isZero();
        assertThat(dump.lines()).allSatisfy(line -> assertThat(line).startsWith(SEGMENT + " at "));
        for (int decree = 0; decree < DECREES; decree++) {
            String name = "decree-" + decree;
            assertThat(dump.lines()).anySatisfy(line -> assertThat(line).contains(name));
        }
    }

    @Test
    void statsTellWhoseItIsAndHowLarge() throws IOException {
        start(DECREES).close();

        CommandLineRun stats = run("stats");

        assertThat(stats.exitCode()).as(stats.err()).isZero();
        assertThat(stats.out())
                .contains("node n1 of cluster paxos", ", start 1", " DecreeWrite")
                .contains(String.format("%,15d bytes in %s", Files.size(directory.resolve(SEGMENT)), SEGMENT))
                // The last decisions of all need not have been written: the votes tell them again.
                .containsPattern("logs 0, undecided decrees [01], decided decrees (19|20)");
    }

    @Test
    void aFlippedBitBelowWhatWasForcedIsDamage() throws IOException {
        start(DECREES).close();
        Path segment = directory.resolve(SEGMENT);
        byte[] bytes = Files.readAllBytes(segment);
        int place = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("decree-1");
        bytes[place] ^= 1;
        Files.write(segment, bytes);

        for (String command : List.of("verify", "dump", "stats")) {
            CommandLineRun run = run(command);
            assertThat(run.exitCode()).as(command + run.out() + run.err()).isEqualTo(1);
            assertThat(run.out() + run.err()).as(command).contains(SEGMENT, "offset");
        }
        assertThat(run("verify").lines().get(0)).startsWith("REFUSED");
    }

    @Test
    void anUnfinishedWriteAtTheEndIsNoDamage() throws IOException {
        PaxosNode node = start(DECREES);
        Path copy = directory.resolveSibling(directory.getFileName() + "-copy");
        Files.createDirectory(copy);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        node.close();

        CommandLineRun verify = CommandLineRun.of("journal", "verify", copy.toString());

        assertThat(verify.exitCode()).as(verify.out() + verify.err()).isZero();
    }

    @Test
    void anAuditSaysWhetherNodesEverDisagreed() throws IOException {
        Path one = decided("n1", "x");
        Path same = decided("n2", "x");
        Path other = decided("n3", "y");

        CommandLineRun agreed = CommandLineRun.of("journal", "audit", one.toString(), same.toString());
        CommandLineRun disagreed = CommandLineRun.of("journal", "audit", one.toString(), other.toString());
        CommandLineRun single = CommandLineRun.of("journal", "audit", one.toString());

        assertThat(agreed.exitCode()).as(agreed.out() + agreed.err()).isZero();
        assertThat(agreed.out()).contains("2 stores", "1 decided decrees, 1 of them in two stores", "disagreements 0");
        assertThat(disagreed.exitCode()).isEqualTo(1);
        assertThat(disagreed.out()).contains("DISAGREEMENT: decree d is decided as", "disagreements 1");
        assertThat(single.exitCode()).isEqualTo(2);
    }

    @Test
    void whatIsToBeFoundedMustBeSaidInFull() throws IOException {
        start(1).close();
        String store = directory.toString();

        CommandLineRun plan = CommandLineRun.of("journal", "rescue", store);
        CommandLineRun nameless = CommandLineRun.of("journal", "rescue", store, "--into", "x");
        CommandLineRun placeless = CommandLineRun.of("journal", "rescue", store, "--cluster", "c2");
        CommandLineRun half = CommandLineRun.of("journal", "rescue", store, "--phase1", "1");
        CommandLineRun noBackup = CommandLineRun.of("journal", "restore", store);
        CommandLineRun nothing = CommandLineRun.of("journal", "rescue", store + "/nowhere");

        assertThat(plan.exitCode()).as(plan.err()).isZero();
        assertThat(plan.out()).contains("NOT TO BE RESCUED");
        assertThat(List.of(nameless, placeless, half, noBackup))
                .allSatisfy(run -> assertThat(run.exitCode()).isEqualTo(2));
        assertThat(nameless.err()).contains("--into needs --cluster and --members");
        assertThat(placeless.err()).contains("add --into");
        assertThat(half.err()).contains("--phase1 and --phase2 belong together");
        assertThat(noBackup.err()).contains("is the store of a node, not a backup");
        assertThat(nothing.exitCode()).isEqualTo(1);
        assertThat(nothing.err()).contains("neither a file IDENTITY nor a file BACKUP");
    }

    private Path decided(String node, String value) throws IOException {
        Path path = directory.resolve(node);
        try (FileStorage storage = FileStorage.open(path)) {
            RecoveredState unused = storage.recover(new StoreOwner(new ClusterName("c"), NodeId.of(node)));
            storage.write(List.of(new Write.DecreeDecidedWrite(new DecreeName("d"), Payload.utf8(value))));
        }
        return path;
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "dump", "stats"})
    void whereThereIsNoDirectoryThereIsNothingToLookInto(String command) {
        CommandLineRun run = CommandLineRun.of(
                "journal", command, directory.resolve("nowhere").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains("nowhere", "name that of a node");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "dump", "stats"})
    void aDirectoryThatIsNoStoreIsNotSound(String command) {
        CommandLineRun run = run(command);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out() + run.err()).contains(directory.toString(), "not a store");
    }

    private CommandLineRun run(String command) {
        return CommandLineRun.of("journal", command, directory.toString());
    }

    /** A node that runs and has decided some decrees. */
    private PaxosNode start(int decrees) {
        PaxosNode node = PaxosNode.builder()
                .id("n1")
                .members("n1")
                .storage(FileStorage.open(
                        directory, FileStorageOptions.defaults().segmentBytes(1 << 20)))
                .start();
        for (int decree = 0; decree < decrees; decree++) {
            String unused = node.decrees(Codec.utf8())
                    .agree("decree-" + decree, "value")
                    .join();
        }
        return node;
    }

    /** Each file with its bytes, and when it was last changed. */
    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(
                        file.getFileName().toString(),
                        Files.getLastModifiedTime(file) + " "
                                + Payload.wrap(Files.readAllBytes(file)).hashCode());
            }
        }
        return contents;
    }
}
