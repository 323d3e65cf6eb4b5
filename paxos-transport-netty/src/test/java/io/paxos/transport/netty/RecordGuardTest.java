// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class RecordGuardTest {

    private static final int CHANGE = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int DATA = 23;

    private final RecordGuard guard = new RecordGuard();
    private final List<String> objections = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(guard, new ChannelInboundHandlerAdapter() {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            objections.add(((Verdict.Rejected) event).reason());
        }
    });

    private static byte[] records(int... types) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int type : types) {
            out.writeBytes(new byte[] {(byte) type, 3, 3, 0, 4, 1, 2, 3, 4});
        }
        return out.toByteArray();
    }

    /** How many bytes are let through. */
    private int passes(byte[] bytes, int piece) {
        for (int at = 0; at < bytes.length; at += piece) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
        }
        int passed = channel.inboundMessages().stream()
                .mapToInt(buffer -> ((ByteBuf) buffer).readableBytes())
                .sum();
        boolean unused = channel.finishAndReleaseAll();
        return passed;
    }

    @Test
    void aHandshakeOfTls12Passes() {
        byte[] stream = records(HANDSHAKE, HANDSHAKE, HANDSHAKE, CHANGE, HANDSHAKE, DATA, DATA, ALERT);
        assertThat(passes(stream, stream.length)).isEqualTo(stream.length);
        assertThat(objections).isEmpty();
    }

    @Test
    void aHandshakeOfTls13WhoseHelloWasSentBackPassesByteByByte() {
        byte[] stream = records(HANDSHAKE, CHANGE, HANDSHAKE, DATA, DATA);
        assertThat(passes(stream, 1)).isEqualTo(stream.length);
        assertThat(objections).isEmpty();
    }

    @Test
    void renegotiationInOnePieceWithTheEndOfTheHandshakeIsSeen() {
        byte[] stream = records(HANDSHAKE, CHANGE, HANDSHAKE, HANDSHAKE);
        assertThat(passes(stream, stream.length)).isZero();
        assertThat(objections).singleElement().asString().contains("renegotiation");
    }

    @Test
    void renegotiationMuchLaterIsSeenByteByByte() {
        byte[] stream = records(HANDSHAKE, CHANGE, HANDSHAKE, DATA, DATA, HANDSHAKE, DATA);
        assertThat(passes(stream, 1))
                .as("what came before its header was complete")
                .isEqualTo(5 * 9 + 4);
        assertThat(objections).singleElement().asString().contains("renegotiation");
    }

    @Test
    void aHandshakeHasABoundThatNormalTrafficHasNot() {
        byte[] record = new byte[5 + (16 << 10)];
        record[0] = DATA;
        record[1] = 3;
        record[3] = 0x40;
        for (int i = 0; i < 3; i++) {
            channel.writeInbound(Unpooled.copiedBuffer(record));
        }
        guard.handshakeDone();
        for (int i = 0; i < 2 * RecordGuard.MAX_HANDSHAKE_RECORDS; i++) {
            channel.writeInbound(Unpooled.copiedBuffer(record));
        }
        assertThat(objections).isEmpty();
        boolean unused = channel.finishAndReleaseAll();
    }

    @Test
    void aHandshakeOfMoreThanItsBoundIsCutShort() {
        byte[] record = new byte[5 + (16 << 10)];
        record[0] = DATA;
        record[1] = 3;
        record[3] = 0x40;
        for (int i = 0; i < 5; i++) {
            channel.writeInbound(Unpooled.copiedBuffer(record));
        }
        assertThat(objections).singleElement().asString().contains("more than 65536 bytes");
        assertThat(channel.inboundMessages()).hasSize(3);
        boolean unused = channel.finishAndReleaseAll();
    }

    @Test
    void aHandshakeInMoreRecordsThanItsBoundIsCutShort() {
        for (int i = 0; i < RecordGuard.MAX_HANDSHAKE_RECORDS; i++) {
            channel.writeInbound(Unpooled.copiedBuffer(records(DATA)));
        }
        assertThat(objections).isEmpty();
        channel.writeInbound(Unpooled.copiedBuffer(records(DATA)));
        assertThat(objections).singleElement().asString().contains("more than 256 records");
        boolean unused = channel.finishAndReleaseAll();
    }

    @Test
    void aRecordMayBeAsLongAsTheStandardSaysAndNoLonger() {
        assertThat(passes(new byte[] {DATA, 3, 3, 0x48, 0x00}, 5)).isEqualTo(5);
        assertThat(objections).isEmpty();
    }

    @Test
    void aRecordOfOneByteMoreIsRefused() {
        assertThat(passes(new byte[] {DATA, 3, 3, 0x48, 0x01}, 5)).isZero();
        assertThat(objections).singleElement().asString().contains("18433 bytes where at most 18432");
    }

    @Test
    void whatIsNoTlsIsKnownByItsFirstByte() {
        assertThat(passes(new byte[] {'G'}, 1)).isZero();
        assertThat(objections).singleElement().asString().contains("does not speak TLS; point it");
    }

    @Test
    void aNodeWithPlaintextIsKnownByItsFirstByte() {
        assertThat(passes(new byte[] {0}, 1)).isZero();
        assertThat(objections).singleElement().asString().contains("mutualTls");
    }

    @Test
    void anotherVersionThanThreeIsNoTls() {
        assertThat(passes(new byte[] {HANDSHAKE, 2}, 2)).isZero();
        assertThat(objections).hasSize(1);
    }

    @Test
    void afterAnObjectionNothingPassesAndNothingMoreIsSaid() {
        byte[] stream = records(99, HANDSHAKE, 98);
        assertThat(passes(stream, 3)).isZero();
        assertThat(objections).hasSize(1);
    }
}
