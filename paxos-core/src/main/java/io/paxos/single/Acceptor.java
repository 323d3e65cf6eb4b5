// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import io.paxos.model.Ballot;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import org.jspecify.annotations.Nullable;

/**
 * The memory of Paxos. An acceptor knows nothing of other nodes: it answers Prepare and Accept by what it has promised
 * and accepted before. Its state must be durable before a {@link SingleMessage.Promise} or
 * {@link SingleMessage.Accepted} leaves the node. Not safe for use by several threads.
 */
public final class Acceptor {

    private Ballot promised;
    private @Nullable Proposal<Payload> accepted;

    /** An acceptor that has promised and accepted nothing. */
    public Acceptor() {
        this(Ballot.ZERO, null);
    }

    /**
     * An acceptor with the memory of a former life.
     *
     * @param promised the highest ballot it promised, {@link Ballot#ZERO} if none
     * @param accepted the highest-ballot proposal it accepted, or null
     * @throws IllegalArgumentException if it accepted above its promise, which no acceptor does (rule 2)
     */
    public Acceptor(Ballot promised, @Nullable Proposal<Payload> accepted) {
        if (accepted != null && accepted.ballot().compareTo(promised) > 0) {
            throw new IllegalArgumentException(
                    "accepted " + accepted + " lies above the promise " + promised + "; the state is damaged");
        }
        this.promised = promised;
        this.accepted = accepted;
    }

    /**
     * Phase 1b. If the ballot is not below the promise, promises and reports the proposal accepted so far; else
     * refuses and leaves the state as it was.
     *
     * @param prepare the request
     * @return a {@link SingleMessage.Promise}, to be sent when the state is durable, or a {@link SingleMessage.Nack}
     */
    public SingleMessage onPrepare(SingleMessage.Prepare prepare) {
        if (!SafetyRules.mayPromise(promised, prepare.ballot())) {
            return new SingleMessage.Nack(prepare.ballot(), promised);
        }
        promised = prepare.ballot();
        return new SingleMessage.Promise(promised, accepted);
    }

    /**
     * Phase 2b. If no higher ballot was promised, accepts, which raises the promise too (rule 2); else refuses and
     * leaves the state as it was.
     *
     * @param accept the request
     * @return a {@link SingleMessage.Accepted}, to be sent when the state is durable, or a {@link SingleMessage.Nack}
     * @throws IllegalStateException if another value was accepted at this very ballot: a ballot proposes one value
     *     (rule 1); the state is left as it was
     */
    public SingleMessage onAccept(SingleMessage.Accept accept) {
        if (!SafetyRules.mayAccept(promised, accept.ballot())) {
            return new SingleMessage.Nack(accept.ballot(), promised);
        }
        if (accepted != null
                && accepted.ballot().equals(accept.ballot())
                && !accepted.value().equals(accept.value())) {
            throw new IllegalStateException("ballot " + accept.ballot() + " proposes " + accept.value()
                    + " after it proposed " + accepted.value());
        }
        promised = accept.ballot();
        accepted = new Proposal<>(accept.ballot(), accept.value());
        return new SingleMessage.Accepted(accept.ballot());
    }

    /**
     * The ballot below which this acceptor takes part in nothing.
     *
     * @return the highest ballot promised, {@link Ballot#ZERO} if none
     */
    public Ballot promised() {
        return promised;
    }

    /**
     * What this acceptor has accepted.
     *
     * @return the highest-ballot proposal accepted, or null
     */
    public @Nullable Proposal<Payload> accepted() {
        return accepted;
    }

    @Override
    public String toString() {
        return "promised " + promised + ", accepted " + accepted;
    }
}
