// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventQueueTest {

    @Test
    void whatComesFirstHappensFirstAndAtOneTimeWhatWasScheduledFirst() {
        EventQueue queue = new EventQueue();
        List<String> happened = new ArrayList<>();
        queue.add(20, EventQueue.ANY, EventQueue.ANY, () -> happened.add("late"));
        for (int i = 0; i < 50; i++) {
            String name = "at ten, " + i;
            queue.add(10, EventQueue.ANY, EventQueue.ANY, () -> happened.add(name));
        }
        queue.add(5, EventQueue.ANY, EventQueue.ANY, () -> happened.add("early"));
        for (int i = 0; i < 52; i++) {
            queue.next().action().run();
        }
        assertThat(happened).startsWith("early", "at ten, 0", "at ten, 1").endsWith("at ten, 49", "late");
        assertThatThrownBy(queue::next).isInstanceOf(IllegalStateException.class);
    }
}
