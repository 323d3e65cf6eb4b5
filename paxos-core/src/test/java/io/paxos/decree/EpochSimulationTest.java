// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EpochSimulationTest {

    private static final int SEEDS = Integer.getInteger("epochs.seeds", 400);
    private static final long FIRST = Long.getLong("epochs.first", 1);

    /** Rule 16: agreement, linearizable registers and progress while epochs follow one another, under all faults. */
    @Test
    void rule16_oneValueInAllEpochsTogetherWhateverFails() {
        long epochs = 0;
        long answered = 0;
        long wiped = 0;
        long takenOver = 0;
        long acceptedLater = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            EpochSimulation simulation = new EpochSimulation(seed);
            try {
                simulation.disturb(3000);
                simulation.settle(3000);
                simulation.judge();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
            epochs += simulation.epochs();
            answered += simulation.answered;
            wiped += simulation.wiped;
            takenOver += simulation.votesTakenOver;
            acceptedLater += simulation.decidedAgain;
        }
        System.out.println(
                SEEDS + " seeds: " + epochs + " epochs, " + answered + " answers, " + wiped + " stores lost, "
                        + takenOver + " proposals reported and " + acceptedLater + " accepted in later epochs");
        assertThat(epochs).isGreaterThan(2L * SEEDS);
        assertThat(answered).isGreaterThan(50L * SEEDS);
        assertThat(takenOver).isGreaterThan(SEEDS);
        assertThat(acceptedLater).isGreaterThan(SEEDS);
    }
}
