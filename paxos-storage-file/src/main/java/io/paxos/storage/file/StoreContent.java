// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.spi.Write;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** All that a store holds, as it is read: nothing is changed by reading it. */
final class StoreContent {

    private final LiveIndex index = new LiveIndex();
    private final DecidedNames decided = new DecidedNames();
    private final JournalScan.@Nullable Tail tail;
    private final SnapshotFiles snapshots;

    private StoreContent(StoreDirectory directory, Identity identity, JournalScan.Sink watcher) throws IOException {
        for (long number : identity.decrees()) {
            try (DecreeFileReader reader = DecreeFileReader.open(directory, identity.store(), number)) {
                reader.forEach(decided::add);
            }
        }
        if (identity.lastSegment() == 0) {
            tail = null;
        } else {
            index.use().forgetBefore(identity.firstSegment());
            tail = new JournalScan(directory, identity, new JournalScan.Sink() {
                        @Override
                        public void header(long segment, long offset, BatchHeader header) {
                            watcher.header(segment, offset, header);
                        }

                        @Override
                        public void record(ByteBuffer record, long segment) {
                            watcher.record(record.duplicate(), segment);
                            take(record, segment);
                        }
                    })
                    .run();
        }
        index.dropDecided(decided);
        snapshots = SnapshotFiles.open(directory, identity.store(), directory.names(), index.compacted());
    }

    /**
     * Reads a store.
     *
     * @throws IOException if it is damaged, or cannot be read or understood
     */
    static StoreContent read(StoreDirectory directory, Identity identity) throws IOException {
        return read(directory, identity, (record, segment) -> {});
    }

    /** As {@link #read}, and shows each record of the journal to a watcher. */
    static StoreContent read(StoreDirectory directory, Identity identity, JournalScan.Sink watcher) throws IOException {
        return new StoreContent(directory, identity, watcher);
    }

    /** Whether a file is of no use to a store: it was not yet, or is no longer, part of it when a crash came. */
    static boolean isLeftOver(Identity identity, String name) {
        if (SegmentFile.isName(name)) {
            return !isWithin(identity, name);
        }
        return DecreeFile.isName(name)
                && identity.decrees().stream().map(DecreeFile::name).noneMatch(name::equals);
    }

    private static boolean isWithin(Identity identity, String name) {
        for (long number = identity.firstSegment(); number <= identity.lastSegment(); number++) {
            if (name.equals(SegmentFile.name(number))) {
                return true;
            }
        }
        return false;
    }

    private void take(ByteBuffer record, long segment) {
        StoreRecord.read(record, new StoreRecord.Sink() {
            @Override
            public void written(Write write) {
                index.apply(write, segment);
                if (write instanceof Write.DecreeDecidedWrite decision) {
                    decided.add(decision.name(), decision.value());
                }
            }

            @Override
            public void started(StoreRecord.Started started) {
                index.apply(started, segment);
            }
        });
    }

    /** Takes in the records of a batch once more, as they will lie in another segment. */
    void readAgain(ByteBuffer body, long segment) {
        while (body.hasRemaining()) {
            int length = body.getInt();
            take(body.slice(body.position(), length), segment);
            body.position(body.position() + length);
        }
        index.dropDecided(decided);
    }

    LiveIndex index() {
        return index;
    }

    /**
     * The last time the store was opened.
     *
     * @throws JournalDamagedException if no record tells of any, though the store was handed out before
     */
    StoreRecord.Started lastStart(StoreDirectory directory) throws JournalDamagedException {
        StoreRecord.Started last = index.started();
        if (last == null) {
            throw new JournalDamagedException(
                    directory.file(SegmentFile.name(tail().header().number())),
                    tail().end(),
                    "no record tells how often the store was opened",
                    Remedies.WHOLE_STORE,
                    Remedies.REPLACE);
        }
        return last;
    }

    DecidedNames decided() {
        return decided;
    }

    SnapshotFiles snapshots() {
        return snapshots;
    }

    /** The end of the journal; only of a store that was handed out before. */
    JournalScan.Tail tail() {
        if (tail == null) {
            throw new IllegalStateException("the store has no journal yet");
        }
        return tail;
    }
}
