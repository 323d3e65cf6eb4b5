// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.model.GroupId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The logs that this node takes part in. Safe for any thread. */
final class Groups {

    private final Map<GroupId, GroupHandle> handles = new ConcurrentHashMap<>();
    /** Those that ticks are for. Confined to the loop. */
    private final Set<GroupHandle> ticking = new LinkedHashSet<>();

    /** Adds a log. */
    void add(GroupHandle handle) {
        GroupHandle known = handles.putIfAbsent(handle.id(), handle);
        if (known == null) {
            return;
        }
        throw new IllegalStateException(
                known.isClosing()
                        ? "this node is still closing \"" + handle.id()
                                + "\"; open it again when the future that close() returned has completed"
                        : "this node replicates \"" + handle.id()
                                + "\" already; keep the ReplicatedLog that the first call returned, or choose another"
                                + " name");
    }

    @Nullable
    GroupHandle get(GroupId id) {
        return handles.get(id);
    }

    /** This node's part in a log has changed, or the leader it hears. */
    void changed(Effect.RoleChanged change) {
        GroupHandle handle = handles.get(change.group());
        if (handle != null) {
            handle.changed(change);
        }
        synchronized (this) {
            notifyAll();
        }
    }

    /** Whether the execution of a log has ended by itself: the state machine threw, or a snapshot cannot be restored. */
    boolean executionFailed(GroupId id) {
        GroupHandle handle = handles.get(id);
        return handle != null && handle.applier().problem() != null;
    }

    /** Whether this node leads some log. */
    boolean leadsAny() {
        return handles.values().stream().anyMatch(handle -> handle.standing().role() == Effect.RoleName.LEADER);
    }

    /** Waits until this node leads nothing, or for so long. */
    synchronized void awaitNoOffice(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && leadsAny(); left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** This node leads nothing any more, though its machine can no longer say so. */
    void endLeaderships() {
        handles.values().forEach(handle -> handle.leadership().changed(null));
    }

    /** Every log that is open, in the order of their names; one that is being closed is not. */
    List<GroupId> ids() {
        return handles.values().stream()
                .filter(handle -> !handle.isClosing())
                .map(GroupHandle::id)
                .sorted()
                .toList();
    }

    /** Whether a log is open and nobody has begun to close it. */
    boolean isOpen(GroupId id) {
        GroupHandle handle = handles.get(id);
        return handle != null && !handle.isClosing();
    }

    /** Nothing of a log is left at this node but what it must not forget; it may be opened again. Any thread. */
    void remove(GroupHandle handle) {
        handles.remove(handle.id(), handle);
    }

    /** Those whose logs are to be closed and are not yet. */
    List<GroupHandle> closing() {
        return handles.values().stream().filter(GroupHandle::isClosing).toList();
    }

    /** Something is to be executed in a log: until it is, and for a while, ticks matter there. */
    void executes(GroupHandle handle) {
        ticking.add(handle);
    }

    /** A tick has passed. */
    void tick() {
        ticking.removeIf(handle -> !handle.applier().tick());
    }

    /** Stops the execution of all logs. */
    void stop(String reason) {
        handles.values().forEach(handle -> handle.applier().stop(reason));
        endLeaderships();
    }
}
