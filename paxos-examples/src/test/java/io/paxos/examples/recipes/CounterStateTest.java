// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.Simulation;
import io.paxos.testkit.StateMachineContract;
import io.paxos.testkit.faults.Faults;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CounterStateTest extends StateMachineContract<Long, Optional<Long>> {

    private static final Codec<Optional<Long>> RESULTS = Codec.optional(Codec.int64());

    @Override
    protected StateMachine<Long, Optional<Long>> newStateMachine() {
        return new CounterState();
    }

    /** Some of them beyond what it holds. */
    @Override
    protected Long command(RandomGenerator random) {
        return random.nextInt(4) == 0 ? random.nextLong() : random.nextLong(-100, 100);
    }

    /** What {@link IdGenerator} relies on: no two blocks have a number in common, and none is handed out by a lost answer. */
    @Test
    void blocksOfNumbersAreReservedOnceWhateverGoesWrong() {
        var report = Simulation.of(CounterState::new, Codec.int64(), RESULTS)
                .clients(4)
                .workload((random, client) -> (long) 1 + random.nextInt(9))
                .invariantOfHistory("blocks have no number in common", history -> {
                    List<long[]> blocks = history.stream()
                            .filter(operation -> operation.result() != null)
                            .map(operation -> block(
                                    operation.command(),
                                    Objects.requireNonNull(operation.result()).orElseThrow()))
                            .sorted((one, other) -> Long.compare(one[0], other[0]))
                            .toList();
                    for (int i = 1; i < blocks.size(); i++) {
                        if (blocks.get(i)[0] <= blocks.get(i - 1)[1]) {
                            return false;
                        }
                    }
                    return true;
                })
                .afterwards("what was added is there", ending -> ending.states().stream()
                        .allMatch(state -> state.sum()
                                >= ending.history().stream()
                                        .filter(operation -> operation.result() != null)
                                        .mapToLong(operation -> operation.command())
                                        .sum()))
                .faults(Faults.all())
                .seeds(6)
                .run();

        assertThat(report.applied()).isPositive();
    }

    private static long[] block(long size, long end) {
        return new long[] {end - size + 1, end};
    }
}
