// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import io.paxos.testkit.check.Violation;
import org.jspecify.annotations.Nullable;

/** A run in which a property did not hold. The message gives the seed, the property, the scenario and the last events. */
public final class SimulationFailure extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final long seed;
    private final String property;
    private final String summary;
    private final @Nullable String picture;

    SimulationFailure(long seed, String property, String summary, String trace, Throwable cause) {
        super(summary + "\n" + trace, cause);
        this.picture = cause instanceof Violation violation ? violation.picture() : null;
        this.seed = seed;
        this.property = property;
        this.summary = summary;
    }

    /**
     * The seed that repeats this failure.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    /**
     * The property that did not hold, or the exception that a machine threw.
     *
     * @return its name
     */
    public String property() {
        return property;
    }

    /**
     * What happened, without the trace.
     *
     * @return seed, property, evidence and scenario
     */
    public String summary() {
        return summary;
    }

    /**
     * What shows it: for a history that is not linearizable, its timeline.
     *
     * @return a page of HTML that needs nothing else, or null if there is none
     */
    public @Nullable String picture() {
        return picture;
    }
}
