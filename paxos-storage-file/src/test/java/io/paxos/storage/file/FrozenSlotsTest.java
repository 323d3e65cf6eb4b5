// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

@SuppressWarnings("JdkObsolete") // That is what is tested.
class FrozenSlotsTest {

    private static final Ballot BALLOT = new Ballot(1, NodeId.of("n1"), 1);

    private static Value session(long number) {
        return new Value.OpenSession(NodeId.of("n1"), number, LogTime.ZERO);
    }

    @Test
    void isTheSameAsATreeOfTheSameSlots() {
        Random random = new Random(1);
        LiveLog log = new LiveLog(GroupId.of("a"), new SegmentUse());
        TreeMap<Long, Proposal<Value>> expected = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            long slot = 1L + random.nextInt(3000);
            log.put(slot, BALLOT, List.of(session(i)), 1);
            expected.put(slot, new Proposal<>(BALLOT, session(i)));
        }

        SortedMap<Long, Proposal<Value>> frozen = log.freeze();

        assertThat(frozen).isEqualTo(expected).hasSameSizeAs(expected);
        assertThat(new ArrayList<>(frozen.keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
        for (int i = 0; i < 200; i++) {
            long from = random.nextInt(3200);
            long to = from + random.nextInt(3200);
            assertThat(frozen.subMap(from, to)).isEqualTo(expected.subMap(from, to));
            assertThat(frozen.headMap(to)).isEqualTo(expected.headMap(to));
            assertThat(frozen.tailMap(from)).isEqualTo(expected.tailMap(from));
            assertThat(frozen.get(from)).isEqualTo(expected.get(from));
            if (!expected.headMap(to).isEmpty()) {
                assertThat(frozen.headMap(to).lastKey())
                        .isEqualTo(expected.headMap(to).lastKey());
                assertThat(frozen.headMap(to).firstKey())
                        .isEqualTo(expected.headMap(to).firstKey());
            }
        }
    }

    @Test
    void doesNotChangeWhenTheLogDoes() {
        LiveLog log = new LiveLog(GroupId.of("a"), new SegmentUse());
        log.put(1, BALLOT, List.of(session(1), session(2), session(3)), 1);
        SortedMap<Long, Proposal<Value>> frozen = log.freeze();

        log.put(2, BALLOT, List.of(session(7)), 2);
        log.put(5, BALLOT, List.of(session(8)), 2);
        log.trim(1, 2);

        assertThat(frozen.values()).extracting(Proposal::value).containsExactly(session(1), session(2), session(3));
        assertThat(log.freeze()).containsOnlyKeys(2L, 3L, 5L);
    }

    @Test
    void emptyHasNoFirstAndNoLast() {
        FrozenSlots empty = new FrozenSlots(new TreeMap<>());

        assertThat(empty).isEmpty();
        assertThatThrownBy(empty::firstKey).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(empty::lastKey).isInstanceOf(NoSuchElementException.class);
    }
}
