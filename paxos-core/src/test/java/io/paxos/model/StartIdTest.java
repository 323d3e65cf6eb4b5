// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StartIdTest {

    @Test
    void numberAndRandomBitsMakeOneNumberGreaterThanZero() {
        assertThat(StartId.of(1, 0).bits()).isEqualTo(1L << 40);
        assertThat(StartId.of(StartId.MAX_NUMBER, -1).bits()).isEqualTo(Long.MAX_VALUE);
        assertThat(StartId.of(5, -1).number()).isEqualTo(5);
        assertThat(StartId.of(5, 1L << 40)).as("only 40 random bits").isEqualTo(StartId.of(5, 0));
        assertThat(StartId.of(5, 0xab)).hasToString("5.ab");
        assertThat(StartId.NONE).hasToString("none");
    }

    @Test
    void theNumberAloneSaysWhichStartIsLater() {
        assertThat(StartId.of(2, 0).isAfter(StartId.of(1, -1))).isTrue();
        assertThat(StartId.of(2, 9).isAfter(StartId.of(2, 1))).isFalse();
        assertThat(StartId.of(1, 9).isAfter(StartId.of(2, 1))).isFalse();
    }

    @Test
    void aNumberOutOfBoundsIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> StartId.of(StartId.MAX_NUMBER + 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("8388608", "1 to 8388607", "empty store");
        assertThatThrownBy(() -> StartId.of(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new StartId(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
