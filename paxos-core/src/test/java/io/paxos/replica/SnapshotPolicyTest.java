// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounds that mean nothing are refused by name; each is changed alone. */
class SnapshotPolicyTest {

    private static final long[] LEAST = {1, 1, 0, 0, 0, 1};
    private static final String[] NAMES = {
        "everySlots", "everyBytes", "everyMillis", "retainedSlots", "retainedBytes", "bytesPerTick"
    };

    private static SnapshotPolicy policy(long... bounds) {
        return new SnapshotPolicy(bounds[0], bounds[1], bounds[2], bounds[3], bounds[4], bounds[5]);
    }

    @Test
    void theLeastPossibleIsTaken() {
        assertThat(policy(LEAST).everySlots()).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void lessThanThatIsRefusedByName(int bound) {
        long[] bounds = LEAST.clone();
        bounds[bound]--;
        assertThatThrownBy(() -> policy(bounds))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(NAMES[bound] + " must be at least " + LEAST[bound] + ", but is " + bounds[bound]);
    }

    @Test
    void oneBoundIsChangedAndTheOthersStay() {
        SnapshotPolicy policy = policy(1, 2, 3, 4, 5, 6);
        assertThat(policy.withEvery(10, 20)).isEqualTo(policy(10, 20, 3, 4, 5, 6));
        assertThat(policy.withRetained(40, 50)).isEqualTo(policy(1, 2, 3, 40, 50, 6));
        assertThat(policy.withBytesPerTick(60)).isEqualTo(policy(1, 2, 3, 4, 5, 60));
    }
}
