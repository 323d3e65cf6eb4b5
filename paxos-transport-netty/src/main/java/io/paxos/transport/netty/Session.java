// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.timeout.IdleStateHandler;
import io.paxos.message.Envelope;
import io.paxos.model.NodeId;
import io.paxos.spi.TransportException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transport from its start to its end: the port, the ways to the peers, and what they share. */
final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

    /** Addressees come from members, observers and whoever was let in; more than this is a mistake. */
    private static final int MAX_PEERS = 1024;

    private final LocalNode local;
    private final EventLoop loop;
    private final NativeIo io;
    private final Protection protection;
    private final Lookups lookups;
    private final Doorkeeper doorkeeper;
    private final Map<NodeId, PeerLink> links = new ConcurrentHashMap<>();
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private final SplittableRandom jitter = new SplittableRandom();
    private volatile @Nullable Channel server;

    Session(LocalNode local, EventLoop loop, AddressResolver resolver, NativeIo io, Protection protection) {
        this.local = local;
        this.loop = loop;
        this.io = io;
        this.protection = protection;
        this.lookups = new Lookups(resolver, protection, loop, local.log());
        this.doorkeeper = new Doorkeeper(local, lookups, this::heardOf);
    }

    /**
     * Opens the port, then the connections to the peers.
     *
     * @throws TransportException if the port cannot be opened, or must not be
     */
    void listen(HostPort address) {
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new TransportException("cannot listen on " + address + ": the host \"" + address.host()
                    + "\" cannot be resolved; give an address of this machine");
        }
        String objection = protection.objectionTo(resolved);
        if (objection != null) {
            throw new TransportException("cannot listen on " + address + ": " + objection);
        }
        protection.start(local, loop);
        var bound = io.server()
                .group(loop, loop)
                .handler(new Listening())
                .childHandler(new Initializer(null))
                .bind(resolved)
                .awaitUninterruptibly();
        if (local.isClosed()) {
            throw new TransportException("the transport on " + address + " was closed while it started");
        }
        if (!bound.isSuccess()) {
            throw new TransportException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage()
                            + "; end what uses the port, or give node " + local.id() + " another address",
                    bound.cause());
        }
        LOG.info("{} listens on {}", local.id(), bound.channel().localAddress());
        for (NodeId peer : local.identity().peers()) {
            link(peer);
        }
    }

    int port() {
        Channel channel = server;
        if (channel == null || !(channel.localAddress() instanceof InetSocketAddress address)) {
            throw new IllegalStateException("the port is not open");
        }
        return address.getPort();
    }

    /** @return false if the envelope is none that this node may send to another */
    boolean send(Envelope envelope) {
        if (!envelope.from().equals(local.identity().self())
                || !envelope.cluster().equals(local.identity().cluster())) {
            return false;
        }
        PeerLink link = link(envelope.to().node());
        if (link == null) {
            return false;
        }
        link.send(envelope);
        return true;
    }

    private void heardOf(NodeId peer) {
        PeerLink link = link(peer);
        if (link != null) {
            link.nudge();
        }
    }

    /** The way to a peer, which begins with the first mention of it; null if there cannot be one. */
    private @Nullable PeerLink link(NodeId peer) {
        PeerLink existing = links.get(peer);
        if (existing != null) {
            return existing;
        }
        if (peer.equals(local.id()) || links.size() >= MAX_PEERS || local.isClosed()) {
            return null;
        }
        return links.computeIfAbsent(peer, this::begin);
    }

    private PeerLink begin(NodeId peer) {
        Backoff backoff;
        synchronized (jitter) {
            backoff = new Backoff(
                    local.settings().reconnectMin(), local.settings().reconnectMax(), jitter.split());
        }
        PeerLink link = new PeerLink(peer, local, loop, lookups, this::dial, backoff);
        try {
            loop.execute(link::connect);
        } catch (RejectedExecutionException e) {
            LOG.trace("{} is closed, {} is not connected to any more", local.id(), peer, e);
        }
        return link;
    }

    private Bootstrap dial(OutboundConnection connection) {
        return io.client().group(loop).disableResolver().handler(new Initializer(connection));
    }

    /** Nothing is delivered once this has run on the loop; on another thread, once the loop has ended. */
    void close() {
        local.close();
        lookups.close();
        protection.close();
        Runnable closing = () -> {
            Channel channel = server;
            if (channel != null) {
                Channels.close(channel);
            }
            links.values().forEach(PeerLink::close);
            // The loop closes what it finds open as it begins to shut down, but leaves that out if it is told to in the
            // same turn in which it ends.
            connections.forEach(Channels::closeAtOnce);
        };
        if (loop.inEventLoop()) {
            closing.run();
        } else {
            loop.execute(closing);
        }
    }

    /** How many connections there are, whatever they have come to. */
    int connections() {
        return connections.size();
    }

    TransportStats stats(long unroutable) {
        Map<NodeId, TransportStats.Peer> peers = new HashMap<>();
        links.forEach((peer, link) -> peers.put(peer, link.stats()));
        return new TransportStats(peers, local.received(), doorkeeper.refusedConnections(), unroutable);
    }

    /** Keeps hold of the open port from its first moment, so that none is forgotten by a close during the start. */
    private final class Listening extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel channel) {
            server = channel;
            if (local.isClosed()) {
                Channels.closeAtOnce(channel);
            }
        }
    }

    /** Sets up a connection: what protects it, the watch on silence, and the connection itself. */
    private final class Initializer extends ChannelInitializer<Channel> {

        private final @Nullable OutboundConnection outbound;

        Initializer(@Nullable OutboundConnection outbound) {
            this.outbound = outbound;
        }

        @Override
        protected void initChannel(Channel channel) {
            connections.add(channel);
            channel.closeFuture().addListener(closed -> connections.remove(channel));
            protection.protect(channel, outbound != null);
            long silence = local.settings().keepAlive().toMillis();
            channel.pipeline()
                    .addLast(new IdleStateHandler(silence, 0, 0, TimeUnit.MILLISECONDS))
                    .addLast(outbound == null ? doorkeeper.arrived(channel) : outbound);
        }
    }
}
