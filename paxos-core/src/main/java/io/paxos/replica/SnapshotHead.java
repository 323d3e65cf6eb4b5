// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.log.Changes;
import io.paxos.model.DecidedChange;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.quorum.MajorityQuorums;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * What a snapshot says before the state of the user's machine begins: for tools that look into the stores of nodes that do
 * not run, or found a new cluster on what an old one has left. Not safe for use by several threads.
 */
public final class SnapshotHead {

    private final GroupId group;
    private final LogPoint point;
    private final FeatureLevel level;
    private final List<DecidedChange> changes;
    private final ClientSessions sessions;

    private SnapshotHead(GroupId group, SnapshotFormat.Head head, ClientSessions sessions) {
        this.group = group;
        this.point = head.point();
        this.level = head.level();
        this.changes = head.changes();
        this.sessions = sessions;
    }

    /**
     * Reads the head of a snapshot.
     *
     * @param group the log it must be of
     * @param in where it begins; what follows when this returns is the state of the user's machine, up to the end
     * @return the head
     * @throws IOException if reading fails, or it is no snapshot of this log that this library can read
     */
    public static SnapshotHead read(GroupId group, InputStream in) throws IOException {
        ClientSessions sessions = new ClientSessions(ClientSessions.MAX_SESSIONS);
        SnapshotFormat.Head head =
                SnapshotFormat.read(group, MachineConfig.DEFAULT_ALPHA, sessions, new DataInputStream(in));
        return new SnapshotHead(group, head, sessions);
    }

    /**
     * Where the snapshot was taken.
     *
     * @return every slot up to here is executed in it
     */
    public long slot() {
        return point.slot();
    }

    /**
     * The feature level that was raised in the slots it stands for.
     *
     * @return the lowest there is if none was
     */
    public FeatureLevel level() {
        return level;
    }

    /**
     * The changes of membership that matter for the slots behind it.
     *
     * @return the changes that took effect, the earliest first
     */
    public List<DecidedChange> changes() {
        return changes;
    }

    /**
     * Writes the head as it would be if the membership had never been changed: sessions, place, time and level are the same. A
     * cluster that begins with the snapshot counts from version 0 again.
     *
     * @param out where to write; the state of the user's machine is to follow. Not closed.
     * @throws IOException if {@code out} fails
     */
    public void writeUnchanged(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        Changes none = new Changes(MachineConfig.DEFAULT_ALPHA, MajorityQuorums::of);
        SnapshotFormat.write(group, point, level, none, sessions, data);
        data.flush();
    }
}
