// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.paxos.message.Envelope;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.StartId;
import io.paxos.testkit.MessageSamples;
import io.paxos.testkit.fuzz.Corpus;
import io.paxos.wire.WireCodec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays what the fuzz target of this module is fed with at the beginning, and what was worth keeping. */
class FuzzCorpusTest {

    private static final int PIECES = 8;

    private final ResourceLeakDetector.Level usual = ResourceLeakDetector.getLevel();

    /** Keeping track of every buffer would take more memory than the reading that is measured. */
    @BeforeEach
    void measureNothingElse() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void asUsual() {
        ResourceLeakDetector.setLevel(usual);
    }

    static Iterable<Map.Entry<String, byte[]>> streams() {
        return Corpus.of(InboundFuzz.class).entrySet();
    }

    /** With {@code -Dgolden.rewrite=true} the inputs that have names are written anew, and those that were found stay. */
    @Test
    void everySampleIsAmongTheInputs() throws IOException {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        ByteBuf all = Frames.handshake(
                UnpooledByteBufAllocator.DEFAULT,
                Frames.HANDSHAKE,
                new Handshake(InboundFuzz.CLUSTER, InboundFuzz.SENDER, InboundFuzz.ME));
        seeds.put("handshake", input(0, all.duplicate()));
        for (Map.Entry<String, byte[]> sample : samples().entrySet()) {
            byte[] bytes = sample.getValue();
            Frames.writeHeader(all, Frames.kindOf(Lane.URGENT, true), bytes.length);
            all.writeBytes(bytes);
            seeds.put(sample.getKey(), input(InboundFuzz.FRAMES, inParts(bytes)));
        }
        seeds.put("all", input(PIECES, all));
        Corpus.requireSeeds(InboundFuzz.class, seeds);
    }

    private static Map<String, byte[]> samples() {
        Map<String, byte[]> samples = new LinkedHashMap<>();
        MessageSamples.all()
                .forEach((name, message) -> samples.put(
                        name,
                        WireCodec.encode(new Envelope(
                                InboundFuzz.CLUSTER,
                                InboundFuzz.SENDER,
                                Endpoint.any(InboundFuzz.ME),
                                StartId.of(3, 1),
                                new Fingerprint(7),
                                message))));
        return samples;
    }

    private static ByteBuf inParts(byte[] envelope) {
        ByteBuf frames = Unpooled.buffer();
        int half = envelope.length / 2;
        frames.writeByte(Frames.PING).writeShort(0);
        frames.writeByte(Frames.kindOf(Lane.BULK, false)).writeShort(half).writeBytes(envelope, 0, half);
        frames.writeByte(Frames.kindOf(Lane.BULK, true)).writeShort(envelope.length - half);
        return frames.writeBytes(envelope, half, envelope.length - half);
    }

    private static byte[] input(int first, ByteBuf rest) {
        byte[] input = new byte[1 + rest.readableBytes()];
        input[0] = (byte) first;
        rest.readBytes(input, 1, input.length - 1);
        return input;
    }

    @ParameterizedTest
    @MethodSource
    void streams(Map.Entry<String, byte[]> input) throws Exception {
        InboundFuzz.fuzzerTestOneInput(input.getValue());
    }
}
