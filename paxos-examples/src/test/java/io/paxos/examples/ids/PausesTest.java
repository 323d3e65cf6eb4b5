// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PausesTest {

    private static final long MILLI = 1_000_000;

    private final Pauses pauses = new Pauses();

    @Test
    void aPauseLastsFromOneAnswerToTheNextWhileSomebodyWaits() {
        pauses.asked(0);
        pauses.asked(MILLI);
        pauses.answered(2 * MILLI);
        pauses.answered(9 * MILLI);

        assertThat(pauses.longestMillis()).isEqualTo(7);
    }

    @Test
    void nothingCountsWhileNobodyWaits() {
        pauses.asked(0);
        pauses.answered(MILLI);
        pauses.asked(100 * MILLI);
        pauses.answered(103 * MILLI);

        assertThat(pauses.longestMillis()).isEqualTo(3);
        assertThat(pauses.currentMillis(500 * MILLI)).isZero();
    }

    @Test
    void thePauseUnderWayIsKnown() {
        pauses.asked(10 * MILLI);

        assertThat(pauses.currentMillis(25 * MILLI)).isEqualTo(15);
    }
}
