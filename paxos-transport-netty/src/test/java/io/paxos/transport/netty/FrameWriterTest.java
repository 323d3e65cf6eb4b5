// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestNode.bulk;
import static io.paxos.transport.netty.TestNode.endpoint;
import static io.paxos.transport.netty.TestNode.large;
import static io.paxos.transport.netty.TestNode.urgent;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.model.Fingerprint;
import io.paxos.model.StartId;
import io.paxos.wire.EnvelopeWriter;
import io.paxos.wire.WireCodec;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class FrameWriterTest {

    private final OutboundQueue queue = new OutboundQueue(10_000, 100 << 20);
    private final LongAdder sent = new LongAdder();
    private final List<Integer> tooLarge = new ArrayList<>();
    private int flushes;
    private Runnable onFirstWrite = () -> {};

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            Runnable once = onFirstWrite;
            onFirstWrite = () -> {};
            once.run();
            var unused = context.write(message, promise);
        }

        @Override
        public void flush(ChannelHandlerContext context) {
            flushes++;
            context.flush();
        }
    });
    private final FrameWriter writer = new FrameWriter(
            channel, new EnvelopeWriter(), queue, 4 << 20, sent, (envelope, bytes) -> tooLarge.add(bytes));

    private static Envelope envelope(Message message) {
        return new Envelope(
                TestNode.CLUSTER, endpoint("n1", 1), endpoint("n2", 1), StartId.NONE, Fingerprint.NONE, message);
    }

    private record Frame(byte kind, byte[] body) {}

    private List<Frame> written() {
        ByteBuf stream = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            stream.writeBytes(part);
            part.release();
        }
        List<Frame> frames = new ArrayList<>();
        while (stream.isReadable()) {
            int length = stream.readInt();
            assertThat(length).isLessThanOrEqualTo(Frames.MAX_LENGTH);
            byte kind = stream.readByte();
            byte[] body = new byte[length - 1];
            stream.readBytes(body);
            frames.add(new Frame(kind, body));
        }
        return frames;
    }

    private static List<Envelope> assembled(List<Frame> frames) throws BadFrame {
        List<Envelope> envelopes = new ArrayList<>();
        Assembly[] lanes = {new Assembly(4 << 20), new Assembly(4 << 20), new Assembly(4 << 20)};
        for (Frame frame : frames) {
            Assembly lane = lanes[Frames.laneOf(frame.kind()).ordinal()];
            lane.add(Unpooled.wrappedBuffer(frame.body()));
            if (Frames.isLast(frame.kind())) {
                ByteBuffer whole = lane.take();
                envelopes.add(WireCodec.decode(whole));
            }
        }
        return envelopes;
    }

    @Test
    void manySmallEnvelopesGoOutInOneFlush() throws BadFrame {
        List<Envelope> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            expected.add(envelope(urgent(i)));
            queue.offer(envelope(urgent(i)));
        }
        writer.drain();

        assertThat(flushes).isEqualTo(1);
        assertThat(assembled(written())).isEqualTo(expected);
        assertThat(sent.sum()).isEqualTo(200);
        writer.drain();
        assertThat(flushes).as("nothing written, nothing flushed").isEqualTo(1);
    }

    @Test
    void rule18TheLanesGoInTheirOrder() throws BadFrame {
        Envelope bulk = envelope(bulk(1, 10));
        Envelope large = envelope(large(Frames.MAX_PART));
        Envelope urgent = envelope(urgent(1));
        queue.offer(bulk);
        queue.offer(large);
        queue.offer(urgent);
        writer.drain();
        assertThat(assembled(written())).containsExactly(urgent, large, bulk);
    }

    @Test
    void rule18AnUrgentEnvelopeWaitsForNoMoreThanOnePartOfALargeOne() throws BadFrame {
        Envelope bulk = envelope(bulk(1, 3 << 20));
        Envelope urgent = envelope(urgent(1));
        queue.offer(bulk);
        onFirstWrite = () -> queue.offer(urgent);
        writer.drain();
        channel.runPendingTasks();

        List<Frame> frames = written();
        assertThat(frames.get(0).kind()).isEqualTo(Frames.kindOf(Lane.BULK, false));
        assertThat(frames.get(1).kind()).isEqualTo(Frames.kindOf(Lane.URGENT, true));
        assertThat(frames).hasSizeGreaterThan(90);
        assertThat(assembled(frames)).containsExactly(urgent, bulk);
    }

    @Test
    void sizesAroundTheSizeOfAPart() throws BadFrame {
        List<Envelope> expected = new ArrayList<>();
        int overhead = WireCodec.encode(envelope(bulk(1, Frames.MAX_PART))).length - Frames.MAX_PART;
        for (int size = Frames.MAX_PART - overhead - 2; size <= Frames.MAX_PART - overhead + 2; size++) {
            expected.add(envelope(bulk(1, size)));
        }
        expected.add(envelope(bulk(1, 2 * Frames.MAX_PART - overhead)));
        expected.forEach(queue::offer);
        writer.drain();
        assertThat(assembled(written())).isEqualTo(expected);
    }

    @Test
    void tooLargeAnEnvelopeIsDroppedAndTheNextOneIsNot() throws BadFrame {
        queue.offer(envelope(bulk(1, 4 << 20)));
        queue.offer(envelope(bulk(2, 10)));
        writer.drain();
        assertThat(assembled(written())).containsExactly(envelope(bulk(2, 10)));
        assertThat(tooLarge).singleElement().isEqualTo(WireCodec.encode(envelope(bulk(1, 4 << 20))).length);
        assertThat(queue.dropped()).isEqualTo(1);
    }

    @Test
    void whatTheChannelDoesNotTakeStaysInTheQueue() {
        EmbeddedChannel stuck = new EmbeddedChannel(new ChannelDuplexHandler() {
            @Override
            public void flush(ChannelHandlerContext context) {
                // The network takes nothing.
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                assertThat(cause).isInstanceOf(ClosedChannelException.class);
            }
        });
        stuck.config().setWriteBufferLowWaterMark(32 << 10);
        stuck.config().setWriteBufferHighWaterMark(64 << 10);
        FrameWriter stuckWriter =
                new FrameWriter(stuck, new EnvelopeWriter(), queue, 4 << 20, sent, (envelope, bytes) -> {});
        for (int i = 0; i < 1000; i++) {
            queue.offer(envelope(bulk(i, 10_000)));
        }
        stuckWriter.drain();
        assertThat(queue.messages()).isGreaterThan(980);

        queue.offer(envelope(bulk(-1, 1 << 20)));
        stuckWriter.release();
        stuck.finishAndReleaseAll();
    }
}
