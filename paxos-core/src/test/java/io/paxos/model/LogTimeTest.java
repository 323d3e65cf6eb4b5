// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTimeTest {

    @Test
    void isItsMilliseconds() {
        LogTime time = new LogTime(5);

        assertThat(time).isEqualTo(new LogTime(5)).hasSameHashCodeAs(new LogTime(5));
        assertThat(time).isNotEqualTo(new LogTime(6)).isNotEqualTo("5");
        assertThat(time).isGreaterThan(new LogTime(4)).isLessThan(new LogTime(6));
    }
}
