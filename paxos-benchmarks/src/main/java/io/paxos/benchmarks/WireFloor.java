// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the same messages cost with no consensus in them: bare Netty, a leader that sends one frame for each command to
 * each follower, followers that acknowledge all they have read with one number, and callers that are answered by the
 * first acknowledgement. Flushes are coalesced; nothing else is batched, kept, checked or decided.
 */
final class WireFloor implements AutoCloseable {

    private static final int LENGTH_BYTES = 4;
    private static final int ACK_BYTES = 8;

    private final byte[] body;
    private final List<EventLoopGroup> groups = new ArrayList<>();
    private final List<Channel> followers = new ArrayList<>();
    private final EventLoopGroup leader;
    private final Queue<CompletableFuture<Void>> submitted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** Sent and not yet acknowledged, oldest first; confined to the leader's loop, as the numbers are. */
    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();

    private long acknowledged;

    /**
     * Opens the connections.
     *
     * @param followerCount how many nodes there are beside the leader
     * @param frameBytes how many bytes a frame has behind its length
     */
    WireFloor(int followerCount, int frameBytes) {
        body = new byte[frameBytes];
        leader = group();
        for (int i = 0; i < followerCount; i++) {
            Channel server = new ServerBootstrap()
                    .group(group())
                    .channel(serverChannel())
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new Follower.Acceptor())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .syncUninterruptibly()
                    .channel();
            SocketAddress address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), ((InetSocketAddress) server.localAddress()).getPort());
            followers.add(new Bootstrap()
                    .group(leader)
                    .channel(clientChannel())
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new Acknowledgements())
                    .connect(address)
                    .syncUninterruptibly()
                    .channel());
        }
    }

    /** Sends a command; the future completes on the leader's loop. */
    CompletableFuture<Void> submit() {
        CompletableFuture<Void> future = new CompletableFuture<>();
        submitted.add(future);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            leader.execute(this::drain);
        }
        return future;
    }

    private void drain() {
        scheduled.set(false);
        boolean any = false;
        for (CompletableFuture<Void> next = submitted.poll(); next != null; next = submitted.poll()) {
            waiting.add(next);
            any = true;
            ByteBuf frame = followers.get(0).alloc().buffer(LENGTH_BYTES + body.length);
            frame.writeInt(body.length).writeBytes(body);
            for (Channel follower : followers) {
                var unused = follower.write(frame.retainedDuplicate(), follower.voidPromise());
            }
            frame.release();
        }
        if (any) {
            followers.forEach(Channel::flush);
        }
    }

    private void acknowledged(long upTo) {
        while (acknowledged < upTo) {
            acknowledged++;
            CompletableFuture<Void> first = waiting.remove();
            first.complete(null);
        }
    }

    @Override
    public void close() {
        // Whoever ends an event loop closes what is registered with it.
        for (EventLoopGroup group : groups) {
            var unused = group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        }
    }

    private EventLoopGroup group() {
        IoHandlerFactory handlers = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, handlers);
        groups.add(group);
        return group;
    }

    private static Class<? extends ServerChannel> serverChannel() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    private static Class<? extends SocketChannel> clientChannel() {
        return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** The leader's end of a connection: reads how far its follower has come. */
    private final class Acknowledgements extends ChannelInboundHandlerAdapter {

        private long number;
        private int missing = ACK_BYTES;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            while (bytes.isReadable()) {
                number = number << 8 | bytes.readUnsignedByte();
                missing--;
                if (missing == 0) {
                    acknowledged(number);
                    missing = ACK_BYTES;
                    number = 0;
                }
            }
            bytes.release();
        }
    }

    /** A follower's end: counts frames, and says so once for all that came together. */
    private static final class Follower extends io.netty.handler.codec.ByteToMessageDecoder {

        /** Gives each connection a follower. */
        static final class Acceptor extends io.netty.channel.ChannelInitializer<SocketChannel> {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new Follower());
            }
        }

        private long received;
        private long told;

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            while (in.readableBytes() >= LENGTH_BYTES) {
                int length = in.getInt(in.readerIndex());
                if (in.readableBytes() < LENGTH_BYTES + length) {
                    return;
                }
                in.skipBytes(LENGTH_BYTES + length);
                received++;
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) throws Exception {
            if (received > told) {
                told = received;
                var unused = context.writeAndFlush(
                        context.alloc().buffer(ACK_BYTES).writeLong(received), context.voidPromise());
            }
            super.channelReadComplete(context);
        }
    }
}
