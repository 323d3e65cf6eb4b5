package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.message.Envelope;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Where messages leave: to the transport, or, if they are addressed to the node itself, into a queue that the loop
 * takes in next. A node's own vote is thus an ordinary message, and no step ever runs inside another. Confined to the
 * loop.
 */
final class Outbox {

    private final NodeId self;
    private final Transport transport;
    private final Queue<Event> own = new ArrayDeque<>();

    Outbox(NodeId self, Transport transport) {
        this.self = self;
        this.transport = transport;
    }

    /** Sends an envelope, or keeps it for the node itself. */
    void send(Envelope envelope) {
        if (envelope.to().node().equals(self)) {
            own.add(new Event.Received(envelope));
        } else {
            transport.send(envelope);
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
