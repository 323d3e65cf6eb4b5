// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SequenceRingTest {

    @Test
    void agreesWithAMapInWhateverOrderThingsGo() {
        for (long seed = 0; seed < 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SequenceRing<String> ring = new SequenceRing<>(1);
            TreeMap<Long, String> model = new TreeMap<>();
            long next = 1;
            int room = 1 + random.nextInt(100);
            for (int i = 0; i < 400; i++) {
                if (random.nextInt(200) == 0) {
                    ring.clear();
                    model.clear();
                } else if (model.size() < room && random.nextInt(5) < 3) {
                    ring.add("t" + next);
                    model.put(next, "t" + next);
                    next++;
                } else {
                    long number = next - random.nextInt(room + 2);
                    assertThat(ring.remove(number)).as("seed %d", seed).isEqualTo(model.remove(number));
                }
                long asked = next - 3 + random.nextInt(6);
                assertThat(ring.get(asked)).as("seed %d", seed).isEqualTo(model.get(asked));
                assertThat(ring.contains(asked)).isEqualTo(model.containsKey(asked));
                assertThat(ring.next()).isEqualTo(next);
                assertThat(ring.first()).as("seed %d", seed).isEqualTo(model.isEmpty() ? next : model.firstKey());
                assertThat(ring.size()).isEqualTo(model.size());
                assertThat(ring.isEmpty()).isEqualTo(model.isEmpty());
            }
            assertThat(ring.all()).as("seed %d", seed).isEqualTo(new ArrayList<>(model.values()));
        }
    }
}
