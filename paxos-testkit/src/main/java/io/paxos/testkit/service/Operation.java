// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import org.jspecify.annotations.Nullable;

/**
 * One command of one client, and what it heard.
 *
 * @param client the number of the client, from 1
 * @param node the node it asked
 * @param command the command
 * @param invokedMicros when it asked, in microseconds of virtual time
 * @param answer what it heard, or null as long as it waits
 * @param answeredMicros when it heard it, or {@link Long#MAX_VALUE} as long as it waits
 * @param <C> the commands
 * @param <R> the results
 */
public record Operation<C, R>(
        int client,
        String node,
        C command,
        long invokedMicros,
        @Nullable Answer<R> answer,
        long answeredMicros) {

    /**
     * The result, if the client knows that the command was executed.
     *
     * @return the result, or null
     */
    public @Nullable R result() {
        return answer instanceof Answer.Applied<R> applied ? applied.result() : null;
    }

    /**
     * Whether the command may have been executed, as far as the client knows.
     *
     * @return false if it was refused
     */
    public boolean mayHaveHappened() {
        return !(answer instanceof Answer.Refused<R>);
    }
}
