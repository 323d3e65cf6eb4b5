// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a store says it holds after it was opened.
 *
 * @param state what was recovered
 * @param snapshots the snapshot that it hands out for each log that has one
 */
record Found(RecoveredState state, Map<GroupId, Snapshot> snapshots) {

    /** Reads all there is to read, and holds the two ways of asking for a snapshot against each other. */
    static Found in(Storage storage, RecoveredState state, Script script) throws IOException {
        Map<GroupId, Snapshot> snapshots = new HashMap<>();
        Set<GroupId> groups = script.snapshots().stream().map(Snapshot::group).collect(Collectors.toSet());
        groups.addAll(state.groups().keySet());
        for (GroupId group : groups) {
            SnapshotInfo info = null;
            try (SnapshotReader reader = storage.readSnapshot(group)) {
                if (reader != null) {
                    info = reader.info();
                    snapshots.put(group, new Snapshot(group, info, bytes(reader, info, group)));
                }
            }
            RecoveredState.Log log = state.groups().get(group);
            if (log != null && !Objects.equals(log.snapshot(), info)) {
                throw new StorageViolation(
                        "log " + group + ": recover() tells of " + log.snapshot() + ", readSnapshot() of " + info,
                        null);
            }
        }
        return new Found(state, snapshots);
    }

    static byte[] bytes(SnapshotReader reader, SnapshotInfo info, GroupId group) throws IOException {
        int size = Math.toIntExact(info.bytes());
        ByteBuffer into = ByteBuffer.allocate(size + 1);
        while (into.hasRemaining()) {
            int before = into.position();
            int count = reader.read(before, into);
            if (count != (into.position() == before ? -1 : into.position() - before)) {
                throw new StorageViolation(
                        info + " of log " + group + ": read(" + before + ", …) gave " + count + " for "
                                + (into.position() - before) + " bytes",
                        null);
            }
            if (count < 0) {
                break;
            }
        }
        return Arrays.copyOf(into.array(), into.position());
    }
}
