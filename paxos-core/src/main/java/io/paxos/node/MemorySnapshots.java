// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The newest snapshot of each log, in memory. Safe for any thread. */
final class MemorySnapshots {

    private record Snapshot(SnapshotInfo info, List<byte[]> pieces) {}

    private final Map<GroupId, Snapshot> newest = new ConcurrentHashMap<>();

    @Nullable
    SnapshotInfo info(GroupId group) {
        Snapshot snapshot = newest.get(group);
        return snapshot == null ? null : snapshot.info;
    }

    @Nullable
    SnapshotReader read(GroupId group) {
        Snapshot snapshot = newest.get(group);
        return snapshot == null ? null : new Reader(snapshot);
    }

    SnapshotWriter write(GroupId group, long slot) {
        return new Writer(group, slot);
    }

    private final class Writer implements SnapshotWriter {
        private final GroupId group;
        private final long slot;
        private final List<byte[]> pieces = new ArrayList<>();
        private final CRC32C checksum = new CRC32C();
        private long bytes;

        Writer(GroupId group, long slot) {
            this.group = group;
            this.slot = slot;
        }

        @Override
        public void write(ByteBuffer more) {
            byte[] piece = new byte[more.remaining()];
            more.get(piece);
            pieces.add(piece);
            checksum.update(piece);
            bytes += piece.length;
        }

        @Override
        public void commit(SnapshotInfo info) throws IOException {
            SnapshotInfo written = new SnapshotInfo(slot, bytes, checksum.getValue());
            if (!written.equals(info)) {
                throw new IOException("written was " + written + ", not " + info);
            }
            newest.merge(
                    group,
                    new Snapshot(info, pieces),
                    (old, fresh) -> fresh.info.slot() > old.info.slot() ? fresh : old);
        }

        @Override
        public void close() {
            // What was not committed is held by nobody else.
        }
    }

    private static final class Reader implements SnapshotReader {
        private final Snapshot snapshot;
        private int piece;
        private long pieceFrom;

        Reader(Snapshot snapshot) {
            this.snapshot = snapshot;
        }

        @Override
        public SnapshotInfo info() {
            return snapshot.info;
        }

        @Override
        public int read(long offset, ByteBuffer into) {
            if (offset >= snapshot.info.bytes()) {
                return -1;
            }
            if (offset < pieceFrom) {
                piece = 0;
                pieceFrom = 0;
            }
            int before = into.remaining();
            long at = offset;
            while (into.hasRemaining() && piece < snapshot.pieces.size()) {
                byte[] bytes = snapshot.pieces.get(piece);
                if (at >= pieceFrom + bytes.length) {
                    pieceFrom += bytes.length;
                    piece++;
                    continue;
                }
                int from = (int) (at - pieceFrom);
                int length = Math.min(into.remaining(), bytes.length - from);
                into.put(bytes, from, length);
                at += length;
            }
            return before - into.remaining();
        }

        @Override
        public void close() {
            // Memory needs no closing.
        }
    }
}
