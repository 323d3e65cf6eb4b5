// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** No protection at all: for one machine, or for a network on which everyone is trusted, which somebody has to say. */
final class Unprotected implements Protection {

    private final boolean networkTrusted;

    Unprotected(boolean networkTrusted) {
        this.networkTrusted = networkTrusted;
    }

    @Override
    public Protection trustingTheNetwork() {
        return new Unprotected(true);
    }

    @Override
    public @Nullable String objectionTo(InetSocketAddress address) {
        if (networkTrusted || address.getAddress().isLoopbackAddress()) {
            return null;
        }
        return address
                + " is beyond this machine, where plaintext lets everyone who reaches a port pose as any node and"
                + " read and change everything; use NettyTransport.mutualTls(...), or confirm with trustNetwork() that"
                + " nobody but the nodes can reach their ports";
    }

    @Override
    public void start(LocalNode local, EventLoop loop) {}

    @Override
    public void protect(Channel channel, boolean client) {
        channel.pipeline().addLast(new OpenDoor());
    }

    @Override
    public void reload() {
        throw new IllegalStateException("a plaintext transport has no certificates to load; use mutualTls(...)");
    }

    @Override
    public void close() {}

    /** Admits everyone. */
    static final class OpenDoor extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.fireChannelActive();
            context.fireUserEventTriggered(new Verdict.Admitted(null));
        }
    }
}
