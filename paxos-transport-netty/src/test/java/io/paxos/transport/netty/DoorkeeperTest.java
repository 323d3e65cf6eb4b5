// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestNode.CLUSTER;
import static io.paxos.transport.netty.TestNode.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many connections there may be, also while those that were told to go take their time. */
class DoorkeeperTest {

    private final TestNode n1 = new TestNode("n1", NettyTransport.plaintext("127.0.0.1:0"));
    private final LocalNode local =
            new LocalNode(new Transport.Local(CLUSTER, n1.self, Set.of()), n1, Settings.DEFAULT);
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Lookups lookups = new Lookups(node -> null, new Unprotected(false), loop, local.log());
    private final Doorkeeper doorkeeper = new Doorkeeper(local, lookups, peer -> {});
    private final List<EmbeddedChannel> channels = new ArrayList<>();

    @AfterEach
    void close() {
        lookups.close();
        var unused = loop.shutdownGracefully();
        n1.close();
    }

    /** TLS says farewell before it closes, and until that has left, or while a task of its own is under way, it stays. */
    private static final class SlowFarewell extends ChannelOutboundHandlerAdapter {

        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {}
    }

    private EmbeddedChannel open() {
        EmbeddedChannel channel = new EmbeddedChannel(new SlowFarewell(), new ChannelInboundHandlerAdapter());
        channels.add(channel);
        return channel;
    }

    private void awaitRoom(int most) {
        assertThat(channels.stream().filter(EmbeddedChannel::isOpen)).hasSize(most);
    }

    @Test
    void strangersThatAreTurnedAwayAreGone() {
        for (int i = 0; i < 3 * Doorkeeper.MAX_STRANGERS; i++) {
            assertThat(doorkeeper.arrived(open())).isNotNull();
        }
        awaitRoom(Doorkeeper.MAX_STRANGERS);
        assertThat(channels.get(0).isOpen()).isFalse();
    }

    @Test
    void incarnationsThatAreTurnedAwayAreGone() {
        for (int i = 0; i < 3 * Doorkeeper.MAX_INCARNATIONS; i++) {
            welcome(i);
        }
        awaitRoom(Doorkeeper.MAX_INCARNATIONS);
    }

    @Test
    void aConnectionThatAnotherTakesThePlaceOfIsGone() {
        for (int i = 0; i < 10; i++) {
            welcome(1);
        }
        awaitRoom(1);
    }

    private void welcome(int incarnation) {
        EmbeddedChannel channel = open();
        assertThat(doorkeeper.arrived(channel)).isNotNull();
        doorkeeper.welcomed(endpoint("n3", incarnation), channel.pipeline().lastContext());
    }
}
