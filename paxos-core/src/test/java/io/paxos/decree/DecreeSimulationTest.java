// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

class DecreeSimulationTest {

    private static final int SEEDS = 600;

    /** With {@code resendTicks} = 4 and messages that take up to a few ticks, any duel is over by then. */
    private static final int MOST_TICKS = 600;

    @Test
    void agreesUnderLossRepetitionReorderingCrashesAndALostStore() {
        int undecided = 0;
        int chosen = 0;
        int refused = 0;
        int unknown = 0;
        int slowest = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            DecreeSimulation simulation = new DecreeSimulation(seed);
            try {
                simulation.disturb(3000);
                slowest = Math.max(slowest, simulation.settle(MOST_TICKS));
                simulation.allParticipantsLearn(5 * MOST_TICKS);
                simulation.judge();
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed + ": " + e.getMessage(), e);
            }
            undecided += simulation.answeredUndecided;
            chosen += simulation.answeredChosen;
            refused += simulation.refused;
            unknown += simulation.unknown;
        }
        assertThat(chosen).isGreaterThan(10 * SEEDS);
        assertThat(undecided).isGreaterThan(SEEDS / 2);
        assertThat(refused).isGreaterThan(SEEDS / 2);
        assertThat(unknown).isGreaterThan(SEEDS / 20);
        System.out.println("decrees: " + SEEDS + " seeds, calls answered with the value " + chosen + ", undecided "
                + undecided + ", refused " + refused + ", unknown " + unknown + ", slowest end after the disturbance "
                + slowest + " ticks");
    }
}
