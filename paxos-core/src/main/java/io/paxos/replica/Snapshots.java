package io.paxos.replica;

import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.spi.StateMachine;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Captures what has been executed when a snapshot is due, one at a time. Both halves of it, the user's state and the
 * sessions, are taken between two slots, so that they always belong together (rule 9).
 */
final class Snapshots {

    private final GroupId group;
    private final StateMachine<Payload, Payload> machine;
    private final SnapshotPolicy policy;
    private @Nullable CapturedState captured;
    private @Nullable RuntimeException problem;
    private boolean busy;

    Snapshots(GroupId group, StateMachine<Payload, Payload> machine, SnapshotPolicy policy) {
        this.group = group;
        this.machine = machine;
        this.policy = policy;
    }

    void captureIfDue(LogPoint before, LogPoint now, ClientSessions sessions) {
        if (busy || problem != null || !policy.isDue(before, now)) {
            return;
        }
        try {
            captured = capture(now, sessions);
        } catch (RuntimeException e) {
            // The commands go on; that the log can no longer be shortened is for an operator to know.
            problem = e;
        }
    }

    @Nullable
    CapturedState capture(LogPoint now, ClientSessions sessions) {
        if (busy || now.slot() == 0) {
            return null;
        }
        CapturedState state = new CapturedState(now.slot(), head(now, sessions), machine.capture());
        busy = true;
        return state;
    }

    private byte[] head(LogPoint now, ClientSessions sessions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            SnapshotFormat.write(group, now, sessions, new DataOutputStream(bytes));
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
