// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestNode.CLUSTER;
import static io.paxos.transport.netty.TestNode.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One connection that somebody opened to n1, without a network, so that what happens when can be chosen. */
@ExtendWith(LeakCheck.class)
class InboundConnectionTest implements InboundConnection.Guests {

    private static final Endpoint N3 = endpoint("n3", 7);

    private final TestNode n1 = new TestNode("n1", NettyTransport.plaintext("127.0.0.1:0"));
    private final LocalNode local =
            new LocalNode(new Transport.Local(CLUSTER, n1.self, Set.of()), n1, Settings.DEFAULT);
    private final List<InboundConnection.KnownListener> asking = new ArrayList<>();
    private final List<Endpoint> welcomed = new ArrayList<>();
    private int refused;
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new Unprotected.OpenDoor(), new InboundConnection(local, this));

    @Override
    public void ask(NodeId node, InboundConnection.KnownListener answer) {
        asking.add(answer);
    }

    @Override
    public void welcomed(Endpoint peer, ChannelHandlerContext connection) {
        welcomed.add(peer);
    }

    @Override
    public void refused() {
        refused++;
    }

    @AfterEach
    void release() {
        boolean unused = channel.finishAndReleaseAll();
        n1.close();
    }

    private void introduceAsN3() {
        channel.writeInbound(Frames.handshake(UnpooledByteBufAllocator.DEFAULT, Frames.HANDSHAKE, n1.handshakeOf(N3)));
    }

    private void ask(int times) {
        ByteBuf pings = Unpooled.buffer();
        for (int i = 0; i < times; i++) {
            Frames.writeHeader(pings, Frames.PING, 0);
        }
        channel.writeInbound(pings);
    }

    /** What was said since the last time, by kind. */
    private List<Byte> said() {
        List<Byte> kinds = new ArrayList<>();
        for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
            kinds.add(frame.getByte(Frames.LENGTH_BYTES));
            frame.release();
        }
        return kinds;
    }

    @Test
    void whoIsKnownIsWelcome() {
        introduceAsN3();
        assertThat(said()).isEmpty();
        asking.get(0).known(true);
        assertThat(said()).containsExactly(Frames.WELCOME);
        assertThat(welcomed).containsExactly(N3);
    }

    @Test
    void whoWasRefusedMeanwhileIsNotWelcomeAnyMore() {
        introduceAsN3();
        introduceAsN3();
        assertThat(said()).containsExactly(Frames.REFUSED);
        asking.get(0).known(true);
        assertThat(said()).isEmpty();
        assertThat(welcomed).isEmpty();
    }

    @Test
    void whoAsksWithoutReadingTheAnswersGetsNoMoreThanThereIsRoomFor() {
        introduceAsN3();
        asking.get(0).known(true);
        ask(2);
        assertThat(said()).containsExactly(Frames.WELCOME, Frames.PONG, Frames.PONG);
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        ask(1000);
        assertThat(said()).isEmpty();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        ask(1);
        assertThat(said()).containsExactly(Frames.PONG);
    }

    @Test
    void whoDoesNotReadWhatItMakesThisEndSayIsGone() {
        introduceAsN3();
        asking.get(0).known(true);
        assertThat(said()).containsExactly(Frames.WELCOME);
        // As TLS 1.3 does for a peer that asks for new keys, again and again: it answers, whether or not that is read.
        var unused = channel.write(Unpooled.buffer().writeZero(2 << 20));
        ask(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(refused).isEqualTo(1);
    }
}
