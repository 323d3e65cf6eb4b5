// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SlotRangeTest {

    @Test
    void holdsItsFirstSlotAndNotItsEnd() {
        for (long first = 0; first < 5; first++) {
            for (long end = first; end < 5; end++) {
                SlotRange range = new SlotRange(first, end);
                long held = 0;
                for (long slot = 0; slot < 6; slot++) {
                    held += range.contains(slot) ? 1 : 0;
                }
                assertThat(range.size()).isEqualTo(held);
                assertThat(range.contains(first)).isEqualTo(first < end);
                assertThat(range.contains(end)).isFalse();
            }
        }
    }

    @Test
    void refusesBoundsThatAreNone() {
        assertThatThrownBy(() -> new SlotRange(-1, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a range of slots: [-1, 3)");
        assertThatThrownBy(() -> new SlotRange(3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a range of slots: [3, 2)");
    }

    @Test
    void printsItsFirstAndLastSlot() {
        assertThat(new SlotRange(4, 5)).hasToString("4");
        assertThat(new SlotRange(4, 7)).hasToString("4..6");
    }
}
