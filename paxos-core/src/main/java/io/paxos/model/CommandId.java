// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The identity of a command, by which it is applied once however often it is proposed (rule 11).
 *
 * @param session the slot in which the command's session began
 * @param sequence counts the commands of the session, from 1
 */
public record CommandId(long session, long sequence) {

    // Written out, as in Endpoint.
    @Override
    public boolean equals(Object other) {
        return other instanceof CommandId o && sequence == o.sequence && session == o.session;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(session) + Long.hashCode(sequence);
    }

    @Override
    public String toString() {
        return session + ":" + sequence;
    }
}
