// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class FrameDecoderTest {

    private final List<String> frames = new ArrayList<>();
    private final List<String> bad = new ArrayList<>();
    private final FrameDecoder decoder = new FrameDecoder() {
        @Override
        void onFrame(ChannelHandlerContext context, byte kind, ByteBuf body) throws BadFrame {
            frames.add(kind + ":" + body.readableBytes());
            if (kind == 77) {
                throw new BadFrame("kind 77");
            }
        }

        @Override
        void onBadFrame(ChannelHandlerContext context, BadFrame reason) {
            bad.add(reason.reason());
        }
    };
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf frame(int kind, int bodyBytes) {
        ByteBuf frame = UnpooledByteBufAllocator.DEFAULT.heapBuffer();
        Frames.writeHeader(frame, (byte) kind, bodyBytes);
        return frame.writeZero(bodyBytes);
    }

    @Test
    void framesAreFoundWhereverTheStreamIsCut() {
        ByteBuf stream = Unpooled.wrappedBuffer(frame(1, 0), frame(2, 10), frame(3, 1000));
        while (stream.isReadable()) {
            channel.writeInbound(stream.readRetainedSlice(Math.min(7, stream.readableBytes())));
        }
        stream.release();
        assertThat(frames).containsExactly("1:0", "2:10", "3:1000");
        assertThat(bad).isEmpty();
    }

    @Test
    void theLimitIsThatOfTheHandshakeFirst() {
        channel.writeInbound(frame(1, Frames.MAX_HANDSHAKE - 1));
        assertThat(frames).hasSize(1);
        channel.writeInbound(frame(1, Frames.MAX_HANDSHAKE));
        assertThat(frames).hasSize(1);
        assertThat(bad)
                .singleElement()
                .asString()
                .contains("a frame of 1025 bytes")
                .contains("1024");
    }

    @Test
    void afterTheHandshakeItIsThatOfAPart() {
        decoder.handshakeDone();
        channel.writeInbound(frame(1, Frames.MAX_PART));
        assertThat(frames).containsExactly("1:" + Frames.MAX_PART);
        channel.writeInbound(frame(1, Frames.MAX_PART + 1));
        assertThat(bad).hasSize(1);
    }

    @Test
    void nothingIsReadBehindABadFrame() {
        channel.writeInbound(Unpooled.wrappedBuffer(frame(1, 1), frame(77, 1), frame(1, 1)));
        channel.writeInbound(frame(1, 1));
        assertThat(frames).containsExactly("1:1", "77:1");
        assertThat(bad).containsExactly("kind 77");
    }

    /** The length is checked before anything is set aside for the frame. */
    @Test
    void aClaimOfTwoGigabytesTakesNoMemory() {
        decoder.handshakeDone();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuf claim = UnpooledByteBufAllocator.DEFAULT.heapBuffer().writeInt(Integer.MAX_VALUE);
        long before = threads.getCurrentThreadAllocatedBytes();
        channel.writeInbound(claim);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
        assertThat(bad).singleElement().asString().contains("2147483647");
    }
}
