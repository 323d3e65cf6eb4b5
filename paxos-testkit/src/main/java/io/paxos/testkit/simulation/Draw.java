// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import java.util.List;
import java.util.random.RandomGenerator;

/** Draws of the kinds that a simulation needs; the same on every machine. */
final class Draw {

    private Draw() {}

    /** An exponentially distributed time with the given mean, in the unit of the mean. */
    static long exponential(RandomGenerator random, long mean) {
        return mean == 0 ? 0 : (long) (-mean * StrictMath.log(1 - random.nextDouble()));
    }

    /** True with the given probability. */
    static boolean chance(RandomGenerator random, double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** From {@code least} to {@code most}, both included. */
    static int between(RandomGenerator random, int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** One of several. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static <T> T of(RandomGenerator random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** One of a list. */
    static <T> T of(RandomGenerator random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
