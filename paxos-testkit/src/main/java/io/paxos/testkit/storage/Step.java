// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.spi.Write;
import java.util.List;

/** One thing that a script does with a store. */
sealed interface Step {

    /**
     * A batch is written.
     *
     * @param number counted from 1
     * @param writes the writes
     */
    record Batch(int number, List<Write> writes) implements Step {}

    /** A part of a snapshot is written; the first begins it. */
    record Piece(Snapshot snapshot, int from, int to) implements Step {}

    /** A snapshot is committed, after what is still missing of it was written. */
    record Commit(Snapshot snapshot) implements Step {}

    /** A snapshot is given up. */
    record Abort(Snapshot snapshot) implements Step {}

    /** The store is closed and opened again. */
    record Reopen() implements Step {}
}
