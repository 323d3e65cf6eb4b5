// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.model.EpochMark;

/**
 * This node's part in the epochs at one time (rule 16): in which it votes, and in which it proposes. The two may differ: a
 * node proposes in the latest epoch that it knows of, and votes in none before it holds what was left for it.
 *
 * @param mark how far its acceptors have come
 * @param counted whether this very store is a member of the epoch it has come to, and not another start of it
 * @param electorate the members of the latest epoch, whom it asks and whose votes it counts
 */
record Tenure(EpochMark mark, boolean counted, Electorate electorate) {

    /** Of a cluster whose membership has never changed. */
    static Tenure first(Electorate electorate, boolean votes) {
        return new Tenure(EpochMark.FIRST, votes, electorate);
    }

    /** Whether this node's acceptors answer in an epoch: only in the one they have come to, and with all it was left. */
    boolean votesIn(long epoch) {
        return counted && epoch == mark.epoch() && mark.isReady();
    }

    /** Whether they answer in any. */
    boolean votes() {
        return votesIn(mark.epoch());
    }

    /** Whether an epoch is over here, so that whoever speaks in it should be told. */
    boolean isOver(long epoch) {
        return epoch < mark.epoch();
    }

    /** Whether what is said in an epoch may be counted by those who propose here. */
    boolean proposesIn(long epoch) {
        return epoch == electorate.epoch();
    }

    Tenure withoutVote() {
        return new Tenure(mark, false, electorate);
    }
}
