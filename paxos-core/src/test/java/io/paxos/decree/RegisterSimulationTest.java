// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

class RegisterSimulationTest {

    private static final int SEEDS = 600;

    /** With {@code resendTicks} = 4 and messages that take up to a few ticks, any duel is over by then. */
    private static final int MOST_TICKS = 3000;

    @Test
    void rule11_noChangeIsLostOrMadeTwiceUnderLossRepetitionReorderingCrashesAndALostStore() {
        int changed = 0;
        int held = 0;
        int refused = 0;
        int unknown = 0;
        int foundItself = 0;
        int slowest = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            RegisterSimulation simulation = new RegisterSimulation(seed);
            try {
                simulation.disturb(3000);
                slowest = Math.max(slowest, simulation.settle(MOST_TICKS));
                simulation.judge();
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed + ": " + e.getMessage(), e);
            }
            changed += simulation.changed;
            held += simulation.held;
            refused += simulation.refused;
            unknown += simulation.unknown;
            foundItself += simulation.builtUpon;
        }
        System.out.println("registers: " + SEEDS + " seeds, calls answered with a change " + changed
                + ", with the value "
                + held + ", refused " + refused + ", unknown " + unknown + ", changes that others built upon before "
                + "they were answered " + foundItself + ", slowest end after the disturbance " + slowest + " ticks");
        assertThat(changed).isGreaterThan(10 * SEEDS);
        assertThat(held).isGreaterThan(10 * SEEDS);
        assertThat(refused).isGreaterThan(SEEDS / 2);
        assertThat(unknown).isGreaterThan(SEEDS / 20);
        assertThat(foundItself).isGreaterThan(SEEDS / 20);
    }
}
