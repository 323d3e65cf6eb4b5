// SPDX-License-Identifier: Apache-2.0
package io.paxos.node.trace;

import io.paxos.message.Envelope;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A transport whose envelopes are looked at when they leave and when they arrive. */
final class TracedTransport implements Transport {

    private final Transport transport;
    private final CommandTrace trace;

    TracedTransport(Transport transport, CommandTrace trace) {
        this.transport = transport;
        this.trace = trace;
    }

    @Override
    public void start(Local local, Receiver receiver) {
        transport.start(local, new Receiver() {
            @Override
            public void deliver(Envelope envelope) {
                Following current = trace.following();
                if (current != null) {
                    current.arrived(envelope);
                }
                receiver.deliver(envelope);
            }

            @Override
            public void peerUp(NodeId peer) {
                receiver.peerUp(peer);
            }

            @Override
            public void peerDown(NodeId peer) {
                receiver.peerDown(peer);
            }
        });
    }

    @Override
    public void send(Envelope envelope) {
        Following current = trace.following();
        if (current != null) {
            current.sent(envelope);
        }
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
