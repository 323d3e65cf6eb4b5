// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.model.ClusterName;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import io.paxos.testkit.disk.CrashChoice;
import io.paxos.testkit.disk.CrashFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One life of a store on one disk: it is opened, goes through steps of a script, and remembers what it had confirmed at
 * each moment, so that its end can be placed anywhere afterwards.
 */
final class Life {

    static final StoreOwner OWNER = new StoreOwner(new ClusterName("contract"), NodeId.of("n1"));

    /** What had to be there once the disk had gone through so many operations. */
    private record Mark(int operation, Bounds bounds) {}

    private final StorageMaker maker;
    private final CrashFileSystem disk;
    private final Path directory;
    private final Script script;
    private final List<Mark> marks = new ArrayList<>();
    private final Map<GroupId, Writing> writing = new HashMap<>();
    private Bounds bounds;
    private @Nullable Storage storage;
    private int nextStep;
    private boolean failed;
    private boolean snapshotFailed;

    Life(StorageMaker maker, CrashFileSystem disk, Path directory, Script script, Bounds before) {
        this.maker = maker;
        this.disk = disk;
        this.directory = disk.getPath(directory.toString());
        this.script = script;
        this.bounds = before;
        mark(disk.operations(), before);
    }

    private record Writing(Snapshot snapshot, SnapshotWriter writer, int[] written) {}

    /** The life that begins after a crash of this one. */
    Life crashed(CrashChoice crash) {
        return new Life(maker, disk.crashed(crash), directory, script, boundsAt(crash.operation()));
    }

    /** The life that begins when the store is opened on the same disk again, nothing having been lost. */
    Life sameDisk() {
        return on(disk);
    }

    /** A life that begins with what this one left, on a disk of which that can be expected. */
    Life on(CrashFileSystem other) {
        return new Life(maker, other, directory, script, bounds);
    }

    Script script() {
        return script;
    }

    CrashFileSystem disk() {
        return disk;
    }

    /** What must be there now. */
    Bounds bounds() {
        return bounds;
    }

    boolean hasFailed() {
        return failed;
    }

    private void mark(int operation, Bounds now) {
        marks.add(new Mark(operation, now));
        bounds = now;
    }

    /** What must be there if the life ends after so many operations. */
    Bounds boundsAt(int operation) {
        Bounds latest = marks.get(0).bounds;
        for (Mark mark : marks) {
            if (mark.operation <= operation) {
                latest = mark.bounds;
            }
        }
        return latest;
    }

    /** Something may be there from the next operation of the disk on, and must be there when it has returned. */
    private void under(Bounds meanwhile) {
        mark(disk.operations() + 1, meanwhile);
    }

    private void done(Bounds after) {
        mark(disk.operations(), after);
    }

    private boolean excused() {
        return disk.hasFailed();
    }

    /** Opens the store, and holds what is in it against what must be there; false if a fault forbade that. */
    boolean open() {
        return open(true);
    }

    private boolean open(boolean checked) {
        Found found;
        try {
            found = recover();
        } catch (IOException e) {
            failed = true;
            if (excused()) {
                return false;
            }
            throw new StorageViolation("the store cannot be opened, though its disk is in order: " + e.getMessage(), e);
        }
        String wrong = checked ? bounds.wrong(found, script, true) : null;
        if (wrong != null) {
            throw new StorageViolation(wrong, null);
        }
        accept(found, bounds.batches(found, script));
        return true;
    }

    /** Recovers without judging what is found. */
    Found recover() throws IOException {
        try {
            Storage opened = maker.open(directory);
            storage = opened;
            return Found.in(opened, opened.recover(OWNER), script);
        } catch (RuntimeException e) {
            throw new StorageViolation("opening the store ended in " + e + ", not in an IOException", e);
        }
    }

    /** Goes on from what was found. */
    void accept(Found found, int batches) {
        done(bounds.opened(found, batches));
        nextStep = script.stepAfter(batches);
    }

    /** Goes through some steps, fewer if the script ends or a fault does. */
    void play(int steps) {
        for (int i = 0; i < steps && nextStep < script.steps().size() && !failed; i++) {
            Step step = script.steps().get(nextStep);
            try {
                play(step);
            } catch (RuntimeException e) {
                throw new StorageViolation("a store threw " + e + ", which is no IOException", e);
            }
            nextStep++;
        }
    }

