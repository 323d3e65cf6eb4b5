// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.message.Envelope;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import io.paxos.wire.EnvelopeWriter;
import java.util.concurrent.atomic.LongAdder;

/**
 * The node that the transport serves, as its connections see it: who it is, what is set, and where news goes. What a
 * receiver throws ends here.
 */
final class LocalNode {

    private final Transport.Local identity;
    private final Transport.Receiver receiver;
    private final Settings settings;
    private final QuietLog log = new QuietLog();
    private final EnvelopeWriter encoder = new EnvelopeWriter();
    private final LongAdder received = new LongAdder();
    private volatile boolean closed;

    LocalNode(Transport.Local identity, Transport.Receiver receiver, Settings settings) {
        this.identity = identity;
        this.receiver = receiver;
        this.settings = settings;
    }

    Transport.Local identity() {
        return identity;
    }

    NodeId id() {
        return identity.self().node();
    }

    Settings settings() {
        return settings;
    }

    QuietLog log() {
        return log;
    }

    /** Writes the envelopes of all connections; confined to the loop, as they are. */
    EnvelopeWriter encoder() {
        return encoder;
    }

    long received() {
        return received.sum();
    }

    /** From now on the receiver hears nothing more. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    void deliver(Envelope envelope) {
        received.increment();
        tell("deliver", () -> receiver.deliver(envelope));
    }

    void peerUp(NodeId peer) {
        tell("peerUp", () -> receiver.peerUp(peer));
    }

    void peerDown(NodeId peer) {
        tell("peerDown", () -> receiver.peerDown(peer));
    }

    private void tell(String what, Runnable news) {
        if (closed) {
            return;
        }
        try {
            news.run();
        } catch (RuntimeException e) {
            log.warn(
                    "receiver " + what + " " + e.getClass().getName(),
                    id() + ": the receiver threw from " + what + ", which it must not; the transport goes on",
                    e);
        }
    }
}
