// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import org.jspecify.annotations.Nullable;

/** What is left of the limits of one check. One thread uses it. */
final class Budget {

    /** The clock is read only once in so many steps, for reading it costs more than most steps. */
    private static final long GLANCE = 1 << 12;

    private final Limits limits;
    private final long start = System.nanoTime();
    private long steps;
    private @Nullable String exceeded;

    Budget(Limits limits) {
        this.limits = limits;
    }

    /** Takes one step; false if there is none left. */
    boolean step() {
        steps++;
        if (steps > limits.steps()) {
            exceeded = limits.steps() + " steps";
        } else if (steps % GLANCE == 0
                && System.nanoTime() - start > limits.time().toNanos()) {
            exceeded = limits.time().toMillis() + " ms";
        }
        return exceeded == null;
    }

    /** Whether so many situations may be remembered. */
    boolean remember(int situations) {
        if (situations > limits.remembered()) {
            exceeded = limits.remembered() + " situations to remember";
        }
        return exceeded == null;
    }

    long steps() {
        return steps;
    }

    /** Which limit was met, or null. */
    @Nullable
    String exceeded() {
        return exceeded;
    }
}
