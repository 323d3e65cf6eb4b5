// SPDX-License-Identifier: Apache-2.0
package io.paxos.event;

import io.paxos.model.Payload;
import org.jspecify.annotations.Nullable;

/** What is to be made of the value of a register. Where a value is null, there is none. */
public sealed interface RegisterChange {

    /**
     * Set a value whatever there is.
     *
     * @param next the new value, or null to take the value away
     */
    record Assign(@Nullable Payload next) implements RegisterChange {}

    /**
     * Set a value if another one is there, and else leave everything as it is.
     *
     * @param expected what must be there, byte by byte, or null if there must be nothing
     * @param next the new value, or null to take the value away
     */
    record CompareAndSet(
            @Nullable Payload expected, @Nullable Payload next) implements RegisterChange {}

    /** Whatever a function of the caller makes of it: the host is asked by {@link Effect.Compute}. */
    record Compute() implements RegisterChange {}
}
