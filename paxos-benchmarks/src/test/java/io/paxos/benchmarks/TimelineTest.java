// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final long MILLI = 1_000_000;
    private static final long MOMENT = 5_000 * MILLI;

    @Test
    void anAnswerCountsInTheBucketInWhichItCame() {
        Timeline timeline = new Timeline();
        timeline.answered(MOMENT - 401 * MILLI); // too early
        timeline.answered(MOMENT - 400 * MILLI);
        timeline.answered(MOMENT - 1);
        timeline.answered(MOMENT);
        timeline.answered(MOMENT + 19 * MILLI);
        timeline.answered(MOMENT + 20 * MILLI);
        timeline.answered(MOMENT + 1_000 * MILLI - 1);
        timeline.answered(MOMENT + 1_000 * MILLI); // too late

        int[] counts = timeline.around(MOMENT);

        assertThat(counts).hasSize(70);
        assertThat(counts[0]).isEqualTo(1);
        assertThat(counts[19]).isEqualTo(1);
        assertThat(counts[20]).as("the first from the moment on").isEqualTo(2);
        assertThat(counts[21]).isEqualTo(1);
        assertThat(counts[69]).isEqualTo(1);
        assertThat(Arrays.stream(counts).sum()).isEqualTo(6);
    }
}
