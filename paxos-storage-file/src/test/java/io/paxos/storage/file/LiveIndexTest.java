// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.StoreContents;
import io.paxos.spi.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveIndexTest {

    private static final GroupId GROUP = GroupId.of("log");
    private static final Ballot LOW = new Ballot(1, NodeId.of("n1"), 1);
    private static final Ballot HIGH = new Ballot(2, NodeId.of("n2"), 1);

    /** A journal in memory: what each segment holds. */
    private final Deque<List<Write>> segments = new ArrayDeque<>(List.of(new ArrayList<>()));

    private long first = 1;
    private LiveIndex index = new LiveIndex();

    private long last() {
        return first + segments.size() - 1;
    }

    private void write(Write write) {
        segments.getLast().add(write);
        index.apply(write, last());
    }

    private void roll() {
        segments.addLast(new ArrayList<>());
    }

    /** Tells again what the oldest segment holds, a little at a time, and gives it up. */
    private void giveUpOldest(Random random) {
        int rounds = 0;
        while (index.use().live(first) > 0) {
            for (StoreRecord record : index.tellAgain(first, 1 + random.nextInt(500))) {
                write(((StoreRecord.Written) record).write());
            }
            assertThat(++rounds).isLessThan(10_000);
        }
        segments.removeFirst();
        first++;
        index.use().forgetBefore(first);
    }

    private String afterRestart() {
        LiveIndex read = new LiveIndex();
        read.use().forgetBefore(first);
        long number = first;
        for (List<Write> segment : segments) {
            for (Write write : segment) {
                read.apply(write, number);
            }
            number++;
        }
        assertThat(read.use().liveBytes()).isEqualTo(index.use().liveBytes());
        for (long segment = first; segment <= last(); segment++) {
            assertThat(read.use().live(segment))
                    .as("segment " + segment)
                    .isEqualTo(index.use().live(segment));
        }
        String text = describe(read);
        assertThat(text).isEqualTo(describe(index));
        return text;
    }

    private static String describe(LiveIndex index) {
        StringBuilder text = new StringBuilder().append(index.formation()).append('\n');
        text.append(new TreeMap<>(index.decrees())).append('\n');
        index.peerStarts().entrySet().stream().map(Object::toString).sorted().forEach(text::append);
        new TreeMap<>(index.logs()).forEach((group, log) -> text.append('\n')
                .append(group)
                .append(' ')
                .append(log.promised())
                .append(' ')
                .append(log.decided())
                .append(' ')
                .append(log.compacted())
                .append(' ')
                .append(log.freeze()));
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void rule8_givingUpSegmentsChangesNothingThatAnyWriteAddedUpTo(long seed) {
        Random random = new Random(seed);
        RandomWrites writes = new RandomWrites(seed, 3, 60);
        StoreContents expected = new StoreContents();
        for (int step = 0; step < 1500; step++) {
            for (Write write : writes.batch()) {
                write(write);
                expected.apply(write);
            }
            if (random.nextInt(20) == 0) {
                Write trim = writes.trim(RandomWrites.group(random.nextInt(3)));
                write(trim);
                expected.apply(trim);
            }
            if (random.nextInt(15) == 0) {
                roll();
            }
            if (segments.size() > 4) {
                giveUpOldest(random);
            }
            if (step % 50 == 0) {
                String text = afterRestart();
                assertThat(text).contains(new TreeMap<>(expectedDecrees(expected)).toString());
                for (GroupId group : expected.groups()) {
                    assertThat(index.logs().get(group).compacted()).isEqualTo(expected.compacted(group));
                }
            }
        }
        assertThat(first).isGreaterThan(50);
    }

    private static Map<DecreeName, Write.DecreeWrite> expectedDecrees(StoreContents contents) {
        return contents.recovered(
                        new Incarnation(1),
                        1,
                        group -> contents.compacted(group) == 0
                                ? null
                                : new SnapshotInfo(contents.compacted(group), 1, 0))
                .decrees();
    }

    @Test
    void rule19_aSegmentThatHoldsOldNewsOnlyIsNotPinned() {
        write(new Write.AcceptWrite(GROUP, LOW, 1, List.of(Value.NO_OP, Value.NO_OP)));
        write(new Write.DecreeWrite(new DecreeName("d"), LOW, null));
        roll();
        assertThat(index.use().live(1)).isEqualTo(4);

        write(new Write.AcceptWrite(GROUP, HIGH, 1, List.of(Value.NO_OP, Value.NO_OP)));
        write(new Write.DecreeWrite(new DecreeName("d"), HIGH, null));

        assertThat(index.use().live(1)).isZero();
        assertThat(index.tellAgain(1, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void neverTellsAnOlderProposalOrALowerPromise() {
        write(new Write.AcceptWrite(GROUP, LOW, 1, List.of(Value.NO_OP, Value.NO_OP, Value.NO_OP)));
        roll();
        write(new Write.AcceptWrite(GROUP, HIGH, 2, List.of(Value.NO_OP)));

        List<StoreRecord> again = index.tellAgain(1, Long.MAX_VALUE);

        assertThat(again)
                .extracting(record -> ((StoreRecord.Written) record).write())
                .containsExactly(
                        new Write.AcceptWrite(GROUP, LOW, 1, List.of(Value.NO_OP)),
                        new Write.AcceptWrite(GROUP, LOW, 3, List.of(Value.NO_OP)));
    }

    @Test
    void aStrangerKeepsWhatIsDecidedAndNothingElse() {
        write(new Write.AcceptWrite(GROUP, HIGH, 1, List.of(Value.NO_OP, Value.NO_OP, Value.NO_OP)));
        write(new Write.DecidedWrite(GROUP, 2));
        write(new Write.DecreeWrite(new DecreeName("open"), LOW, null));
        write(new Write.DecreeDecidedWrite(new DecreeName("shut"), Payload.utf8("x")));

        index.apply(new StoreRecord.Started(2, true, true, 0, "boot"), last());

        assertThat(index.decrees()).isEmpty();
        assertThat(index.logs().get(GROUP).freeze()).containsOnlyKeys(1L, 2L);
        assertThat(index.logs().get(GROUP).promised()).isEqualTo(HIGH);
        assertThat(index.use().hasDecided(1)).isTrue();
    }
}
