// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;

/** Work that is done a little at a time, beside the writes of the node, so that none of them waits long. */
interface Chore extends AutoCloseable {

    /**
     * Does a part of it.
     *
     * @param bytes about how much to read and write
     * @return whether all is done
     * @throws IOException if that failed; the store is broken then
     */
    boolean advance(long bytes) throws IOException;

    /** Gives up what is not done. */
    @Override
    void close() throws IOException;
}
