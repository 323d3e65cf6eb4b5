// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import static io.paxos.examples.recipes.ThreeNodes.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.node.Consistency;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReplicatedCounterTest {

    @Test
    void threeNodesAddToOneSum() throws Exception {
        try (var counters = new ThreeNodes<>(node -> ReplicatedCounter.on(node, "visits"))) {
            var sums = LongStream.rangeClosed(1, 60)
                    .mapToObj(n -> counters.on((int) (n % 3)).add(n))
                    .toList();
            for (var sum : sums) {
                assertThat(got(sum)).isPositive();
            }
            for (int node = 0; node < 3; node++) {
                assertThat(got(counters.on(node).get())).isEqualTo(60 * 61 / 2);
            }
            assertThat(got(counters.on(0).add(-1))).isEqualTo(60 * 61 / 2 - 1);
            assertThat(got(counters.on(0).get(Consistency.local())).value()).isEqualTo(60 * 61 / 2 - 1);
        }
    }

    @Test
    void whatALongCannotHoldIsRefusedAndTheReplicasGoOn() throws Exception {
        try (var counters = new ThreeNodes<>(node -> ReplicatedCounter.on(node, "c"))) {
            assertThat(got(counters.on(0).add(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
            assertThatThrownBy(() -> got(counters.on(1).add(1)))
                    .hasCauseInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("cannot hold 1 more");
            assertThat(got(counters.on(2).add(Long.MIN_VALUE))).isEqualTo(-1);
            assertThatThrownBy(() -> got(counters.on(2).add(Long.MIN_VALUE)))
                    .hasCauseInstanceOf(ArithmeticException.class);
            assertThat(got(counters.on(1).get())).isEqualTo(-1);
        }
    }
}
