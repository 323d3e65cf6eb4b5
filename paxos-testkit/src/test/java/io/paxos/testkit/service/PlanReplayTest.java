// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.spi.Codec;
import io.paxos.testkit.faults.Faults;
import io.paxos.testkit.simulation.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a seed draws is data: played again, from its text too, it gives the same run without any draw of faults. */
class PlanReplayTest {

    private final Service<Tally, Long, Long> service = new Service<>(
            Tally::new,
            Codec.int64(),
            Codec.int64(),
            3,
            3,
            (random, client) -> 1 + random.nextLong(9),
            new Service.Rules<>(List.of(), List.of(), List.of(), List.of(), List.of()),
            Faults.all(),
            5_000_000);

    @Test
    void aPlanRepeatsWhatItsSeedDrew() {
        Runs<Tally, Long, Long> runs = new Runs<>(service);
        int strikes = 0;
        for (long seed = 100; seed < 130; seed++) {
            Run drawn = runs.draw(seed);
            Run played = runs.play(Plan.read(drawn.plan().text(service::words)), null);

            assertThat(played.executions()).as("executed in seed " + seed).isEqualTo(drawn.executions());
            assertThat(played.operations()).isEqualTo(drawn.operations());
            assertThat(played.applied()).isEqualTo(drawn.applied());
            strikes += drawn.plan().strikes();
        }
        assertThat(strikes).as("faults in 30 seeds").isGreaterThan(200);
    }
}