    void playAll() {
        play(Integer.MAX_VALUE);
    }

    private Storage storage() {
        if (storage == null) {
            throw new IllegalStateException("not opened");
        }
        return storage;
    }

    private void play(Step step) {
        if (step instanceof Step.Batch batch) {
            boolean trims = batch.writes().stream().anyMatch(Write.TrimWrite.class::isInstance);
            if (snapshotFailed && trims) {
                // The snapshot that was to stand for the slots is not there: a node would not trim.
                failed = true;
                return;
            }
            write(batch);
        } else if (step instanceof Step.Piece piece) {
            snapshot(piece.snapshot(), piece.to(), false);
        } else if (step instanceof Step.Commit commit) {
            snapshot(commit.snapshot(), commit.snapshot().bytes().length, true);
        } else if (step instanceof Step.Abort abort) {
            close(writing.remove(abort.snapshot().group()));
        } else if (step instanceof Step.Reopen && close()) {
            int here = nextStep;
            open();
            nextStep = here;
        }
    }

    private void write(Step.Batch batch) {
        Bounds before = bounds;
        under(before.begun(batch.number()));
        try {
            storage().write(batch.writes());
        } catch (IOException e) {
            failed = true;
            if (!excused()) {
                throw new StorageViolation("batch " + batch.number() + " failed though nothing was wrong", e);
            }
            staysFailed(batch);
            return;
        }
        done(before.confirmed(batch.number(), !batch.writes().isEmpty()));
        idle(batch);
    }

    /** What a store does while nothing waits takes back nothing; if it fails, the store has failed. */
    private void idle(Step.Batch last) {
        try {
            storage().idle();
        } catch (IOException e) {
            failed = true;
            if (!excused()) {
                throw new StorageViolation(
                        "the store failed behind batch " + last.number() + " though nothing was wrong", e);
            }
            staysFailed(last);
        }
    }

    private void staysFailed(Step.Batch batch) {
        for (List<Write> next : List.of(batch.writes(), List.<Write>of())) {
            try {
                storage().write(next);
            } catch (IOException e) {
                continue;
            }
            throw new StorageViolation(
                    "a write failed, and a later one did not: after a failure nobody knows what the disk holds, so"
                            + " every later write must fail until the store is opened again",
                    null);
        }
    }

    private void snapshot(Snapshot snapshot, int upTo, boolean commit) {
        Snapshot newest = bounds.committed().get(snapshot.group());
        if (snapshotFailed
                || (newest != null && newest.info().slot() >= snapshot.info().slot())) {
            return;
        }
        Bounds before = bounds;
        try {
            Writing open = writing.get(snapshot.group());
            if (open == null || !open.snapshot.equals(snapshot)) {
                close(open);
                open = new Writing(
                        snapshot,
                        storage()
                                .writeSnapshot(snapshot.group(), snapshot.info().slot()),
                        new int[1]);
                writing.put(snapshot.group(), open);
            }
            int from = open.written[0];
            if (from < upTo) {
                open.writer.write(ByteBuffer.wrap(snapshot.bytes(), from, upTo - from));
                open.written[0] = upTo;
            }
            if (commit) {
                under(before.committing(snapshot));
                open.writer.commit(snapshot.info());
                done(bounds.committed(snapshot));
                close(writing.remove(snapshot.group()));
            }
        } catch (IOException e) {
            if (!excused()) {
                throw new StorageViolation("writing " + snapshot + " failed though nothing was wrong", e);
            }
            snapshotFailed = true;
            close(writing.remove(snapshot.group()));
        }
    }

    private void close(@Nullable Writing open) {
        if (open == null) {
            return;
        }
        try {
            open.writer.close();
        } catch (IOException e) {
            if (!excused()) {
                throw new StorageViolation("closing the writer of " + open.snapshot + " failed", e);
            }
        }
    }

    /** Closes the store as a node does that ends; false if a fault forbade that. */
    boolean close() {
        writing.values().forEach(this::close);
        writing.clear();
        Storage open = storage;
        if (open == null) {
            return true;
        }
        try {
            open.close();
            return true;
        } catch (IOException e) {
            failed = true;
            if (!excused()) {
                throw new StorageViolation("closing the store failed though nothing was wrong", e);
            }
            return false;
        } catch (RuntimeException e) {
            throw new StorageViolation("closing the store ended in " + e + ", not in an IOException", e);
        }
    }
}
