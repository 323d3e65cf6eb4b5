// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.SnapshotInfo;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes one snapshot into a store. Nothing of it counts before it is committed. One thread at a time uses it, while
 * other threads use the store.
 */
public interface SnapshotWriter extends AutoCloseable {

    /**
     * Adds bytes at the end.
     *
     * @param bytes what to add; all that remains in it is taken
     * @throws IOException if that failed; the snapshot can then only be closed
     */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * Makes the snapshot durable: when this returns, it survives a crash and is what the store hands out from now on,
     * in place of an older one, which is kept until then.
     *
     * @param info what the bytes written must come to
     * @throws IOException if it may not be durable, or if other bytes were written; the former snapshot is in force
     */
    void commit(SnapshotInfo info) throws IOException;

    /**
     * Gives up what was not committed. A second call does nothing.
     *
     * @throws IOException if something could not be given up; it never counts in any case
     */
    @Override
    void close() throws IOException;
}
