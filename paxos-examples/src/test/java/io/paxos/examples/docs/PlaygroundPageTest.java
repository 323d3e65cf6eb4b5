// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.testkit.LiveSimulation;
import org.junit.jupiter.api.Test;

/** What {@code docs/playground.md} shows. */
class PlaygroundPageTest {

    @Test
    void aRunIsDrivenByHand() {
        LiveSimulation run = LiveSimulation.begin(7, 5);
        run.advance(1_000_000);
        run.act("n3 crashes");
        run.advance(2_000_000);
        run.look().nodes().forEach(node -> System.out.println(node.name() + " " + node.role()));

        assertThat(run.look().nodes()).hasSize(5);
    }
}
