// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TicksTest {

    private final Ticks ticks = new Ticks(Duration.ofMillis(10));

    @Test
    void roundsUp() {
        assertThat(ticks.in("deadline", Duration.ofMillis(30))).isEqualTo(3);
        assertThat(ticks.in("deadline", Duration.ofMillis(30).plusNanos(1))).isEqualTo(4);
        assertThat(ticks.in("deadline", Duration.ofNanos(1))).isEqualTo(1);
        assertThat(ticks.in("deadline", Duration.ofMillis(10))).isEqualTo(1);
        assertThat(ticks.in(
                        "deadline", Duration.ofMillis(10L * Integer.MAX_VALUE).minusNanos(1)))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(ticks.in("deadline", Duration.ofMillis(10L * Integer.MAX_VALUE - 10)))
                .isEqualTo(Integer.MAX_VALUE - 1);
    }

    @Test
    void isCappedInsteadOfOverflowing() {
        assertThat(ticks.in("deadline", Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(Integer.MAX_VALUE);
        assertThat(ticks.in("deadline", Duration.ofDays(100_000))).isEqualTo(Integer.MAX_VALUE);
        assertThat(ticks.in("deadline", Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void refusesWhatIsNotLongerThanNothing() {
        assertThatThrownBy(() -> ticks.in("deadline", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("deadline", "PT0S");
        assertThatThrownBy(() -> ticks.in("deadline", Duration.ofMillis(-5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-0.005");
    }

    @Test
    void aTickIsNeitherTooShortNorTooLong() {
        assertThatThrownBy(() -> new Ticks(Duration.ofNanos(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("PT0.000000001S", "10 ms");
        assertThatThrownBy(() -> new Ticks(Duration.ofHours(1))).isInstanceOf(IllegalArgumentException.class);
    }
}
