// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.testkit.check.Violation;
import org.jspecify.annotations.Nullable;

/**
 * Something that must hold does not. The message says what, shows the shortest plan of faults and commands that was found
 * for it, with what happens then, and how to replay it.
 */
public final class ServiceFailure extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final long seed;
    private final String property;
    private final String plan;
    private final int faults;
    private final int commands;
    private final @Nullable String picture;

    ServiceFailure(Findings findings, @Nullable Throwable cause) {
        super(findings.text(), cause);
        this.seed = findings.seed();
        this.property = findings.property();
        this.plan = findings.planText();
        this.faults = findings.plan().strikes();
        this.commands = findings.plan().calls();
        this.picture = cause instanceof Violation violation ? violation.picture() : null;
    }

    /**
     * The seed that failed.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    /**
     * What does not hold: the name of an invariant, or a property that every service must have.
     *
     * @return its name
     */
    public String property() {
        return property;
    }

    /**
     * The shortest plan that was found to fail in the same way.
     *
     * @return a text for {@link ServiceSimulation#replay}
     */
    public String plan() {
        return plan;
    }

    /**
     * A timeline of what clients saw, where that is not linearizable.
     *
     * @return a page of HTML, or null
     */
    public @Nullable String picture() {
        return picture;
    }

    /**
     * How many faults that plan has.
     *
     * @return how often a fault strikes in it
     */
    public int faults() {
        return faults;
    }

    /**
     * How many commands that plan has.
     *
     * @return how many times clients ask in it
     */
    public int commands() {
        return commands;
    }
}
