// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.node.PaxosNode;
import io.paxos.node.Registers;
import io.paxos.spi.Codec;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/registers.md shows. */
@Timeout(60)
class RegistersPageTest {

    /** The calls of one node on one register are carried out in their order, so nobody waits in between. */
    @Test
    @SuppressWarnings("FutureReturnValueIgnored")
    void valuesAreSetComparedUpdatedAndDeleted() {
        try (Three three = new Three()) {
            PaxosNode node = three.nodes().get(0);
            Registers<Long> counters = node.registers(Codec.int64());

            counters.set("x", 7L);
            counters.get("x");
            counters.compareAndSet("x", 7L, 8L);
            counters.compareAndSet("y", null, 1L);
            counters.update("x", n -> Optional.of(n.orElse(0L) + 1));
            counters.delete("x");
            assertThat(counters.get("x").join()).isEmpty();
            assertThat(counters.update("x", n -> Optional.of(n.orElse(0L) + 1)).join())
                    .contains(1L);
            assertThat(counters.get("y").join()).contains(1L);
        }
    }
}
