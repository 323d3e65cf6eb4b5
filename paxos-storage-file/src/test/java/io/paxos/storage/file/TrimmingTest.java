// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import io.paxos.testkit.disk.CrashFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrimmingTest {

    private static final int SEGMENT = 32 << 10;
    private static final FileStorageOptions SMALL =
            FileStorageOptions.defaults().blockBytes(512).segmentBytes(SEGMENT);
    private static final Ballot BALLOT = new Ballot(3, NodeId.of("n1"), 9);
    private static final Membership MEMBERS = Membership.of(Map.of(NodeId.of("n1"), new Incarnation(1)));

    private final Path path = CrashFileSystem.empty().getPath("/store");

    private long size() throws IOException {
        long sum = 0;
        for (String name : new StoreDirectory(path).names()) {
            sum += Files.size(path.resolve(name));
        }
        return sum;
    }

    private static List<Value> commands(long first, int count, int bytes) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(new Value.Command(
                    new CommandId(1, first + i), 0, new LogTime(0), Payload.wrap(Stores.content(first + i, bytes))));
        }
        return values;
    }

    /** The record of a register gives way to the next one, so the journal grows with the registers and not with their changes. */
    @Test
    void rule19_overwrittenRegistersLeaveTheJournal() throws IOException {
        Write.RegisterWrite idle = register("idle", 0);
        Map<RegisterName, Write.RegisterWrite> last = new HashMap<>();
        last.put(idle.name(), idle);
        try (FileStorage storage = FileStorage.open(path, SMALL)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            storage.write(List.of(idle));
            for (int round = 1; round <= 600; round++) {
                Write.RegisterWrite write = register("busy-" + round % 20, round);
                last.put(write.name(), write);
                storage.write(List.of(write, register("busy-20", round)));
                last.put(new RegisterName("busy-20"), register("busy-20", round));
                assertThat(size()).as("round " + round).isLessThan(2L * 22 * 1200 + 10L * SEGMENT);
            }
            assertThat(path.resolve(SegmentFile.name(1))).doesNotExist();
        }
        try (FileStorage storage = FileStorage.open(path, SMALL)) {
            assertThat(storage.recover(Stores.OWNER).registers()).isEqualTo(last);
        }
    }

    private static Write.RegisterWrite register(String name, int round) {
        Ballot ballot = new Ballot(round + 1, NodeId.of("n1"), 1);
        Proposal<Payload> accepted = new Proposal<>(ballot, Payload.wrap(Stores.content(round, 1000)));
        return new Write.RegisterWrite(new RegisterName(name), ballot, accepted);
    }

    @Test
    void rule19_nothingOldPinsTheJournalAndAllOfItIsKept() throws IOException {
        GroupId idle = GroupId.of("idle");
        GroupId busy = GroupId.of("busy");
        Write undecided = new Write.DecreeWrite(new DecreeName("undecided"), BALLOT, null);
        Endpoint peer = new Endpoint(NodeId.of("n2"), new Incarnation(5));
        try (FileStorage storage = FileStorage.open(path, SMALL)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            storage.write(List.of(
                    new Write.FormationWrite(MEMBERS, MEMBERS, List.of()),
                    new Write.PromiseWrite(idle, BALLOT),
                    new Write.AcceptWrite(idle, BALLOT, 1, commands(1, 300, 100)),
                    new Write.DecidedWrite(idle, 200),
                    new Write.PeerStartWrite(peer, 17),
                    undecided));
            long slot = 1;
            for (int round = 0; round < 300; round++) {
                storage.write(List.of(
                        new Write.AcceptWrite(busy, BALLOT, slot, commands(slot, 20, 200)),
                        new Write.DecidedWrite(busy, slot + 19)));
                slot += 20;
                if (round % 25 == 24) {
                    Stores.snapshot(storage, busy, slot - 1, 100);
                    storage.write(List.of(new Write.TrimWrite(busy, slot - 1)));
                }
                // What lives: 300 slots of the idle log, at most 500 of the busy one.
                assertThat(size()).as("round " + round).isLessThan(2L * (300 * 150 + 500 * 260) + 10L * SEGMENT);
            }
            assertThat(path.resolve(SegmentFile.name(1))).doesNotExist();
        }
        try (FileStorage storage = FileStorage.open(path, SMALL)) {
            RecoveredState state = storage.recover(Stores.OWNER);
            assertThat(state.start()).isEqualTo(2);
            assertThat(state.formation().formed()).isEqualTo(MEMBERS);
            assertThat(state.peerStarts()).containsEntry(peer, 17L);
            assertThat(state.decrees()).containsValue((Write.DecreeWrite) undecided);
            RecoveredState.Log log = state.groups().get(idle);
            assertThat(log.promised()).isEqualTo(BALLOT);
            assertThat(log.decided()).isEqualTo(200);
            assertThat(log.slots()).hasSize(300);
            assertThat(log.at(300).value()).isEqualTo(commands(300, 1, 100).get(0));
        }
    }

    @Test
    void rule15_decidedDecreesLeaveTheJournalForFewFilesAndAreAllThere() throws IOException {
        int names = 20_000;
        try (FileStorage storage = FileStorage.open(path, SMALL)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            for (int i = 0; i < names; i += 50) {
                List<Write> batch = new ArrayList<>();
                for (int j = i; j < i + 50; j++) {
                    batch.add(new Write.DecreeDecidedWrite(new DecreeName("shard/" + j), Payload.utf8("node-" + j)));
                }
                storage.write(batch);
            }
        }
        List<String> files = List.copyOf(new StoreDirectory(path).names());
        assertThat(files.stream().filter(DecreeFile::isName)).hasSizeBetween(1, 16);
        assertThat(files.stream().filter(SegmentFile::isName)).hasSizeLessThan(4);
        assertThat(size()).isLessThan(names * 60L + 6L * SEGMENT);
        for (int start = 0; start < 2; start++) {
            try (FileStorage storage = FileStorage.open(path, SMALL)) {
                Map<DecreeName, Payload> decided = storage.recover(Stores.OWNER).decided();
                assertThat(decided).hasSize(names);
                for (int j = 0; j < names; j += 371) {
                    assertThat(decided.get(new DecreeName("shard/" + j))).isEqualTo(Payload.utf8("node-" + j));
                }
            }
        }
    }

    @Test
    void oneWriteDoesABoundedPartOfTheWork() throws IOException {
        // Much that lives, so much that one write could not tell all of it again.
        FileStorageOptions options = FileStorageOptions.defaults().segmentBytes(2 << 20);
        GroupId group = GroupId.of("log");
        try (FileStorage storage = FileStorage.open(path, options)) {
            RecoveredState unused = storage.recover(Stores.OWNER);
            storage.write(List.of(new Write.AcceptWrite(group, BALLOT, 1, commands(1, 400, 4000))));
            Ballot higher = BALLOT;
            long largest = 0;
            for (int i = 0; i < 120; i++) {
                // Proposes the same slots again and again, so that all but the newest is old news.
                higher = higher.next(NodeId.of("n2"), 1);
                long before = size();
                storage.write(List.of(new Write.AcceptWrite(group, higher, 401, commands(401, 50, 4000))));
                largest = Math.max(largest, size() - before);
            }
            assertThat(path.resolve(SegmentFile.name(1))).doesNotExist();
            assertThat(largest).as("at most one new segment at a time").isLessThan(5L << 20);
            assertThat(size()).isLessThan(2L * 450 * 4100 + (14L << 20));
        }
        try (FileStorage storage = FileStorage.open(path, options)) {
            assertThat(storage.recover(Stores.OWNER).groups().get(group).slots())
                    .hasSize(450);
        }
    }
}
