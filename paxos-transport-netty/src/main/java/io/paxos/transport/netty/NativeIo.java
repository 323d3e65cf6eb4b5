// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;

/** Sockets by epoll where the platform has it, by NIO elsewhere. */
enum NativeIo {
    EPOLL {
        @Override
        IoHandlerFactory handlers(SelectStrategyFactory strategy) {
            return EpollIoHandler.newFactory(0, strategy);
        }

        @Override
        Class<? extends SocketChannel> clientChannel() {
            return EpollSocketChannel.class;
        }

        @Override
        Class<? extends ServerChannel> serverChannel() {
            return EpollServerSocketChannel.class;
        }

        @Override
        Bootstrap client() {
            // The kernel may have much on its way, but little that it has not begun to send: that cannot be overtaken.
            return super.client().option(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT_BYTES);
        }
    },
    NIO {
        @Override
        IoHandlerFactory handlers(SelectStrategyFactory strategy) {
            return NioIoHandler.newFactory(SelectorProvider.provider(), strategy);
        }

        @Override
        Class<? extends SocketChannel> clientChannel() {
            return NioSocketChannel.class;
        }

        @Override
        Class<? extends ServerChannel> serverChannel() {
            return NioServerSocketChannel.class;
        }
    };

    /** How much may wait between the queue of a peer and the network, where nothing can overtake it. */
    static final int UNSENT_BYTES = 128 << 10;

    private static final int CONNECT_MILLIS = 3000;

    static NativeIo best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** One thread, a daemon, that serves sockets and stays awake for so long when it has run out of work. */
    MultiThreadIoEventLoopGroup loop(String name, Duration awake) {
        long awakeNanos = awake.toNanos();
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(name, true), handlers(() -> new Vigil(awakeNanos, System::nanoTime)));
    }

    /** What serves the sockets of a loop, which sleeps as the strategy says. */
    abstract IoHandlerFactory handlers(SelectStrategyFactory strategy);

    abstract Class<? extends SocketChannel> clientChannel();

    abstract Class<? extends ServerChannel> serverChannel();

    Bootstrap client() {
        return new Bootstrap()
                .channel(clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(UNSENT_BYTES / 2, UNSENT_BYTES));
    }

    ServerBootstrap server() {
        return new ServerBootstrap()
                .channel(serverChannel())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true);
    }
}
