package io.paxos.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Keeps the connections that others opened: who may come in, how many may stand at the door without having said who
 * they are, and one connection for each peer, the latest. Confined to the loop.
 */
final class Doorkeeper implements InboundConnection.Guests {

    /** When more connections than this have not introduced themselves, the one that has waited longest goes. */
    private static final int MAX_STRANGERS = 128;

    private final LocalNode local;
    private final Lookups lookups;
    private final Consumer<NodeId> heardOf;
    private final Set<Channel> strangers = new LinkedHashSet<>();
    private final Map<Endpoint, Channel> guests = new HashMap<>();
    private final LongAdder refused = new LongAdder();

    /** @param heardOf told of each peer that is let in */
    Doorkeeper(LocalNode local, Lookups lookups, Consumer<NodeId> heardOf) {
        this.local = local;
        this.lookups = lookups;
        this.heardOf = heardOf;
    }

    long refusedConnections() {
        return refused.sum();
    }

    /** A connection was opened. */
    InboundConnection arrived(Channel channel) {
        strangers.add(channel);
        channel.closeFuture().addListener(closed -> {
            strangers.remove(channel);
            guests.values().remove(channel);
        });
        if (strangers.size() > MAX_STRANGERS) {
            Channels.close(strangers.iterator().next());
        }
        return new InboundConnection(local, this);
    }

    @Override
    public void ask(NodeId node, InboundConnection.KnownListener answer) {
        if (local.identity().peers().contains(node)) {
            answer.known(true);
        } else {
            lookups.knows(node, answer::known);
        }
    }

    @Override
    public void welcomed(Endpoint peer, ChannelHandlerContext connection) {
        strangers.remove(connection.channel());
        Channel former = guests.put(peer, connection.channel());
        if (former != null) {
            // A peer keeps one connection, so it has lost this one and the news has not arrived.
            Channels.close(former);
        }
        heardOf.accept(peer.node());
    }

    @Override
    public void refused() {
        refused.increment();
    }

    /** Closes every connection. */
    void close() {
        Set.copyOf(strangers).forEach(Channels::close);
        Set.copyOf(guests.values()).forEach(Channels::close);
    }
}
