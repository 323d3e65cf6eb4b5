// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.CommandId;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CommandIdsTest {

    @Test
    void agreesWithASetOfObjectsWhateverTheIdsAre() {
        for (long seed = 0; seed < 1_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CommandIds ids = new CommandIds();
            Set<CommandId> model = new HashSet<>();
            int range = 1 << random.nextInt(1, 9);
            long stride = 1L << random.nextInt(60);
            for (int i = 0; i < 600; i++) {
                CommandId id = new CommandId(random.nextInt(3) - 1, stride * random.nextInt(range));
                if (random.nextInt(5) < 3) {
                    assertThat(ids.add(id)).as("seed %d", seed).isEqualTo(model.add(id));
                } else {
                    ids.remove(id);
                    model.remove(id);
                }
                assertThat(ids.contains(id)).as("seed %d", seed).isEqualTo(model.contains(id));
            }
            assertThat(ids.size()).isEqualTo(model.size());
            assertThat(model).as("seed %d", seed).allMatch(ids::contains);
        }
    }
}
