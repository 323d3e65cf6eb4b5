// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Operations on channels whose outcome nobody waits for: a write that fails closes the channel, and a channel that is
 * closed says so to its handlers.
 */
final class Channels {

    private Channels() {}

    static void writeAndFlush(ChannelHandlerContext context, ByteBuf frame) {
        var unused = context.writeAndFlush(frame, context.voidPromise());
    }

    static void write(Channel channel, ByteBuf bytes) {
        var unused = channel.write(bytes, channel.voidPromise());
    }

    /** Writes a frame behind which nothing follows, and says so to the other end; what it sends is still taken. */
    static void writeLast(ChannelHandlerContext context, ByteBuf frame) {
        context.writeAndFlush(frame).addListener(written -> {
            SslHandler tls = context.pipeline().get(SslHandler.class);
            if (tls != null) {
                var unused = tls.closeOutbound();
            } else if (context.channel() instanceof DuplexChannel channel) {
                var unused = channel.shutdownOutput();
            }
        });
    }

    static void close(Channel channel) {
        var unused = channel.close();
    }

    /** Without a farewell of TLS and without waiting for anything to be sent. On the loop of the channel. */
    static void closeAtOnce(Channel channel) {
        Channel.Unsafe unsafe = channel.unsafe();
        unsafe.close(unsafe.voidPromise());
    }
}
