// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts the stream into frames. A length is checked against the limit that holds at the moment before anything is set
 * aside for it, and even then memory grows only as bytes arrive.
 */
abstract class FrameDecoder extends ByteToMessageDecoder {

    private int maxLength = Frames.MAX_HANDSHAKE;
    private boolean discarding;

    /** A complete frame has arrived. The body is valid during the call only. */
    abstract void onFrame(ChannelHandlerContext context, byte kind, ByteBuf body) throws BadFrame;

    /** The stream cannot be understood any further. */
    abstract void onBadFrame(ChannelHandlerContext context, BadFrame bad);

    /** From now on frames may be as long as the parts of envelopes are. */
    final void handshakeDone() {
        maxLength = Frames.MAX_LENGTH;
    }

    /** From now on whatever arrives is skipped. */
    final void discard() {
        discarding = true;
    }

    @Override
    protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        try {
            while (!discarding && in.readableBytes() >= Frames.LENGTH_BYTES) {
                int length = in.getInt(in.readerIndex());
                if (maxLength == Frames.MAX_HANDSHAKE && length >>> 16 == Frames.TLS_HANDSHAKE) {
                    throw new BadFrame("it speaks TLS, and this node does not; give both nodes mutualTls(...)");
                }
                if (length < 1 || length > maxLength) {
                    throw new BadFrame("a frame of " + Integer.toUnsignedString(length) + " bytes where at most "
                            + maxLength + " are allowed");
                }
                if (in.readableBytes() < Frames.LENGTH_BYTES + length) {
                    return;
                }
                in.skipBytes(Frames.LENGTH_BYTES);
                byte kind = in.readByte();
                onFrame(context, kind, in.readSlice(length - 1));
            }
        } catch (BadFrame bad) {
            discard();
            onBadFrame(context, bad);
        }
        if (discarding) {
            in.skipBytes(in.readableBytes());
        }
    }
}
