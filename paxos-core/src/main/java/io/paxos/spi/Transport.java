// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.message.Envelope;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Carries envelopes between the nodes of a cluster. It may lose, duplicate, delay and reorder them: the algorithm
 * assumes all of it. It must not alter them, nor deliver to one node what is addressed to another.
 *
 * <p>A transport is message-shaped, so that it needs no new methods as the algorithm grows. It serves one node; the
 * node starts it once and closes it once.
 */
public interface Transport extends AutoCloseable {

    /**
     * Begins to listen and to deliver.
     *
     * @param local who the node is; in force from now on for the whole life of the transport
     * @param receiver where inbound envelopes and news of peers go; it may be called from any thread, also before this
     *     method returns, never blocks and never throws
     * @throws TransportException if the transport cannot listen, naming the address and the remedy; it is then closed
     * @throws IllegalStateException if the transport has been started or closed before
     */
    void start(Local local, Receiver receiver);

    /**
     * Sends an envelope as far as that is possible now. Never blocks, never throws, may drop: an unknown addressee, a
     * full queue or a broken connection loses the envelope and nothing else. Any thread may call it, also before start
     * and after close, when it does nothing.
     *
     * @param envelope what to send; its addressee is another node (a node hands its own messages to itself)
     */
    void send(Envelope envelope);

    /**
     * The transport's own single-threaded executor, if the node should run on it, so that a message needs no hand-off
     * between threads. All tasks given to it run one after another on one thread.
     *
     * @return the executor, available from construction on until close, or null if the node is to bring its own thread
     */
    default @Nullable ScheduledExecutorService executor() {
        return null;
    }

    /** Stops listening and delivering and gives up all resources. A second call does nothing. */
    @Override
    void close();

    /**
     * Who the node is that a transport serves.
     *
     * @param cluster the cluster it belongs to; envelopes of another one are not delivered
     * @param self its name and incarnation
     * @param peers the other nodes configured; a transport may know more
     */
    record Local(ClusterName cluster, Endpoint self, Set<NodeId> peers) {
        /** Copies the peers. */
        public Local {
            peers = Set.copyOf(peers);
        }
    }

    /** The node's side of a transport. Thread-safe; no method blocks or throws. */
    interface Receiver {

        /**
         * An envelope arrived.
         *
         * @param envelope what arrived
         */
        void deliver(Envelope envelope);

        /**
         * A peer can be reached now, as far as the transport can tell. A hint: nothing is decided on it.
         *
         * @param peer which one
         */
        default void peerUp(NodeId peer) {}

        /**
         * A peer can no longer be reached, as far as the transport can tell. A hint: nothing is decided on it.
         *
         * @param peer which one
         */
        default void peerDown(NodeId peer) {}
    }
}
