// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.RecoveredState;
import java.util.HashMap;
import java.util.Map;

/**
 * The logs in which this node takes no part: those that nobody has opened since it was started, and those that were closed.
 * What is held of a log is held here or by its replica, never by both.
 */
final class UnopenedLogs {

    private final Self self;
    private final MachineConfig config;
    private final Map<GroupId, RecoveredState.Log> recovered;
    private final Map<GroupId, Remains> closed = new HashMap<>();

    /** @param recovered what the store holds of each log */
    UnopenedLogs(Self self, MachineConfig config, Map<GroupId, RecoveredState.Log> recovered) {
        this.self = self;
        this.config = config;
        this.recovered = new HashMap<>(recovered);
    }

    /** A log is opened: what is left of it goes to its replica. */
    Remains take(GroupId group) {
        RecoveredState.Log stored = recovered.remove(group);
        Remains left = closed.remove(group);
        return left != null ? left : Remains.of(stored == null ? RecoveredState.Log.EMPTY : stored, self, config);
    }

    /** Whether the store holds anything of a log. */
    boolean holds(GroupId group) {
        return recovered.containsKey(group);
    }

    /** A log was closed. */
    void put(GroupId group, Remains left) {
        closed.put(group, left);
    }

    /** A snapshot of a log has become durable that was under way when the log was closed. */
    void snapshotStored(GroupId group, SnapshotInfo snapshot) {
        closed.computeIfPresent(group, (log, left) -> left.with(snapshot));
    }
}
