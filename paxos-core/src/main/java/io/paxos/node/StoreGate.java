// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.NodeId;
import io.paxos.spi.Storage;
import io.paxos.spi.Write;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way by which writes reach the store. Once it is shut, none does: a node that has been closed may have a thread
 * that hangs and goes on much later, when the store is in use by the next life of the node already. Safe for any thread.
 */
final class StoreGate {

    private static final Logger LOG = LoggerFactory.getLogger(PaxosNode.class);

    private final NodeId node;
    private final Storage storage;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean shut;
    private boolean closed;

    StoreGate(NodeId node, Storage storage) {
        this.node = node;
        this.storage = storage;
    }

    /** Writes a batch, unless the gate is shut. */
    void write(List<Write> batch) throws IOException {
        writing.lock();
        try {
            if (shut) {
                throw new IOException("node " + node + " has been closed, and writes nothing any more");
            }
            storage.write(batch);
        } finally {
            try {
                closeIfShut();
            } finally {
                writing.unlock();
            }
        }
    }

    /** Nothing waits for now; nothing happens if the gate is shut. */
    void idle() throws IOException {
        writing.lock();
        try {
            if (!shut) {
                storage.idle();
            }
        } finally {
            try {
                closeIfShut();
            } finally {
                writing.unlock();
            }
        }
    }

    boolean isShut() {
        return shut;
    }

    /**
     * Lets no further write through, waits for the one under way, and closes the store. If that takes too long, the write
     * under way closes the store when it returns.
     */
    void close(long mostSeconds) {
        shut = true;
        try {
            // The first try takes no heed of an interrupt: a store that is free is closed in any case.
            if (writing.tryLock() || writing.tryLock(mostSeconds, TimeUnit.SECONDS)) {
                try {
                    closeIfShut();
                } finally {
                    writing.unlock();
                }
            } else {
                LOG.warn("{}: the store still writes; it is closed when it returns", node);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeIfShut() {
        if (!shut || closed) {
            return;
        }
        closed = true;
        try {
            storage.close();
        } catch (IOException | RuntimeException e) {
            LOG.error("{}: the store could not be closed; nothing it confirmed is lost", node, e);
        }
    }
}
