// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.message.Envelope;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A transport that remembers which peers can be reached, for whoever asks how the node stands. */
final class WatchedTransport implements Transport {

    private final Transport transport;
    private final Set<NodeId> reachable = ConcurrentHashMap.newKeySet();

    WatchedTransport(Transport transport) {
        this.transport = transport;
    }

    boolean isReachable(NodeId peer) {
        return reachable.contains(peer);
    }

    @Override
    public void start(Local local, Receiver receiver) {
        transport.start(local, new Receiver() {
            @Override
            public void deliver(Envelope envelope) {
                receiver.deliver(envelope);
            }

            @Override
            public void peerUp(NodeId peer) {
                reachable.add(peer);
                receiver.peerUp(peer);
            }

            @Override
            public void peerDown(NodeId peer) {
                reachable.remove(peer);
                receiver.peerDown(peer);
            }
        });
    }

    @Override
    public void send(Envelope envelope) {
        transport.send(envelope);
    }

    @Override
    public @Nullable ScheduledExecutorService executor() {
        return transport.executor();
    }

    @Override
    public void close() {
        transport.close();
    }
}
