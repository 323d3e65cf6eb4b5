// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both ends of a connection do alike: agree who they are within a bounded time, then ask a silent peer whether it
 * is alive, and give up on it when it does not answer, so that a connection that is open on one side only is noticed.
 */
abstract class Connection extends FrameDecoder {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

    /** How many questions in a row may stay without an answer. */
    private static final int MAX_UNANSWERED = 3;

    /** How long a refused peer has for reading the reason. */
    private static final long REFUSAL_MILLIS = 1000;

    /** How much may wait for the other end to read it: more than envelopes ever do, which wait elsewhere. */
    private static final int MAX_UNREAD_BYTES = 1 << 20;

    private final LocalNode local;
    private @Nullable NodeId certified;
    private boolean admitted;
    private boolean established;
    private boolean refused;
    private int unanswered;

    Connection(LocalNode local) {
        this.local = local;
    }

    /** Frames may be exchanged from now on, and none has been. */
    abstract void onAdmitted(ChannelHandlerContext context);

    /** The first frame of the other end, of whichever kind. */
    abstract void onHandshake(ChannelHandlerContext context, byte kind, ByteBuf body) throws BadFrame;

    /** A frame after the handshake that is not about the connection itself. */
    abstract void onEstablishedFrame(ChannelHandlerContext context, byte kind, ByteBuf body) throws BadFrame;

    /** Says in the log why the connection ends. */
    abstract void logFailure(ChannelHandlerContext context, String reason);

    final LocalNode local() {
        return local;
    }

    /** Whether it has been said why the connection ends. */
    final boolean isRefused() {
        return refused;
    }

    /** The node that the other end has proved to be; null if it did not have to. */
    final @Nullable NodeId certified() {
        return certified;
    }

    /** Who stands between this connection and the network has no objection. */
    final void admitted(ChannelHandlerContext context, @Nullable NodeId peer) {
        certified = peer;
        admitted = true;
        onAdmitted(context);
    }

    final void establish() {
        established = true;
        handshakeDone();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var timeout = context.executor()
                .schedule(
                        () -> {
                            if (!established && !refused && context.channel().isActive()) {
                                fail(
                                        context,
                                        "no handshake within "
                                                + local.settings().handshakeTimeout() + "; it hangs, or"
                                                + " is no node of this library");
                            }
                        },
                        local.settings().handshakeTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> timeout.cancel(false));
    }

    @Override
    final void onFrame(ChannelHandlerContext context, byte kind, ByteBuf body) throws BadFrame {
        unanswered = 0;
        if (kind == Frames.REFUSED) {
            refused = true;
            discard();
            logFailure(context, "it refused: " + Frames.printable(body.toString(StandardCharsets.UTF_8)));
            Channels.close(context.channel());
        } else if (!established) {
            onHandshake(context, kind, body);
        } else if (kind == Frames.PING) {
            // Where much is on its way to the other end, that says as well that this one is alive; and whoever asks and
            // does not read must not fill the memory with answers.
            if (context.channel().isWritable()) {
                Channels.writeAndFlush(context, Frames.empty(context.alloc(), Frames.PONG));
            }
        } else if (kind != Frames.PONG) {
            onEstablishedFrame(context, kind, body);
        }
    }

    @Override
    final void onBadFrame(ChannelHandlerContext context, BadFrame bad) {
        fail(context, bad.reason());
    }

    /**
     * Tells the log why, and the other end if it has been admitted, and closes as soon as the other end has, or soon after.
     * What comes after the first failure of a connection follows from that and is not said.
     */
    final void fail(ChannelHandlerContext context, String reason) {
        if (refused) {
            return;
        }
        refused = true;
        discard();
        logFailure(context, reason);
        if (!admitted) {
            // Whoever has not proved anything yet is told nothing.
            Channels.close(context.channel());
            return;
        }
        Channels.writeLast(context, Frames.refused(context.alloc(), reason));
        // To close at once, with bytes unread, would take the reason away from the other end.
        var closing = context.executor()
                .schedule(() -> Channels.close(context.channel()), REFUSAL_MILLIS, TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> closing.cancel(false));
    }

    /** Whoever makes this end speak, as TLS does where new keys are asked for, has to read what it says. */
    @Override
    public final void channelReadComplete(ChannelHandlerContext context) throws Exception {
        super.channelReadComplete(context);
        if (!refused && context.channel().bytesBeforeWritable() > MAX_UNREAD_BYTES) {
            refused = true;
            discard();
            logFailure(
                    context,
                    "it asks and does not read the answers; more than " + MAX_UNREAD_BYTES + " bytes wait for it");
            Channels.closeAtOnce(context.channel());
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof Verdict verdict) {
            verdict.tell(this, context);
        } else if (!(event instanceof IdleStateEvent idle) || idle.state() != IdleState.READER_IDLE) {
            super.userEventTriggered(context, event);
        } else if (established && !refused) {
            if (unanswered == MAX_UNANSWERED) {
                logFailure(context, "it is silent and does not answer; taken for dead, as a half-open connection is");
                Channels.close(context.channel());
            } else {
                unanswered++;
                Channels.writeAndFlush(context, Frames.empty(context.alloc(), Frames.PING));
            }
        }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || local.isClosed()) {
            // The other process ended, or the network did: what follows from it is said where the link is lost. Or this
            // transport did, and with it the threads of TLS.
            LOG.debug("{} broke", context.channel(), cause);
        } else {
            local.log().warn(cause.getClass().getName(), "closing " + context.channel() + " after a failure", cause);
        }
        Channels.close(context.channel());
    }
}
