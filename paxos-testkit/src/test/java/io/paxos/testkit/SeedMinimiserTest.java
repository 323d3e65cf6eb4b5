// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.model.NodeId;
import io.paxos.quorum.QuorumSystem;
import io.paxos.replica.MachineConfig;
import io.paxos.spi.RecoveredState;
import io.paxos.testkit.check.OneAnswer;
import io.paxos.testkit.simulation.Less;
import io.paxos.testkit.simulation.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SeedMinimiserTest {

    private static final long EVENTS = 4_000;

    /** Nodes that answer twice once they were started again: to find them out takes one restart and one call. */
    private record Stammering() implements Variant {

        @Override
        public Machine machine(
                Self self,
                Set<NodeId> members,
                Function<Set<NodeId>, QuorumSystem> quorums,
                MachineConfig config,
                RecoveredState recovered,
                RandomGenerator random) {
            Machine machine = PAXOS.machine(self, members, quorums, config, recovered, random);
            return recovered.start() < 2
                    ? machine
                    : new Handing(machine) {
                        @Override
                        public List<Effect> step(Event event) {
                            List<Effect> effects = new ArrayList<>(super.step(event));
                            List.copyOf(effects).stream()
                                    .filter(Effect.Respond.class::isInstance)
                                    .forEach(effects::add);
                            return effects;
                        }
                    };
        }
    }

    private static @Nullable SimulationFailure failure(long seed, long events, Less less) {
        try {
            SimulationReport unused = Simulation.builder(seed)
                    .events(events)
                    .less(less)
                    .program(new Stammering())
                    .run();
            return null;
        } catch (SimulationFailure failure) {
            return failure;
        }
    }

    /** The first seed from one on whose run fails with faults of several kinds in clusters of several members. */
    private static SimulationFailure involved() {
        for (long seed = 1; seed < 200; seed++) {
            SimulationFailure failure = failure(seed, EVENTS, Less.NOTHING);
            if (failure != null
                    && Less.NOTHING.removable(seed, 7).size() > 12
                    && Less.NOTHING.smaller(seed, 7).size() > 4) {
                assertThat(failure.property()).isEqualTo(OneAnswer.PROPERTY);
                return failure;
            }
        }
        throw new AssertionError("no seed fails");
    }

    @Test
    void littleIsLeftOfARunOfWhichLittleMatters() {
        SimulationFailure failure = involved();
        SeedMinimiser minimiser = new SeedMinimiser(failure, (events, less) -> failure(failure.seed(), events, less));
        SeedMinimiser.Shortest shortest = minimiser.minimise(EVENTS, Less.NOTHING);

        assertThat(shortest.failure().property()).isEqualTo(OneAnswer.PROPERTY);
        assertThat(shortest.events()).isLessThan(EVENTS / 2);
        assertThat(shortest.less().smaller(failure.seed(), 7))
                .as("smaller clusters than %s", shortest)
                .isEmpty();
        assertThat(shortest.less().removable(failure.seed(), 7))
                .as("what is left by %s", shortest)
                .hasSizeLessThanOrEqualTo(1);

        SimulationFailure again = Objects.requireNonNull(failure(
                failure.seed(), shortest.events(), Less.parse(shortest.less().toString())));
        assertThat(again.summary())
                .isEqualTo(shortest.failure().summary())
                .contains(shortest.less().toString());
        assertThat(again).hasMessage(shortest.failure().getMessage());
    }

    @Test
    void whatIsLeftOutIsReadBack() {
        Less less = new Less(new TreeSet<>(Set.of("links", "Crashes")), 3, 1, 17);
        assertThat(less).hasToString("no-Crashes,no-links,members=3,groups=1,run=17");
        assertThat(Less.parse(less.toString())).isEqualTo(less);
        assertThat(Less.parse("nothing")).isEqualTo(Less.NOTHING);
        assertThatThrownBy(() -> Less.parse("no-links,fewer"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("\"fewer\"", "members=3");
    }
}
