// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.GroupId;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a node keeps what it must not forget. One store serves one node: its decrees and all its groups. The node calls
 * {@link #recover}, {@link #write} and {@link #close} from one thread at a time; snapshots are written and read on other
 * threads meanwhile.
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
     * Nothing waits to be written for now. The thread that calls {@link #write} calls this behind one that has returned, when
     * its messages are on their way; so nobody waits for what a store does here, such as noting at the end of a journal that
     * all of it is durable. It is not called while one write follows another, nor by a node whose writes run on its own
     * thread ({@link #blocks}), and nothing that {@code write} promises may depend on it.
     *
     * @throws IOException if nothing should be written any more; the node takes it as it takes a write that failed
     */
    default void idle() throws IOException {}

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
     * Lets somebody hear of the force that a {@link #write} waits for, which is where most of its time goes. Called before
     * {@link #recover}, at each start of a node. A store that forces nothing need not do anything; then its forces appear in
     * no metric and in no recording.
     *
     * @param meter hears of the forces from now on
     */
    default void meter(StoreMeter meter) {}

    /**
     * Begins to write a snapshot of a log. Any thread may call it, also while {@link #write} is under way; for one log
     * one snapshot is written at a time. What a crash leaves unfinished is gone.
     *
     * @param group the log
     * @param slot every slot up to here is executed in it
     * @return where to write it
     * @throws IOException if it cannot be begun, for instance because the disk is full; the store goes on
     */
    SnapshotWriter writeSnapshot(GroupId group, long slot) throws IOException;

    /**
     * Opens the newest committed snapshot of a log. Any thread may call it, also while {@link #write} is under way.
     *
     * @param group the log
     * @return the snapshot, or null if there is none
     * @throws IOException if it cannot be opened; the message names the file and the remedy
     */
    @Nullable
    SnapshotReader readSnapshot(GroupId group) throws IOException;

    /**
     * Closes the store. A second call does nothing.
     *
     * @throws IOException if closing failed; nothing that {@link #write} confirmed is lost by that
     */
    @Override
    void close() throws IOException;
}
