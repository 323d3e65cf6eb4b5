// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.SlotToken;

/**
 * What was read of a replicated log, and what it reflects: exactly the commands of the slots up to one. Of two readings,
 * from whatever nodes, the one of the higher slot saw everything that the other did.
 *
 * @param value what the query returned, or the result of a command
 * @param token the log and the last slot executed when the query ran, or the slot of the command
 * @param <T> what is read
 */
public record Reading<T>(T value, SlotToken token) {

    /**
     * The last slot that it reflects.
     *
     * @return the slot, 0 if none
     */
    public long slot() {
        return token.slot();
    }
}
