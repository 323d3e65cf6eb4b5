// SPDX-License-Identifier: Apache-2.0
package io.paxos.event;

import io.paxos.model.Payload;
import io.paxos.model.Value;

/**
 * What executing one slot came to, reported by the host for the values that this node's callers wait for.
 *
 * @param slot where it was executed: the slot itself, or the earlier one if the value is repeated; for a session, its id
 * @param value the value decided
 * @param status what became of it
 * @param result the result of the command, empty where there is none
 */
public record Completion(long slot, Value value, Status status, Payload result) {

    /** What became of a value. */
    public enum Status {
        /** Executed now; for a session, opened. */
        APPLIED,
        /** Executed in an earlier slot; the result is the one of then. */
        REPEATED,
        /** Below the floor of its session: answered before, or given up by its caller; not executed now. */
        BELOW_FLOOR,
        /** A fence was executed before it, or is now: it is never executed. */
        FENCED,
        /** Its session does not exist, or no longer; not executed now. */
        NO_SESSION
    }
}
