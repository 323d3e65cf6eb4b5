// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Payload;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rule 11: results are found by number until the floor passes them, whatever the numbers are. */
class SessionResultsTest {

    private final SessionResults results = new SessionResults();

    private static Payload result(long sequence) {
        return Payload.utf8("r" + sequence);
    }

    @Test
    void aWindowThatMovesOn() {
        for (long sequence = 1; sequence <= 10_000; sequence++) {
            results.put(sequence, 3 * sequence, result(sequence));
            long floor = sequence - 100;
            if (floor > 1) {
                results.raiseFloor(floor);
                assertThat(results.find(floor - 1)).isNull();
                assertThat(results.find(floor)).isEqualTo(new SessionResults.Executed(3 * floor, result(floor)));
            }
        }
        assertThat(results.size()).isEqualTo(101);
    }

    /** The number may come from a node that is out of its mind: it must cost no more than any other. */
    @Test
    void numbersFarFromTheFloorCostNoMoreThanOthers() {
        long[] far = {100, 1 << 16, 1L << 40, Long.MAX_VALUE};
        for (long sequence : far) {
            results.put(sequence, 7, result(sequence));
            assertThat(results.find(sequence)).isEqualTo(new SessionResults.Executed(7, result(sequence)));
        }
        results.raiseFloor(1L << 40);
        results.put(1L << 40, 8, result(8));
        assertThat(results.inOrder()).hasSize(2);
        assertThat(results.find(1L << 40)).isEqualTo(new SessionResults.Executed(8, result(8)));
        results.raiseFloor(Long.MAX_VALUE);
        assertThat(results.inOrder()).containsOnlyKeys(Long.MAX_VALUE);
        assertThat(results.size()).isEqualTo(1);
    }

    /** Numbers near and far from the floor, and floors that creep and leap. */
    @Test
    void agreesWithAMapWhateverTheNumbersAre() {
        for (long seed = 0; seed < 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SessionResults drawn = new SessionResults();
            Map<Long, Long> model = new HashMap<>();
            long floor = 1;
            for (int i = 0; i < 200; i++) {
                if (random.nextInt(8) == 0) {
                    long raised = floor + random.nextInt(random.nextInt(10) == 0 ? 1 << 18 : 12);
                    drawn.raiseFloor(raised);
                    model.keySet().removeIf(sequence -> sequence < raised);
                    floor = raised;
                } else {
                    long sequence = floor + random.nextInt(6) + (long) random.nextInt(4) * (1 << random.nextInt(18));
                    drawn.put(sequence, i + 1, result(i));
                    model.put(sequence, (long) i);
                }
                for (long sequence = floor - 3; sequence < floor + 40; sequence++) {
                    assertThat(drawn.find(sequence) != null)
                            .as("seed %d, number %d", seed, sequence)
                            .isEqualTo(model.containsKey(sequence));
                }
            }
            Map<Long, SessionResults.Executed> expected = new TreeMap<>();
            model.forEach((sequence, i) -> expected.put(sequence, new SessionResults.Executed(i + 1, result(i))));
            assertThat(drawn.inOrder()).as("seed %d", seed).isEqualTo(expected);
            assertThat(drawn.size()).isEqualTo(expected.size());
        }
    }

    /** A snapshot is written otherwise where there are fences, so none may be overlooked. */
    @Test
    void rule11_aFenceIsNoticedHoweverFarFromTheFloorItLies() {
        for (long sequence : new long[] {1, 16, 17, 1L << 40}) {
            SessionResults fenced = new SessionResults();
            fenced.put(3, 7, result(3));
            assertThat(fenced.hasFences()).isFalse();
            fenced.fence(sequence, 8);
            assertThat(fenced.hasFences()).as("number %d", sequence).isTrue();
            assertThat(fenced.find(sequence)).isEqualTo(new SessionResults.Executed(-8, Payload.EMPTY));
            fenced.raiseFloor(sequence + 1);
            assertThat(fenced.hasFences()).as("answered").isFalse();
        }
    }
}
