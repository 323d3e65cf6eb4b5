// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.spi.StoreMeter;
import io.paxos.spi.Write;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store from its opening to its closing. The first failure ends its writing for good: after a force that failed the
 * system may have thrown away what was to be forced, so a later one that succeeds means nothing. One thread at a time.
 */
final class OpenStore implements AutoCloseable {

    private final StoreDirectory directory;
    private final FileStorageOptions options;
    private final StoreLock lock;
    private final Journal journal;
    private final Trimming trimming;
    private final LiveIndex index;
    private final SnapshotFiles snapshots;
    private final @Nullable StoreMeter meter;
    private final Batch batch = new Batch();
    private @Nullable IOException broken;
    /** Nothing says yet that the last batch is on the disk: the next one will, or a marker once nothing waits. */
    private boolean unvouched;

    /** @param meter hears of forces, if anybody does */
    OpenStore(
            StoreDirectory directory,
            FileStorageOptions options,
            StoreLock lock,
            Recovery.Opened opened,
            @Nullable StoreMeter meter) {
        this.directory = directory;
        this.options = options;
        this.lock = lock;
        this.journal = opened.journal();
        this.index = opened.index();
        this.snapshots = opened.snapshots();
        this.trimming = opened.trimming();
        this.meter = meter;
    }

    SnapshotFiles snapshots() {
        return snapshots;
    }

    /** The store as it is between two writes, to be copied while it goes on. */
    StoreBackup cut() throws IOException {
        requireSound();
        return StoreBackup.cut(directory, journal, snapshots);
    }

    private void requireSound() throws IOException {
        if (broken != null) {
            throw new IOException(
                    directory.path() + " takes no more since a write failed (" + broken.getMessage()
                            + "); remove the cause, then restart the node",
                    broken);
        }
    }

    void write(List<Write> writes) throws IOException {
        requireSound();
        batch.clear();
        for (Write write : writes) {
            batch.add(StoreRecord.Written.of(write));
        }
        try {
            if (writes.isEmpty()) {
                // What was written without forcing is made durable nevertheless when it is asked for.
                force();
            } else {
                append(writes);
            }
        } catch (IOException e) {
            broken = explain(e);
            throw broken;
        } catch (RuntimeException | Error e) {
            broken = new IOException("a write to the journal in " + directory.path() + " failed: " + e, e);
            throw e;
        }
    }

    /** Says at the end of the journal that all of it is on the disk, if nothing says so yet. */
    void idle() throws IOException {
        if (!unvouched || broken != null) {
            return;
        }
        try {
            journal.vouch();
            unvouched = false;
        } catch (IOException e) {
            broken = explain(e);
            throw broken;
        }
    }

    private IOException explain(IOException e) {
        return DiskErrors.explain(
                "a write to the journal in " + directory.path() + " failed",
                Math.max(batch.bodyBytes(), options.segmentBytes()),
                e,
                "nothing is written any more until the node is restarted");
    }

    private void append(List<Write> writes) throws IOException {
        long bytes = batch.bodyBytes();
        journal.append(batch, BatchHeader.Kind.BATCH);
        for (Write write : writes) {
            index.apply(write, journal.segment());
        }
        trimming.tellAgain(bytes);
        if (options.forced()) {
            force();
            unvouched = true;
        }
        trimming.release(bytes);
        journal.prepare();
    }

    private void force() throws IOException {
        if (meter == null) {
            journal.force();
            return;
        }
        meter.forceBegins();
        try {
            journal.force();
        } finally {
            meter.forceEnds();
        }
    }

    @Override
    public void close() throws IOException {
        try (lock;
                journal;
                trimming) {
            if (broken == null) {
                journal.end();
            }
        }
    }
}
