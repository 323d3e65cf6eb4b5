// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.message.Bundle;
import io.paxos.message.Envelope;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where messages leave: to the transport, or, if they are addressed to the node itself, into a queue that the loop
 * takes in next. A node's own vote is thus an ordinary message, and no step ever runs inside another. What is
 * said to one node at the same time about several logs, decrees and registers goes together. Confined to the loop.
 */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final NodeId self;
    private final Transport transport;
    private final Queue<Event> own = new ArrayDeque<>();
    private List<Envelope> leaving = new ArrayList<>();

    Outbox(NodeId self, Transport transport) {
        this.self = self;
        this.transport = transport;
    }

    /** Keeps an envelope until the next {@link #flush}, or for the node itself. */
    void send(Envelope envelope) {
        if (envelope.to().node().equals(self)) {
            own.add(new Event.Received(envelope));
        } else {
            leaving.add(envelope);
        }
    }

    /** Sends what has gathered. */
    void flush() {
        if (leaving.isEmpty()) {
            return;
        }
        List<Envelope> all = leaving;
        leaving = new ArrayList<>();
        Bundle.pack(all).forEach(this::sendOut);
    }

    /** Messages may be lost anyway; a transport that breaks its word must not take the loop with it. */
    private void sendOut(Envelope envelope) {
        try {
            transport.send(envelope);
        } catch (RuntimeException e) {
            LOG.error("{}: the transport threw, against its contract, and lost {}", self, envelope, e);
        }
    }

    /** Keeps what the node has to tell itself. */
    void report(Event event) {
        own.add(event);
    }

    /** The oldest thing kept for the node itself, or null. */
    @Nullable
    Event pollOwn() {
        return own.poll();
    }

    boolean hasOwn() {
        return !own.isEmpty();
    }
}
