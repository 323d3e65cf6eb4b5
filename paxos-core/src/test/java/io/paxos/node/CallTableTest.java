// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CallTableTest {

    private static Call call(long number) {
        Call call = new Call(null, true, (outcome, callbacks) -> {});
        call.opened(number);
        return call;
    }

    @Test
    void callsThatShareAPlaceAreToldApart() {
        CallTable table = new CallTable(2);
        Call first = call(1);
        Call third = call(3);
        table.add(first);
        assertThat(table.get(3)).isNull();
        assertThat(table.remove(3)).isNull();
        table.add(third);
        assertThat(table.get(1)).isSameAs(first);
        assertThat(table.get(3)).isSameAs(third);
        assertThat(table.remove(1)).isSameAs(first);
        assertThat(table.remove(1)).isNull();
        assertThat(table.get(3)).isSameAs(third);
        assertThat(table.remove(3)).isSameAs(third);
        assertThat(table.get(3)).isNull();
    }

    @Test
    void agreesWithAMapHoweverFewPlacesThereAre() {
        for (long seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CallTable table = new CallTable(1 << random.nextInt(6));
            Map<Long, Call> model = new HashMap<>();
            for (long next = 1; next < 200; next++) {
                Call added = call(next);
                table.add(added);
                model.put(next, added);
                for (int i = random.nextInt(4); i > 0; i--) {
                    long number = Math.max(1, next - random.nextInt(40));
                    assertThat(table.get(number)).as("seed %d", seed).isSameAs(model.get(number));
                    assertThat(table.remove(number)).as("seed %d", seed).isSameAs(model.remove(number));
                }
            }
            List<Call> shown = new ArrayList<>();
            table.forEach(shown::add);
            assertThat(shown).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(model.values());
        }
    }
}
