// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.coverage.Mark;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The face of the simulator. */
class SimulationTest {

    private static Supplier<StateMachine<Long, Long>> counter() {
        return () -> {
            long[] sum = {0};
            return (context, step) -> sum[0] += step;
        };
    }

    private static Simulation.Builder simulation(long seed, Supplier<StateMachine<Long, Long>> machine) {
        return Simulation.builder(seed)
                .events(3_000)
                .stateMachine(machine, Codec.int64(), Codec.int64(), random -> 1 + random.nextLong(9));
    }

    @Test
    void runsTheUsersOwnStateMachine() {
        assertThat(simulation(7, counter()).run().coverage().of(Mark.COMMAND)).isPositive();
    }

    @Test
    void findsAStateMachineThatIsNotDeterministic() {
        long[] instances = {0};
        Supplier<StateMachine<Long, Long>> drifting = () -> {
            long own = instances[0]++;
            return (context, step) -> own;
        };
        assertThatThrownBy(() -> {
                    for (long seed = 0; seed < 20; seed++) {
                        simulation(seed, drifting).run();
                    }
                })
                .isInstanceOfSatisfying(SimulationFailure.class, failure -> assertThat(failure.property())
                        .isEqualTo("the same applied sequence everywhere"));
    }

    @Test
    void aStateMachineThatThrowsStopsItsReplicaAndEndsInAFailureThatNamesIt() {
        Supplier<StateMachine<Long, Long>> throwing = () -> (context, step) -> {
            throw new IllegalStateException("no steps today");
        };
        assertThatThrownBy(() -> simulation(11, throwing).run())
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("no steps today");
    }

    @Test
    void refusesWhatCannotBeRun() {
        assertThatThrownBy(() -> Simulation.builder(1).events(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> Simulation.builder(1).mostMembers(8)).hasMessageContaining("8");
        assertThatThrownBy(() -> Simulation.builder(1).traceRecords(0)).hasMessageContaining("0");
        assertThatThrownBy(() -> new Campaign(1, 0, 1, 1)).hasMessageContaining("0");
    }

    @Test
    void aClusterIsNoLargerThanAllowed() {
        for (long seed = 0; seed < 10; seed++) {
            assertThat(Simulation.builder(seed).mostMembers(1).events(200).run().scenario())
                    .contains("members=1,");
        }
    }
}
