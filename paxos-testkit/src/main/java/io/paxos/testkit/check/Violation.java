// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import org.jspecify.annotations.Nullable;

/** A property does not hold. The message names the property, the node and the evidence. */
public final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String property;
    private final @Nullable String picture;

    /**
     * States what is violated.
     *
     * @param property the property, in a few words
     * @param evidence who did what, against what
     */
    public Violation(String property, String evidence) {
        this(property, evidence, null);
    }

    /**
     * States what is violated, and shows it.
     *
     * @param property the property, in a few words
     * @param evidence who did what, against what
     * @param picture a page of HTML that shows it, or null
     */
    public Violation(String property, String evidence, @Nullable String picture) {
        super(property + ": " + evidence);
        this.property = property;
        this.picture = picture;
    }

    /**
     * The property that does not hold.
     *
     * @return its name, in a few words
     */
    public String property() {
        return property;
    }

    /**
     * What shows it.
     *
     * @return a page of HTML, or null if there is none
     */
    public @Nullable String picture() {
        return picture;
    }
}
