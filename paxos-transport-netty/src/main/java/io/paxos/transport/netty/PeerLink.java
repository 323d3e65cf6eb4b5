// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.paxos.message.Envelope;
import io.paxos.model.NodeId;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one peer: keeps a connection to it, or tries again and again to get one. Envelopes wait while an attempt
 * is under way; between attempts they are dropped, for what they say would be stale when the peer is back, and the
 * algorithm repeats what still matters. {@link #send} is for any thread, the rest is confined to the loop.
 */
final class PeerLink {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

    private final NodeId peer;
    private final LocalNode local;
    private final EventLoop loop;
    private final Lookups lookups;
    private final Dialer dialer;
    private final OutboundQueue queue;
    private final Backoff backoff;
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final LongAdder sent = new LongAdder();

    private volatile boolean accepting = true;
    private volatile @Nullable OutboundConnection connection;
    private @Nullable ChannelFuture attempt;
    private @Nullable ScheduledFuture<?> pause;
    private int attempts;
    private long establishedNanos;
    private boolean closed;

    /** Makes connections of the kind that the platform has. */
    interface Dialer {
        Bootstrap bootstrap(OutboundConnection connection);
    }

    PeerLink(NodeId peer, LocalNode local, EventLoop loop, Lookups lookups, Dialer dialer, Backoff backoff) {
        this.peer = peer;
        this.local = local;
        this.loop = loop;
        this.lookups = lookups;
        this.dialer = dialer;
        this.backoff = backoff;
        this.queue = new OutboundQueue(
                local.settings().maxQueuedMessages(), local.settings().maxQueuedBytes());
    }

    NodeId peer() {
        return peer;
    }

    OutboundQueue queue() {
        return queue;
    }

    /** Counts what has been handed to a connection. */
    LongAdder sent() {
        return sent;
    }

    /** Queues an envelope, or drops it; the loop is woken once for all that is queued until it comes to write. */
    void send(Envelope envelope) {
        if (!accepting) {
            queue.countDrop();
        } else if (queue.offer(envelope) && connection != null && drainScheduled.compareAndSet(false, true)) {
            try {
                loop.execute(this::drain);
            } catch (RejectedExecutionException e) {
                LOG.trace("{} is closed, nothing is sent any more", local.id(), e);
            }
        }
    }

    private void drain() {
        drainScheduled.set(false);
        OutboundConnection current = connection;
        if (current != null) {
            current.drain();
        }
    }

    /** Tries to connect now. */
    void connect() {
        if (closed || attempt != null || connection != null) {
            return;
        }
        pause = null;
        accepting = true;
        lookups.find(peer, outcome -> {
            if (closed) {
                return;
            }
            if (outcome.failure() != null) {
                logFailure(outcome.failure());
                retryLater();
            } else {
                dial(outcome.addresses());
            }
        });
    }

    private void dial(List<InetSocketAddress> addresses) {
        InetSocketAddress address = addresses.get(Math.floorMod(attempts++, addresses.size()));
        attempt = dialer.bootstrap(new OutboundConnection(local, this)).connect(address);
        attempt.addListener(done -> {
            if (!done.isSuccess() && !closed) {
                logFailure("no connection to " + address + ": "
                        + Frames.printable(String.valueOf(done.cause().getMessage())));
                retryLater();
            }
        });
    }

    /** The peer was heard of: if this link is pausing, the pause ends. */
    void nudge() {
        if (pause != null && pause.cancel(false)) {
            connect();
        }
    }

    /** The handshake is done. */
    void established(OutboundConnection established) {
        connection = established;
        establishedNanos = System.nanoTime();
        local.log().forget(logSubject());
        LOG.info("{} is connected to {}", local.id(), peer);
        local.peerUp(peer);
        established.drain();
    }

    /** A connection of this link is gone, established or not. */
    void lost(OutboundConnection lost) {
        if (connection == lost) {
            connection = null;
            long lasted = System.nanoTime() - establishedNanos;
            if (lasted > local.settings().reconnectMax().toNanos()) {
                backoff.reset();
            }
            if (!closed) {
                LOG.info("{} lost its connection to {}", local.id(), peer);
            }
            local.peerDown(peer);
        }
        if (!closed) {
            retryLater();
        }
    }

    private void retryLater() {
        attempt = null;
        accepting = false;
        queue.clear();
        if (pause == null) {
            pause = loop.schedule(this::connect, backoff.nextMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Says once why the peer cannot be reached, and again only after it was reached, or after a while. */
    void logFailure(String reason) {
        if (!closed) {
            local.log().warn(logSubject() + ": " + reason, local.id() + " cannot reach " + peer + ": " + reason);
        }
    }

    private String logSubject() {
        return "link " + peer;
    }

    /** An envelope is larger than what may be sent. */
    void tooLarge(int bytes) {
        int limit = local.settings().maxFrameBytes();
        local.log()
                .warn(
                        "oversize " + peer,
                        local.id() + " drops an envelope of " + bytes + " bytes for " + peer
                                + "; raise maxFrameBytes, which is " + limit
                                + ", on every node, or propose smaller values");
    }

    void close() {
        closed = true;
        accepting = false;
        if (pause != null) {
            pause.cancel(false);
        }
        if (attempt != null) {
            attempt.cancel(false);
            Channels.close(attempt.channel());
        }
        queue.clear();
    }

    TransportStats.Peer stats() {
        return new TransportStats.Peer(
                connection != null, queue.messages(), queue.bytes(), sent.sum(), queue.dropped());
    }
}
