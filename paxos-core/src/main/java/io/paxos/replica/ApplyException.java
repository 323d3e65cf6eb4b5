// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.CommandId;
import org.jspecify.annotations.Nullable;

/** The user's {@code apply} threw: this replica cannot go on (rule 12). */
public final class ApplyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient long slot;
    private final transient @Nullable CommandId command;

    /**
     * Names the place.
     *
     * @param slot the slot whose value could not be executed
     * @param command its command, or null if the slot holds none
     * @param cause what was thrown
     */
    public ApplyException(long slot, @Nullable CommandId command, Throwable cause) {
        super("apply failed in slot " + slot + " on command " + command + ": " + cause, cause);
        this.slot = slot;
        this.command = command;
    }

    /**
     * Where it happened.
     *
     * @return the slot
     */
    public long slot() {
        return slot;
    }

    /**
     * Which command it was.
     *
     * @return the command's identity, or null
     */
    public @Nullable CommandId command() {
        return command;
    }
}
