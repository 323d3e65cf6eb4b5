// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.SnapshotInfo;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads one snapshot of a store. It stays readable until closed, also when a newer one takes its place. One thread at a
 * time uses it.
 */
public interface SnapshotReader extends AutoCloseable {

    /**
     * Which snapshot this is.
     *
     * @return its description, as it was committed
     */
    SnapshotInfo info();

    /**
     * Reads bytes from a place on, as many as fit unless the snapshot ends.
     *
     * @param offset where to begin, 0 to the length of the snapshot
     * @param into where to put them
     * @return how many bytes were read, -1 at the end
     * @throws IOException if they cannot be read or are not those that were written; the message names the file, the
     *     offset and the remedy
     */
    int read(long offset, ByteBuffer into) throws IOException;

    /**
     * Closes the snapshot. A second call does nothing.
     *
     * @throws IOException if that failed
     */
    @Override
    void close() throws IOException;
}
