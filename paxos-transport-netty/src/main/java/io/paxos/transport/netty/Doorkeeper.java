// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Keeps the connections that others opened: who may come in, how many may stand at the door without having said who
 * they are, and one connection for each peer, the latest. Confined to the loop.
 */
final class Doorkeeper implements InboundConnection.Guests {

    /**
     * When more connections than this have not introduced themselves, the one that has waited longest goes, of those from
     * the host that has most of them: so whoever opens many is in nobody's way but its own.
     */
    static final int MAX_STRANGERS = 128;

    /** So many connections a node may have under different incarnations: it has one, and others pose as it. */
    static final int MAX_INCARNATIONS = 4;

    private final LocalNode local;
    private final Lookups lookups;
    private final Consumer<NodeId> heardOf;
    private final Set<Channel> strangers = new LinkedHashSet<>();
    private final Map<Endpoint, Channel> guests = new LinkedHashMap<>();
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
            turnAway(
                    longestWaiting(),
                    "more than " + MAX_STRANGERS + " connections have not introduced themselves yet,"
                            + " most of them from its host");
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
        Channel former = guests.remove(peer);
        guests.put(peer, connection.channel());
        if (former != null) {
            // A peer keeps one connection, so it has lost this one and the news has not arrived.
            Channels.closeAtOnce(former);
        }
        List<Channel> ofNode = guests.entrySet().stream()
                .filter(guest -> guest.getKey().node().equals(peer.node()))
                .map(Map.Entry::getValue)
                .toList();
        if (ofNode.size() > MAX_INCARNATIONS) {
            turnAway(
                    ofNode.get(0),
                    "node " + peer.node() + " has more than " + MAX_INCARNATIONS
                            + " connections under different incarnations; find out which processes use its name");
        }
        heardOf.accept(peer.node());
    }

    private Channel longestWaiting() {
        Map<Object, Integer> numbers = new HashMap<>();
        strangers.forEach(stranger -> numbers.merge(host(stranger), 1, Integer::sum));
        int most = Collections.max(numbers.values());
        return strangers.stream()
                .filter(stranger -> numbers.getOrDefault(host(stranger), 0) == most)
                .findFirst()
                .orElseThrow();
    }

    private static Object host(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress address ? address.getAddress() : "";
    }

    private void turnAway(Channel channel, String reason) {
        refused();
        local.log()
                .warn(
                        "turned away " + host(channel) + ": " + reason,
                        local.id() + " gives up a connection from " + channel.remoteAddress() + ": " + reason);
        // Not when its farewell has left, or TLS is done with what it is about: till then it would take up room.
        Channels.closeAtOnce(channel);
    }

    @Override
    public void refused() {
        refused.increment();
    }
}
