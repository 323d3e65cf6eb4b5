// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

class FormationSimulationTest {

    private static final int SEEDS = 3000;

    /** Rule 6: of the stores that live, no two count different vectors; and once things are stable, all form. */
    @Test
    void formsOnceUnderLossRepetitionReorderingCrashesAndLostStores() {
        int formedUnderDisturbance = 0;
        int storesLost = 0;
        int rebinds = 0;
        int orphans = 0;
        int worst = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            FormationSimulation simulation = new FormationSimulation(seed);
            try {
                simulation.disturb(400);
                formedUnderDisturbance += simulation.formations;
                worst = Math.max(worst, simulation.settle(60));
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed + ": " + e.getMessage(), e);
            }
            storesLost += simulation.storesLost;
            rebinds += simulation.rebinds;
            orphans += simulation.orphans;
        }
        assertThat(formedUnderDisturbance).isGreaterThan(SEEDS / 4);
        assertThat(storesLost).isGreaterThan(SEEDS);
        assertThat(rebinds).isGreaterThan(SEEDS / 20);
        assertThat(orphans).isLessThan(SEEDS / 5);
        assertThat(worst).isLessThanOrEqualTo(40);
        System.out.println("formation: " + SEEDS + " seeds, formed under disturbance in " + formedUnderDisturbance
                + ", stores lost " + storesLost + ", vectors abandoned for another " + rebinds
                + ", nodes left alone with a lost cluster " + orphans + ", most rounds to form afterwards " + worst);
    }
}
