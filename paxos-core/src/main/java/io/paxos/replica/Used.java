// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Ballot;

/**
 * What one start of a node has used in a log and never uses again, though the log be closed there and opened anew: its
 * ballots, each of which may stand for a value somewhere (rule 1), and the numbers of its questions, by which answers are
 * told from answers to older ones (rule 13). Not safe for use by several threads.
 */
final class Used {

    private Ballot ballot = Ballot.ZERO;
    private long readRounds;
    private long canvasses;

    /** The highest ballot that must not be used any more, as far as is known here. */
    Ballot ballot() {
        return ballot;
    }

    /** A ballot is used, here or by somebody else; own ones that come are higher. */
    void ballot(Ballot seen) {
        ballot = Ballot.max(ballot, seen);
    }

    /** The number of the last round of questions before reads; 0 before the first. */
    long readRounds() {
        return readRounds;
    }

    long nextReadRound() {
        return ++readRounds;
    }

    long nextCanvass() {
        return ++canvasses;
    }
}
