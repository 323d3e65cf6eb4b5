// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import java.time.Duration;

/**
 * How much a check may cost. To find an order may take time and memory that grow with the factorial of the calls at a
 * time; a check that would cost more than this gives up, and says so.
 *
 * @param steps how often the model may be applied, over all parts
 * @param remembered how many situations may be remembered in which no order goes on, at a time; each takes some 100 bytes
 *     and what its state takes
 * @param time how long it may take
 */
public record Limits(long steps, int remembered, Duration time) {

    /** 200 million steps, 2 million situations, a minute. */
    public static final Limits DEFAULTS = new Limits(200_000_000, 2_000_000, Duration.ofMinutes(1));

    /**
     * Rejects what cannot be meant.
     *
     * @throws IllegalArgumentException if a limit is not positive
     */
    public Limits {
        if (steps < 1 || remembered < 1 || time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("limits must be positive, but are " + steps + " steps, " + remembered
                    + " situations and " + time + "; nothing can be checked within that");
        }
    }
}
