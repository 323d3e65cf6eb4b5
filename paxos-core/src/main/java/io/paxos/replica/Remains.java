// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.model.FeatureLevel;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.RecoveredState;
import org.jspecify.annotations.Nullable;

/**
 * What is left at a node of a log in which it takes no part: what its acceptor holds, and what this start has used and must
 * not use again (rule 1). Whoever opens the log goes on from there.
 *
 * @param log what the acceptor holds. It may be ahead of the store, by writes that are under way
 * @param used ballots and questions
 * @param submissions no calls, but the session of this start and how far it has numbered its commands (rule 11)
 * @param told the highest feature level of the log that this start has told of: nobody is told again that it works at that
 * @param halted why the replica had stopped before it was closed, or null. It stays stopped until the node is restarted
 */
record Remains(
        RecoveredState.Log log,
        Used used,
        Submissions submissions,
        FeatureLevel told,
        @Nullable String halted) {

    /** Of a log that has not been opened since the node was started. */
    static Remains of(RecoveredState.Log log, Self self, MachineConfig config) {
        return new Remains(log, new Used(), new Submissions(self, config), FeatureLevel.BASE, null);
    }

    /** A snapshot has become durable that was under way when the log was closed. */
    Remains with(SnapshotInfo snapshot) {
        SnapshotInfo known = log.snapshot();
        if (known != null && known.slot() >= snapshot.slot()) {
            return this;
        }
        RecoveredState.Log now =
                new RecoveredState.Log(log.promised(), log.slots(), log.decided(), log.compacted(), snapshot);
        return new Remains(now, used, submissions, told, halted);
    }
}
