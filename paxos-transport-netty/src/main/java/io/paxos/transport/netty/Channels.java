package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;

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

    static void close(Channel channel) {
        var unused = channel.close();
    }
}
