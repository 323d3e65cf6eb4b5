// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotInfoTest {

    @Test
    void theSmallestAndTheLargestCanBe() {
        assertThat(new SnapshotInfo(1, 1, 0).checksum()).isZero();
        assertThat(new SnapshotInfo(Long.MAX_VALUE, Long.MAX_VALUE, 0xffff_ffffL).checksum())
                .isEqualTo(0xffff_ffffL);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0, slot 1 or later",
        "-3, 1, 0, not -3",
        "1, 0, 0, at least one byte",
        "1, -1, 0, not -1",
        "1, 1, 4294967296, 32 bits",
        "1, 1, -1, 32 bits"
    })
    void whatCannotBeIsNamed(long slot, long bytes, long checksum, String why) {
        assertThatThrownBy(() -> new SnapshotInfo(slot, bytes, checksum))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
