// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.message.Envelope;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import io.paxos.testkit.fuzz.Allowance;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Fuzzes what a node makes of the bytes on a connection that someone opened to it: frames, the handshake, envelopes in one
 * part and in several. The first byte of the input says whether the rest is the stream as it is or frames whose lengths
 * are put right, and in pieces of how many bytes the stream arrives.
 */
public final class InboundFuzz {

    static final Endpoint SENDER = new Endpoint(NodeId.of("n1"), new Incarnation(0x7fffffffffffffffL));
    static final NodeId ME = NodeId.of("n2");
    static final ClusterName CLUSTER = new ClusterName("orders");

    /** The first byte of an input that is a row of frames behind a sound handshake. */
    static final byte FRAMES = 1;

    private static final Allowance ALLOWANCE = new Allowance(4 << 20, 1024);

    /** Small, so that inputs may exceed it. */
    private static final int MAX_ENVELOPE = 2048;

    private InboundFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length > 0) {
            ALLOWANCE.hold(input.length, () -> run(input));
        }
    }

    private static void run(byte[] input) {
        InboundConnection connection = new InboundConnection(
                new LocalNode(
                        new Transport.Local(CLUSTER, new Endpoint(ME, new Incarnation(2)), Set.of(SENDER.node())),
                        new Judge(),
                        Settings.DEFAULT.withMaxFrameBytes(MAX_ENVELOPE)),
                new EveryoneIsWelcome());
        EmbeddedChannel channel = new EmbeddedChannel(new Unprotected.OpenDoor(), connection);
        ByteBuffer rest = ByteBuffer.wrap(input, 1, input.length - 1);
        ByteBuf stream = input[0] % 2 == FRAMES ? framed(rest) : Unpooled.copiedBuffer(rest);
        int piece = Math.max(1, Byte.toUnsignedInt(input[0]) / 2 * 8);
        while (stream.isReadable() && channel.isOpen()) {
            channel.writeInbound(stream.readRetainedSlice(Math.min(piece, stream.readableBytes())));
            channel.checkException();
        }
        boolean unused = channel.finishAndReleaseAll();
        if (stream.refCnt() != 1) {
            throw new AssertionError("parts of the stream are still held: " + stream);
        }
        stream.release();
    }

    /** Kind, length in two bytes, body; as many as there are. */
    private static ByteBuf framed(ByteBuffer rest) {
        ByteBuf stream = Frames.handshake(
                UnpooledByteBufAllocator.DEFAULT, Frames.HANDSHAKE, new Handshake(CLUSTER, SENDER, ME));
        while (rest.remaining() > 3) {
            byte kind = rest.get();
            int length = Math.min(Short.toUnsignedInt(rest.getShort()), rest.remaining());
            Frames.writeHeader(stream, kind, length);
            stream.writeBytes(rest.slice(rest.position(), length));
            rest.position(rest.position() + length);
        }
        return stream;
    }

    private static final class EveryoneIsWelcome implements InboundConnection.Guests {

        @Override
        public void ask(NodeId node, InboundConnection.KnownListener answer) {
            answer.known(true);
        }

        @Override
        public void welcomed(Endpoint peer, ChannelHandlerContext connection) {}

        @Override
        public void refused() {}
    }

    /** The node behind the connection. */
    private static final class Judge implements Transport.Receiver {

        @Override
        public void deliver(Envelope envelope) {
            if (!envelope.to().node().equals(ME) || !envelope.cluster().equals(CLUSTER)) {
                // A receiver must not throw, so an error it is, which nothing on the way takes for its own.
                throw new AssertionError("delivered, though it is for another: " + envelope);
            }
        }

        @Override
        public void peerUp(NodeId peer) {}

        @Override
        public void peerDown(NodeId peer) {}
    }
}
