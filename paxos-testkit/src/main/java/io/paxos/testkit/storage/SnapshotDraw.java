// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.model.GroupId;
import io.paxos.spi.Write;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Draws the life of snapshots within a script: begun, written in pieces, committed or given up, then trimmed to. */
final class SnapshotDraw {

    private static final int SMALL = 700;
    private static final int LARGE = 3_000;

    private final Script script;
    private final RandomGenerator random;
    private @Nullable Snapshot current;
    private int written;
    private @Nullable Snapshot committed;

    SnapshotDraw(Script script, RandomGenerator random) {
        this.script = script;
        this.random = random;
    }

    void goOn(BatchDraw batches) {
        Snapshot snapshot = current;
        if (committed != null && random.nextInt(3) > 0) {
            trim(batches, committed);
        } else if (snapshot == null) {
            begin(batches);
        } else if (written < snapshot.bytes().length) {
            int left = snapshot.bytes().length - written;
            int length = random.nextBoolean() ? left : 1 + random.nextInt(left);
            script.add(new Step.Piece(snapshot, written, written + length));
            written += length;
        } else if (random.nextInt(6) == 0) {
            script.add(new Step.Abort(snapshot));
            current = null;
        } else {
            script.add(new Step.Commit(snapshot));
            script.add(snapshot);
            committed = snapshot;
            current = null;
        }
    }

    private void begin(BatchDraw batches) {
        GroupId group = batches.group();
        Expected.Log log = batches.state().log(group);
        long newest = script.snapshots().stream()
                .filter(s -> s.group().equals(group))
                .mapToLong(s -> s.info().slot())
                .max()
                .orElse(0);
        // Where nothing new was decided here, it is a snapshot of a peer that is ahead, and ends beyond this node's
        // log.
        long slot = log.decided() > newest ? log.decided() : Math.max(newest, log.decided()) + 1 + random.nextInt(5);
        int size = 1 + random.nextInt(random.nextInt(4) == 0 ? LARGE : SMALL);
        current = Snapshot.drawn(group, slot, size, random.nextLong());
        written = 0;
    }

    private void trim(BatchDraw batches, Snapshot snapshot) {
        long compacted = batches.state().log(snapshot.group()).compacted();
        // Mostly up to the snapshot, at times not as far, and at times no farther than before, which is to change
        // nothing.
        long room = snapshot.info().slot() - compacted;
        long mark = random.nextInt(4) > 0 ? snapshot.info().slot() : compacted + random.nextLong(room + 1);
        if (mark > 0) {
            Write trim = new Write.TrimWrite(snapshot.group(), mark);
            // At times with a promise right before it, which the trim must not take away (rule 8).
            script.add(batches.also(
                    random.nextInt(3) == 0 ? List.of(batches.promise(snapshot.group()), trim) : List.of(trim)));
        }
        if (mark == snapshot.info().slot()) {
            committed = null;
        }
    }
}
