// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import org.junit.jupiter.api.Test;

/** Told, but not with every message. */
class RemindersTest {

    private final Reminders reminders = new Reminders(10);

    private static Endpoint node(int number) {
        return new Endpoint(NodeId.of("n" + number), new Incarnation(1));
    }

    @Test
    void afterSoManyTicksItIsTimeAgain() {
        assertThat(reminders.isDue(node(1), 100)).isTrue();
        assertThat(reminders.isDue(node(1), 109)).isFalse();
        assertThat(reminders.isDue(node(2), 109)).isTrue();
        assertThat(reminders.isDue(node(1), 110)).isTrue();
        assertThat(reminders.isDue(node(1), 119)).isFalse();
    }

    @Test
    void ofTooManyTheOneToldLongestAgoIsForgotten() {
        for (int i = 0; i < 256; i++) {
            assertThat(reminders.isDue(node(i), 1)).isTrue();
        }
        assertThat(reminders.isDue(node(0), 2)).as("256 are remembered").isFalse();
        assertThat(reminders.isDue(node(256), 2)).isTrue();
        assertThat(reminders.isDue(node(1), 2)).isFalse();
        assertThat(reminders.isDue(node(0), 2)).as("it made room").isTrue();
    }
}
