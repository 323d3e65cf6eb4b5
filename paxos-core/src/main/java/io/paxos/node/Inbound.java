// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.message.Envelope;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what the transport brings into the loop's mailbox, as far as there is room. Safe for any thread.
 *
 * @param dropped counts the messages for which there was none
 */
record Inbound(NodeId node, EventLoop loop, LongAdder dropped) implements Transport.Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(Inbound.class);

    private static final int HINT_WEIGHT = 64;

    @Override
    public void deliver(Envelope envelope) {
        Mailbox.Lane lane = envelope.message().isBulk() ? Mailbox.Lane.BULK : Mailbox.Lane.VOTES;
        if (!loop.offer(lane, new Event.Received(envelope), envelope.message().weight())) {
            dropped.increment();
            LOG.debug("{}: dropped, for too much waits or the node is closed: {}", node, envelope);
        }
    }

    @Override
    public void peerUp(NodeId peer) {
        loop.offer(Mailbox.Lane.VOTES, new Event.PeerUp(peer), HINT_WEIGHT);
    }

    @Override
    public void peerDown(NodeId peer) {
        loop.offer(Mailbox.Lane.VOTES, new Event.PeerDown(peer), HINT_WEIGHT);
    }
}
