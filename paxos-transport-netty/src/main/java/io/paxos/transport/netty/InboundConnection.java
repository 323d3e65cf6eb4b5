// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.paxos.message.Envelope;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import io.paxos.wire.EnvelopeReader;
import io.paxos.wire.WireFormatException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A connection that a peer opened in order to send: takes its handshake and delivers its envelopes, on the loop. */
final class InboundConnection extends Connection {

    private final Guests guests;
    private final EnvelopeReader decoder = new EnvelopeReader();
    private final Assembly[] assemblies = new Assembly[Lane.COUNT];
    private @Nullable Endpoint peer;
    private boolean asking;

    InboundConnection(LocalNode local, Guests guests) {
        super(local);
        this.guests = guests;
        for (int i = 0; i < assemblies.length; i++) {
            assemblies[i] = new Assembly(local.settings().maxFrameBytes());
        }
    }

    /** What an inbound connection needs from the transport: who may come in, and who has. All on the loop. */
    interface Guests {

        /** Finds out whether a node is known here, and says so later, on the loop. */
        void ask(NodeId node, KnownListener answer);

        /** A peer has introduced itself and is let in. */
        void welcomed(Endpoint peer, ChannelHandlerContext connection);

        /** A connection has been refused or given up. */
        void refused();
    }

    /** Hears whether a node is known. */
    interface KnownListener {
        void known(boolean known);
    }

    @Override
    void onAdmitted(ChannelHandlerContext context) {}

    @Override
    void onHandshake(ChannelHandlerContext context, byte kind, ByteBuf body) throws BadFrame {
        if (kind != Frames.HANDSHAKE) {
            throw new BadFrame("a frame of kind " + kind + " where the handshake should be");
        }
        if (asking) {
            throw new BadFrame("a second handshake");
        }
        Handshake handshake = Handshake.read(body);
        check(handshake);
        asking = true;
        guests.ask(handshake.from().node(), known -> {
            if (!context.channel().isActive() || isRefused()) {
                return;
            }
            if (known) {
                welcome(context, handshake.from());
            } else {
                fail(
                        context,
                        "node " + handshake.from().node() + " is not known to " + local().id()
                                + "; add it to the peers of this node, or stop it");
            }
        });
    }

    private void check(Handshake handshake) throws BadFrame {
        NodeId from = handshake.from().node();
        NodeId self = local().id();
        NodeId proved = certified();
        if (proved != null && !from.equals(proved)) {
            throw new BadFrame("it calls itself node " + from + ", but its certificate is that of node " + proved
                    + "; a node may speak for itself only");
        }
        if (!handshake.cluster().equals(local().identity().cluster())) {
            throw new BadFrame("node " + from + " belongs to cluster " + handshake.cluster() + ", but " + self
                    + " belongs to cluster " + local().identity().cluster() + "; correct the addresses of one, or the"
                    + " name of its cluster");
        }
        if (!handshake.to().equals(self)) {
            throw new BadFrame("node " + from + " looks for node " + handshake.to() + ", but this is node " + self
                    + "; correct the address of " + handshake.to() + " at " + from);
        }
        if (from.equals(self)) {
            throw new BadFrame("another node calls itself " + self + " too; give every node an id of its own");
        }
    }

    private void welcome(ChannelHandlerContext context, Endpoint from) {
        peer = from;
        establish();
        Handshake answer =
                new Handshake(local().identity().cluster(), local().identity().self(), from.node());
        Channels.writeAndFlush(context, Frames.handshake(context.alloc(), Frames.WELCOME, answer));
        guests.welcomed(from, context);
    }

    @Override
    void onEstablishedFrame(ChannelHandlerContext context, byte kind, ByteBuf body) throws BadFrame {
        if (!Frames.carriesEnvelope(kind)) {
            throw new BadFrame("a frame of unknown kind " + kind);
        }
        Assembly assembly = assemblies[Frames.laneOf(kind).ordinal()];
        if (!Frames.isLast(kind)) {
            assembly.add(body);
        } else if (assembly.isEmpty()) {
            receive(body.nioBuffer());
        } else {
            assembly.add(body);
            receive(assembly.take());
        }
    }

    private void receive(ByteBuffer bytes) throws BadFrame {
        Envelope envelope;
        try {
            envelope = decoder.read(bytes);
        } catch (WireFormatException e) {
            throw new BadFrame("a malformed envelope: " + Frames.printable(String.valueOf(e.getMessage())));
        }
        if (!envelope.from().equals(peer)) {
            throw new BadFrame("an envelope in the name of " + envelope.from() + " on the connection of " + peer
                    + "; a node may speak for itself only");
        }
        if (!envelope.cluster().equals(local().identity().cluster())) {
            throw new BadFrame("an envelope of cluster " + envelope.cluster() + " in cluster "
                    + local().identity().cluster());
        }
        if (envelope.to().node().equals(local().id())) {
            local().deliver(envelope);
        }
    }

    @Override
    void logFailure(ChannelHandlerContext context, String reason) {
        if (local().isClosed()) {
            return;
        }
        guests.refused();
        String who = peer == null ? "a connection" : "the connection of node " + peer.node();
        local().log()
                .warn(
                        "inbound " + host(context) + ": " + reason,
                        local().id() + " gives up " + who + " from "
                                + context.channel().remoteAddress() + ": " + reason);
    }

    private static String host(ChannelHandlerContext context) {
        return context.channel().remoteAddress() instanceof InetSocketAddress address
                ? String.valueOf(address.getAddress())
                : "";
    }
}
