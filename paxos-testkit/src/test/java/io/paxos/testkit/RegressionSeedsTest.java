package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Seeds that once failed, each with what it found. Whenever the simulator learns something new a seed becomes another run,
 * so what was found is held by a test of its own as well, where the defect was in the library.
 */
class RegressionSeedsTest {

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "217721, 4000, a node that reaches the leader only over two peers has no way for its commands",
        "212463, 4000, an observer remembers a vector that all its voters have lost and replaced",
        "210360, 4000, a call to a group that a node has not opened yet",
        "951423902, 10000, the same over two peers, under other faults",
        "5004743, 10000, a full window takes too long to be sent again where messages are small",
    })
    void onceFailed(long seed, int events, String found) {
        assertThat(Simulation.builder(seed).events(events).run().events())
                .as(found)
                .isPositive();
    }
}
