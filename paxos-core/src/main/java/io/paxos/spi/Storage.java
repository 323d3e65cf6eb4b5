package io.paxos.spi;

import java.io.IOException;
import java.util.List;

/**
 * Where a node keeps what it must not forget. One store serves one node: its decrees and all its groups. The node calls
 * every method from one thread at a time.
 */
public interface Storage extends AutoCloseable {

    /**
     * Opens the store, creating it if there is none, and reads what it holds.
     *
     * @param owner who the store belongs to
     * @return all that was written, and the identity of the store
     * @throws IOException if the store cannot be read, is damaged, or belongs to someone else; the message names the
     *     place and the remedy. The node then does not start.
     */
    RecoveredState recover(StoreOwner owner) throws IOException;

    /**
     * Makes a batch durable: when this returns, all writes of the batch survive a crash, in their order, and all
     * earlier batches with them; after a crash before it returns, either the whole batch is there or none of it. An
     * empty batch makes sure of the earlier ones.
     *
     * @param batch the writes, in order
     * @throws IOException if any of it may not be durable. The node then never votes again until it is restarted: it
     *     calls no further write, and nothing that waited for this one is sent.
     */
    void write(List<Write> batch) throws IOException;

    /**
     * Whether {@link #write} may wait for a device. If so, the node calls it on a thread of its own; if not, on the
     * thread that runs the node, which saves two hand-offs.
     *
     * @return true unless a write only touches memory
     */
    default boolean blocks() {
        return true;
    }

    /**
     * Closes the store. A second call does nothing.
     *
     * @throws IOException if closing failed; nothing that {@link #write} confirmed is lost by that
     */
    @Override
    void close() throws IOException;
}
