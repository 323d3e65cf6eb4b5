package io.paxos.decree;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import org.jspecify.annotations.Nullable;

/** One call that waits for its answer. */
final class Request {

    /** What a call asks for. */
    enum Kind {
        /** Choose a value. */
        AGREE,
        /** Say what is chosen, or that nothing is. */
        LEARN,
        /** Say what is chosen, once it is. */
        AWAIT
    }

    private final RequestId id;
    private final Kind kind;
    private final DecreeName name;
    private final @Nullable Payload value;
    private boolean proposed;

    Request(RequestId id, Kind kind, DecreeName name, @Nullable Payload value) {
        this.id = id;
        this.kind = kind;
        this.name = name;
        this.value = value;
    }

    RequestId id() {
        return id;
    }

    Kind kind() {
        return kind;
    }

    DecreeName name() {
        return name;
    }

    /** The value to propose, or null if this is not an {@link Kind#AGREE}. */
    @Nullable
    Payload value() {
        return value;
    }

    /** Whether this is the value it wants proposed. */
    boolean proposes(Payload candidate) {
        return value != null && value.equals(candidate);
    }

    /** About how many bytes of memory it holds on to. */
    long weight() {
        return name.name().length() + (value == null ? 0L : value.size());
    }

    /** Notes that a value has been put in an Accept: if it is this one's, it may be chosen from now on. */
    void noteProposed(Payload proposal) {
        proposed |= proposes(proposal);
    }

    /**
     * The answer if nothing more can be waited for. A value that never was in an Accept is certainly without effect:
     * no acceptor has it, and this node, which alone knows it, will not propose it.
     *
     * @param reason why it is given up
     * @param detail the same in words
     */
    Outcome givenUp(Outcome.Reason reason, String detail) {
        return proposed
                ? new Outcome.Unknown(
                        detail + "; the value had been proposed for " + name + " and may be chosen yet: learn() tells")
                : new Outcome.Refused(reason, detail);
    }
}
