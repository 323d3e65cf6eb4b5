// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TickClockTest {

    private static final long TICK = 1000;

    private final TickClock clock = new TickClock(TICK, 0);

    @Test
    void oneTickForEachThatHasPassed() {
        assertThat(clock.take(999)).isZero();
        assertThat(clock.take(1000)).isOne();
        assertThat(clock.take(1999)).isZero();
        assertThat(clock.take(2000)).isOne();
    }

    @Test
    void aLateTimerIsMadeUpFor() {
        assertThat(clock.take(1990)).isOne();
        assertThat(clock.take(2000)).isOne();
        assertThat(clock.take(4010)).isEqualTo(2);
        assertThat(clock.take(5000)).isOne();
    }

    @Test
    void aStallIsNotMadeUpFor() {
        assertThat(clock.take(1000 * TICK)).isEqualTo(TickClock.MAX_AT_ONCE);
        assertThat(clock.take(1000 * TICK + 1)).isZero();
        assertThat(clock.take(1001 * TICK)).isOne();
    }

    @Test
    void aClockThatWrapsGoesOn() {
        TickClock wrapping = new TickClock(TICK, Long.MAX_VALUE - 10);
        assertThat(wrapping.take(Long.MIN_VALUE + TICK - 20)).isZero();
        assertThat(wrapping.take(Long.MIN_VALUE + TICK)).isOne();
    }
}
