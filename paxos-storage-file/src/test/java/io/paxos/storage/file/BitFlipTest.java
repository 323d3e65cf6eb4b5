// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import io.paxos.testkit.disk.CrashChoice;
import io.paxos.testkit.disk.CrashFileSystem;
import io.paxos.testkit.disk.CrashKind;
import io.paxos.testkit.disk.Damage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each byte of each file of a small store has a bit flipped in turn, each file is cut at each length, each is removed. What
 * comes of it is counted: nothing is lost, the store is refused, or, in the one case that is documented, the last batch is
 * missing. Anything else fails.
 */
class BitFlipTest {

    private static final Logger LOG = LoggerFactory.getLogger("table." + BitFlipTest.class.getName());

    private static final FileStorageOptions OPTIONS =
            FileStorageOptions.defaults().blockBytes(512).segmentBytes(4096);

    private static final GroupId GROUP = GroupId.of("log");
    private static final Ballot BALLOT = new Ballot(3, NodeId.of("n1"), 9);

    /** How the store was left. */
    enum Left {
        /** Closed. */
        CLOSED(0),
        /** The process was killed when nothing waited to be written; the system still knows all it wrote. */
        KILLED(0),
        /** The process was killed right after the last batch was confirmed, before the marker was written behind it. */
        KILLED_BEFORE_MARKER(1),
        /** The power failed right after the last batch was confirmed, before the marker behind it was written out. */
        POWER_CUT(1);

        private final int mayLose;

        Left(int mayLose) {
            this.mayLose = mayLose;
        }
    }

    private enum Result {
        LOSSLESS,
        REFUSED,
        LAST_BATCH_LOST
    }

    private CrashFileSystem disk = CrashFileSystem.empty();
    private String complete = "";
    private String withoutLast = "";

    @ParameterizedTest
    @EnumSource
    void everyBytEveryLengthAndEveryFile(Left left) throws IOException {
        build(left);
        Map<String, Map<Result, Integer>> table = new TreeMap<>();
        for (Path file : files()) {
            long size = Files.size(file);
            String kind = file.getFileName().toString().replaceAll("[-.].*", "");
            for (long at = 0; at < size; at++) {
                count(table, "flip " + kind, new Damage(Damage.Kind.FLIP, file.toString(), at * 8 + at % 8));
                count(table, "cut " + kind, new Damage(Damage.Kind.CUT, file.toString(), at));
            }
            count(table, "miss " + kind, new Damage(Damage.Kind.MISSING, file.toString(), 0));
        }

        table.forEach((what, results) -> LOG.info("{} {}: {}", left, what, results));
        assertThat(table.keySet())
                .contains("flip IDENTITY", "flip journal", "flip decrees", "flip snapshot", "miss LOCK", "cut journal");
        for (String kind : List.of("IDENTITY", "journal", "decrees", "snapshot")) {
            assertThat(table.get("miss " + kind)).as("missing " + kind).containsOnlyKeys(Result.REFUSED);
            assertThat(table.get("cut " + kind)).as("cut " + kind).containsOnlyKeys(Result.REFUSED);
            assertThat(table.get("flip " + kind).get(Result.REFUSED)).as(kind).isGreaterThan(50);
        }
        for (String kind : List.of("IDENTITY", "decrees", "snapshot")) {
            assertThat(table.get("flip " + kind)).as(kind).containsOnlyKeys(Result.REFUSED);
        }
        assertThat(table.get("flip journal").get(Result.LOSSLESS)).isPositive();
        assertThat(table.get("flip journal").containsKey(Result.LAST_BATCH_LOST))
                .isEqualTo(left.mayLose == 1);
    }

    /** A store with one of each kind of file, trimmed, whose journal has several batches in more than one segment. */
    private void build(Left left) throws IOException {
        disk = CrashFileSystem.empty();
        FileStorage storage = FileStorage.open(disk.getPath("/store"), OPTIONS);
        RecoveredState unused = storage.recover(Stores.OWNER);
        for (int i = 0; i < 9; i++) {
            storage.write(List.of(
                    accept(10L * i + 1, 10),
                    new Write.DecreeDecidedWrite(new DecreeName("d" + i), Payload.utf8("n1"))));
        }
        storage.write(List.of(new Write.DecidedWrite(GROUP, 80)));
        Stores.snapshot(storage, GROUP, 80, 200);
        storage.write(List.of(new Write.TrimWrite(GROUP, 80)));
        for (int i = 0; i < 9; i++) {
            storage.write(List.of(accept(91 + 10L * i, 10)));
        }
        if (left == Left.CLOSED) {
            withoutLast = "no batch may be missing";
            storage.write(List.of(new Write.PromiseWrite(GROUP, BALLOT.next(NodeId.of("n2"), 1))));
            storage.close();
        } else {
            withoutLast = state(disk.otherProcess().crashed(crash(CrashKind.KILLED)));
            storage.write(List.of(new Write.PromiseWrite(GROUP, BALLOT.next(NodeId.of("n2"), 1))));
            if (left != Left.KILLED_BEFORE_MARKER) {
                storage.idle();
            }
        }
        disk = disk.crashed(crash(left == Left.POWER_CUT ? CrashKind.NOTHING : CrashKind.KILLED));
        complete = state(disk.crashed(crash(CrashKind.NOTHING)));
        assertThat(complete).isNotEqualTo(withoutLast).contains("promised 4");
    }

    private static Write accept(long first, int count) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(new Value.Command(
                    new CommandId(1, first + i), 0, new LogTime(first), Payload.utf8("command " + (first + i))));
        }
        return new Write.AcceptWrite(GROUP, BALLOT, first, values);
    }

    private CrashChoice crash(CrashKind kind) {
        return new CrashChoice(disk.operations(), kind, 0);
    }

    private static String state(CrashFileSystem on) throws IOException {
        try (FileStorage storage = FileStorage.open(on.getPath("/store"), OPTIONS)) {
            RecoveredState state = storage.recover(Stores.OWNER);
            return "promised " + state.groups().get(GROUP).promised() + '\n' + Stores.describe(state);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(disk.getPath("/store"))) {
            return all.filter(file -> !file.toString().endsWith(StoreDirectory.UNFINISHED))
                    .sorted()
                    .toList();
        }
    }

    private void count(Map<String, Map<Result, Integer>> table, String what, Damage damage) {
        table.computeIfAbsent(what, w -> new TreeMap<>()).merge(result(damage), 1, Integer::sum);
    }

    private Result result(Damage damage) {
        String found;
        try {
            found = state(disk.damaged(damage));
        } catch (IOException e) {
            String name = damage.file().substring(damage.file().lastIndexOf('/') + 1);
            assertThat(e).as(damage.toString()).hasMessageContaining(name);
            return Result.REFUSED;
        }
        if (found.equals(withoutLast)) {
            return Result.LAST_BATCH_LOST;
        }
        assertThat(found).as(damage.toString()).isEqualTo(complete);
        return Result.LOSSLESS;
    }
}
