// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import org.jspecify.annotations.Nullable;

/** One call that waits for its answer. */
final class Request implements Asked {

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

    @Override
    public RequestId id() {
        return id;
    }

    Kind kind() {
        return kind;
    }

    @Override
    public DecreeName name() {
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

    @Override
    public int valueBytes() {
        return value == null ? 0 : value.size();
    }

    @Override
    public long weight() {
        return (long) name.name().length() + valueBytes();
    }

    /** Notes that a value has been put in an Accept: if it is this one's, it may be chosen from now on. */
    void noteProposed(Payload proposal) {
        proposed |= proposes(proposal);
    }

    /**
     * A value that never was in an Accept is certainly without effect: no acceptor has it, and this node, which alone
     * knows it, will not propose it.
     */
    @Override
    public Outcome givenUp(Outcome.Reason reason, String detail) {
        return proposed
                ? new Outcome.Unknown(
                        detail + "; the value had been proposed for " + name + " and may be chosen yet: learn() tells")
                : new Outcome.Refused(reason, detail);
    }
}
