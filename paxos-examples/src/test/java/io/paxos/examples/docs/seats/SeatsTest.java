// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs.seats;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.spi.Codec;
import io.paxos.testkit.Simulation;
import io.paxos.testkit.faults.Faults;
import org.junit.jupiter.api.Test;

class SeatsTest {

    @Test
    void whoHasASeatKeepsIt() {
        var report = Simulation.of(Seats::new, Booking.CODEC, Codec.utf8())
                .nodes(3)
                .clients(4)
                .workload((random, client) -> new Booking(random.nextInt(20), "guest-" + client.number()))
                .invariantOfHistory("every seat has one guest", history -> history.stream()
                        .filter(asked -> asked.result() != null)
                        .allMatch(asked -> history.stream()
                                .filter(other -> other.result() != null)
                                .filter(other -> other.command().seat()
                                        == asked.command().seat())
                                .allMatch(other -> other.result().equals(asked.result()))))
                .faults(Faults.all())
                .seeds(20)
                .run();

        assertThat(report.applied()).isPositive();
    }
}
