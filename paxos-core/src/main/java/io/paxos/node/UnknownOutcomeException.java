package io.paxos.node;

/**
 * The call may have had its effect, or may still have it: it had left this node when its deadline passed, the node was
 * closed, or its replica stopped. Whoever repeats it must bear that it happens twice, or read first.
 */
public final class UnknownOutcomeException extends PaxosException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is known.
     *
     * @param detail what became of the call as far as this node knows
     */
    public UnknownOutcomeException(String detail) {
        super(detail);
    }

    /**
     * For an effect that is known, and a result that cannot be told.
     *
     * @param detail what became of the call as far as this node knows
     * @param cause why its result cannot be told
     */
    public UnknownOutcomeException(String detail, Throwable cause) {
        super(detail, cause);
    }
}
