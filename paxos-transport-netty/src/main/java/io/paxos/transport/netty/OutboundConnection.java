// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.paxos.model.NodeId;
import org.jspecify.annotations.Nullable;

/** A connection opened in order to send: introduces this node, checks that the other end is who it should be. */
final class OutboundConnection extends Connection {

    private final PeerLink link;
    private @Nullable FrameWriter writer;

    OutboundConnection(LocalNode local, PeerLink link) {
        super(local);
        this.link = link;
    }

    /** Writes what waits for the peer, as far as the connection takes it. */
    void drain() {
        if (writer != null) {
            writer.drain();
        }
    }

    @Override
    void onAdmitted(ChannelHandlerContext context) {
        NodeId there = certified();
        if (there != null && !there.equals(link.peer())) {
            fail(
                    context,
                    "the certificate there is that of node " + there + ", where node " + link.peer()
                            + " should be; correct the address of " + link.peer() + ", or its certificate");
            return;
        }
        Handshake handshake =
                new Handshake(local().identity().cluster(), local().identity().self(), link.peer());
        Channels.writeAndFlush(context, Frames.handshake(context.alloc(), Frames.HANDSHAKE, handshake));
    }

    @Override
    void onHandshake(ChannelHandlerContext context, byte kind, ByteBuf body) throws BadFrame {
        if (kind != Frames.WELCOME) {
            throw new BadFrame("a frame of kind " + kind + " in answer to the handshake");
        }
        Handshake answer = Handshake.read(body);
        NodeId expected = link.peer();
        if (!answer.cluster().equals(local().identity().cluster())
                || !answer.from().node().equals(expected)
                || !answer.to().equals(local().id())) {
            throw new BadFrame("node " + answer.from().node() + " of cluster " + answer.cluster()
                    + " answers where node " + expected + " of cluster "
                    + local().identity().cluster() + " should be; correct the address of " + expected);
        }
        establish();
        writer = new FrameWriter(
                context.channel(),
                local().encoder(),
                link.queue(),
                local().settings().maxFrameBytes(),
                link.sent(),
                (envelope, size) -> link.tooLarge(size));
        link.established(this);
    }

    @Override
    void onEstablishedFrame(ChannelHandlerContext context, byte kind, ByteBuf body) throws BadFrame {
        throw new BadFrame("a frame of kind " + kind + " on a connection that carries envelopes the other way only");
    }

    @Override
    void logFailure(ChannelHandlerContext context, String reason) {
        link.logFailure(reason);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        drain();
        super.channelWritabilityChanged(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        if (writer != null) {
            writer.release();
        } else if (!isRefused()) {
            logFailure(context, "it closed the connection before both had introduced themselves; its log may say why");
        }
        link.lost(this);
    }
}
