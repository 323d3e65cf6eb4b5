// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.CommandId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The call may have had its effect, or may still have it: it had left this node when its deadline passed, the node or the
 * log was closed, or its replica stopped. Whoever repeats it must bear that it happens twice, or read first.
 *
 * <p>It carries the id of a {@linkplain #command command} of a log whose deadline passed, or whose log was closed or replica stopped
 * before it was executed; none where the node was closed or its session expired, where only the result cannot be told, or where
 * the call was no command of a log.
 */
public final class UnknownOutcomeException extends PaxosException {

    private static final long serialVersionUID = 1L;

    /** Not serializable, and of no use in another process that does not know the log. */
    private final transient @Nullable CommandId command;

    /**
     * Says what is known.
     *
     * @param detail what became of the call as far as this node knows
     */
    public UnknownOutcomeException(String detail) {
        this(detail, (CommandId) null);
    }

    /**
     * Says what is known, and how it can be settled.
     *
     * @param detail what became of the call as far as this node knows
     * @param command what {@link ReplicatedLog#resolve} can be asked about, or null if nothing
     */
    public UnknownOutcomeException(String detail, @Nullable CommandId command) {
        super(detail);
        this.command = command;
    }

    /**
     * The command, for {@link ReplicatedLog#resolve} at any node of the cluster.
     *
     * @return its id, or empty if what became of it cannot be found out in this way
     */
    public Optional<CommandId> command() {
        return Optional.ofNullable(command);
    }

    /**
     * For an effect that is known, and a result that cannot be told.
     *
     * @param detail what became of the call as far as this node knows
     * @param cause why its result cannot be told
     */
    public UnknownOutcomeException(String detail, Throwable cause) {
        super(detail, cause);
        this.command = null;
    }
}
