// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Self;
import io.paxos.model.Ballot;

/**
 * The ballots of this start. No ballot is ever used twice (rule 1), not even for a decree whose earlier attempts have
 * been forgotten: the rounds of one start only rise, whatever they are used for.
 */
final class Ballots {

    private final Self self;
    private Ballot last = Ballot.ZERO;

    Ballots(Self self) {
        this.self = self;
    }

    /** A ballot of this start above the given one, never given out before. */
    Ballot above(Ballot seen) {
        last = Ballot.max(last, seen).next(self.node(), self.start());
        return last;
    }
}
