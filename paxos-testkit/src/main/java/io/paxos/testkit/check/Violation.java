package io.paxos.testkit.check;

/** A property does not hold. The message names the property, the node and the evidence. */
public final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String property;

    /**
     * States what is violated.
     *
     * @param property the property, in a few words
     * @param evidence who did what, against what
     */
    public Violation(String property, String evidence) {
        super(property + ": " + evidence);
        this.property = property;
    }

    /**
     * The property that does not hold.
     *
     * @return its name, in a few words
     */
    public String property() {
        return property;
    }
}
