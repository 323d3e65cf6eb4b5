// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.log.Changes;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.spi.StateMachine;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Captures what has been executed when a snapshot is due, one at a time. All parts of it, the user's state, the sessions,
 * the feature level and the changes of membership, are taken between two slots, so that they always belong together (rule 9).
 */
final class Snapshots {

    private final GroupId group;
    private final StateMachine<Payload, Payload> machine;
    private final SnapshotPolicy policy;
    private final Changes changes;
    private LogPoint due;
    private @Nullable CapturedState captured;
    private @Nullable RuntimeException problem;
    private boolean busy;

    Snapshots(GroupId group, StateMachine<Payload, Payload> machine, SnapshotPolicy policy, Changes changes) {
        this.changes = changes;
        this.group = group;
        this.machine = machine;
        this.policy = policy;
        this.due = policy.nextAfter(LogPoint.START);
    }

    /** A snapshot that was taken elsewhere stands for everything up to here. */
    void goOnFrom(LogPoint point) {
        due = policy.nextAfter(point);
    }

    /** Whether a snapshot is due at a point that lies behind all those asked about before. */
    boolean isDue(long slot, long bytes, LogTime time) {
        return due.isReachedBy(slot, bytes, time);
    }

    /** Captures what is due, unless a snapshot is still being written: then the next one is awaited. */
    void captureDue(LogPoint now, FeatureLevel level, ClientSessions sessions) {
        due = policy.nextAfter(now);
        if (busy || problem != null) {
            return;
        }
        try {
            captured = capture(now, level, sessions);
        } catch (RuntimeException e) {
            // The commands go on; that the log can no longer be shortened is for an operator to know.
            problem = e;
        }
    }

    @Nullable
    CapturedState capture(LogPoint now, FeatureLevel level, ClientSessions sessions) {
        if (busy || now.slot() == 0) {
            return null;
        }
        CapturedState state = new CapturedState(now.slot(), head(now, level, sessions), machine.capture());
        busy = true;
        return state;
    }

    private byte[] head(LogPoint now, FeatureLevel level, ClientSessions sessions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            changes.forget(now.slot());
            SnapshotFormat.write(group, now, level, changes, sessions, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    @Nullable
    CapturedState take() {
        CapturedState taken = captured;
        captured = null;
        return taken;
    }

    void ended() {
        busy = false;
    }

    @Nullable
    RuntimeException problem() {
        return problem;
    }
}
