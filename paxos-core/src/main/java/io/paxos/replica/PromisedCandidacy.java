// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Ballot;

/**
 * How far the candidate has come to whom this node has promised. Where promises take many parts, phase 1 lasts longer
 * than an election timeout; as long as parts are asked for one after the other, nobody else is helped to a ballot, or
 * rivals would depose each other for ever (rule 17). A first question is no progress yet: a candidate whose promises
 * get lost on the way must not keep the others waiting.
 */
final class PromisedCandidacy {

    private Ballot ballot = Ballot.ZERO;
    private long asked;
    private long progressAt;
    private boolean comesOn;

    /** The candidate of a promised ballot asks for the part that begins with a slot. */
    void asks(Ballot promised, long from, long now) {
        boolean isSame = promised.equals(ballot);
        if (isSame && from <= asked) {
            return;
        }
        comesOn = isSame;
        ballot = promised;
        asked = from;
        progressAt = now;
    }

    /** Whether it has come a part further within so many ticks. */
    boolean comesOn(long now, int withinTicks) {
        return comesOn && now - progressAt < withinTicks;
    }
}
