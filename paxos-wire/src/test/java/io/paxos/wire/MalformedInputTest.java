// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.paxos.message.Envelope;
import io.paxos.wire.proto.Wire;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are, decoding gives an envelope or a {@link WireFormatException}, and nothing else. */
class MalformedInputTest {

    private static final String SAMPLES = "io.paxos.wire.Envelopes#named";

    /** @return whether the bytes were an envelope */
    private static boolean decodes(byte[] bytes) {
        try {
            // Encoded again, so that an envelope that came out is shown to be whole.
            Envelope envelope = WireCodec.decode(ByteBuffer.wrap(bytes));
            if (!WireCodec.decode(ByteBuffer.wrap(WireCodec.encode(envelope))).equals(envelope)) {
                throw new AssertionError("decoded, and encoded otherwise: " + envelope);
            }
            return true;
        } catch (WireFormatException e) {
            if (e.getMessage().length() < 10) {
                throw new AssertionError("says too little", e);
            }
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource(SAMPLES)
    void truncatedAtEveryByte(Envelope envelope) {
        byte[] bytes = WireCodec.encode(envelope);
        for (int length = 0; length < bytes.length; length++) {
            byte[] truncated = Arrays.copyOf(bytes, length);
            try {
                assertThat(WireCodec.decode(ByteBuffer.wrap(truncated))).isNotEqualTo(envelope);
            } catch (WireFormatException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(SAMPLES)
    void everyBitFlipped(Envelope envelope) {
        byte[] bytes = WireCodec.encode(envelope);
        int refused = 0;
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            refused += decodes(flipped) ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    @Test
    void randomBytes() {
        Random random = new Random(20_240_229);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(64)];
            random.nextBytes(bytes);
            bytes[0] = WireCodec.VERSION;
            decodes(bytes);
        }
    }

    @Test
    void samplesWithRandomBytesPutInPlaceOfTheirs() {
        Random random = new Random(7);
        byte[][] samples =
                Envelopes.byName().values().stream().map(WireCodec::encode).toArray(byte[][]::new);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = samples[random.nextInt(samples.length)].clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt();
            }
            decodes(bytes);
        }
    }

    @Test
    void noBytesAtAll() {
        assertRefused(new byte[0], "no bytes");
    }

    @Test
    void bytesBehindTheEnvelope() {
        byte[] bytes = WireCodec.encode(Envelopes.byName().get("hello"));
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertRefused(longer, "not a valid envelope");
        int endOfAGroup = (1 << 3) | 4;
        longer[bytes.length] = (byte) endOfAGroup;
        assertRefused(longer, "not a valid envelope");
    }

    @Test
    void aMessageOfNoKnownKind() {
        assertRefused(changed("hello", Wire.Envelope.Builder::clearMessage), "kind that this version does not know");
        assertRefused(changed("decree-query", e -> e.getDecreeBuilder().clearBody()), "decree message of a kind");
        assertRefused(changed("log-resign", e -> e.getGroupBuilder().clearBody()), "log message of a kind");
        assertRefused(
                changed("log-accept", e -> e.getGroupBuilder()
                        .getAcceptBuilder()
                        .setValues(Wire.ValueList.newBuilder()
                                .addValues(Wire.Value.getDefaultInstance())
                                .build()
                                .toByteString())),
                "value of a kind");
    }

    @Test
    void namesThatCannotBe() {
        assertRefused(changed("hello", e -> e.setCluster("")), "cluster name");
        assertRefused(changed("hello", e -> e.setFromNode("no blanks")), "no blanks");
        assertRefused(changed("hello", e -> e.setToNode("x".repeat(65))), "64");
        assertRefused(changed("decree-learned", e -> e.getDecreeBuilder().setName("a\nb")), "control characters");
        assertRefused(changed("log-resign", e -> e.getGroupBuilder().setGeneration(-1)), "generation");
    }

    @Test
    void aFieldThatIsMissing() {
        assertRefused(
                changed(
                        "decree-query",
                        e -> e.getDecreeBuilder().getQueryBuilder().clearProbe()),
                "lacks its probe");
        assertRefused(
                changed(
                        "log-canvass",
                        e -> e.getGroupBuilder().getCanvassBuilder().clearProbe()),
                "lacks its probe");
        assertRefused(
                changed(
                        "log-prepare",
                        e -> e.getGroupBuilder().getPrepareBuilder().clearBallot()),
                "node id");
    }

    @Test
    void numbersThatCannotBe() {
        assertRefused(
                changed(
                        "log-prepare",
                        e -> e.getGroupBuilder().getPrepareBuilder().setFrom(-1)),
                "slot");
        assertRefused(
                changed(
                        "log-accept",
                        e -> e.getGroupBuilder().getAcceptBuilder().setFirst(Long.MAX_VALUE)),
                "not a range of slots");
        assertRefused(
                changed(
                        "log-accepted",
                        e -> e.getGroupBuilder().getAcceptedBuilder().setEnd(1)),
                "not a range of slots");
        assertRefused(
                changed("log-resign", e -> e.getGroupBuilder()
                        .getResignBuilder()
                        .getBallotBuilder()
                        .setRound(-1)),
                "round");
    }

    @Test
    void aMembershipThatCannotBe() {
        Wire.Voter voter =
                Wire.Voter.newBuilder().setNode("n1").setIncarnation(1).build();
        assertRefused(
                changed("hello", e -> e.getHelloBuilder().getBoundBuilder().clearVoters()), "at least one voter");
        assertRefused(
                changed("hello", e -> e.getHelloBuilder().getBoundBuilder().addVoters(voter)), "n1 twice");
        assertRefused(
                changed("hello", e -> e.getHelloBuilder()
                        .getBoundBuilder()
                        .getVotersBuilder(0)
                        .setIncarnation(0)),
                "definite incarnation");
    }

    /** Groups may nest without end in fields that nobody knows; a decoder that follows them runs out of stack. */
    @Test
    void nestedWithoutEnd() {
        byte[] startGroups = new byte[1_000_000];
        Arrays.fill(startGroups, (byte) ((15 << 3) | 3));
        startGroups[0] = WireCodec.VERSION;
        assertRefused(startGroups, "not a valid envelope");
    }

    /** A length is only a claim: it must not make the decoder set memory aside for bytes that are not there. */
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 10})
    void aLengthOfTwoGigabytesTakesNoMemory(int field) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(WireCodec.VERSION);
        out.write((field << 3) | 2);
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07});
        byte[] bytes = out.toByteArray();
        assertRefused(bytes, "not a valid envelope");

        assertThat(allocatedBy(() -> assertThat(decodes(bytes)).isFalse())).isLessThan(1 << 20);
    }

    /** Unknown fields must not be kept: each of two bytes would cost many times its size. */
    @Test
    void aMillionUnknownFieldsTakeLittleMemory() {
        byte[] bytes = new byte[3_000_001];
        bytes[0] = WireCodec.VERSION;
        for (int i = 1; i < bytes.length; i += 3) {
            int tag = (20 + i % 100) << 3;
            bytes[i] = (byte) ((tag & 0x7f) | 0x80);
            bytes[i + 1] = (byte) (tag >>> 7);
        }
        assertRefused(bytes, "cluster name");

        assertThat(allocatedBy(() -> assertThat(decodes(bytes)).isFalse())).isLessThan(1 << 20);
    }

    /** Out of a direct buffer twice: protobuf-java has no decoder for those and copies the buffer first. */
    @Test
    void payloadsAreCopiedAsFewTimesAsTheLibraryAllows() {
        long payload = 8 << 20;
        byte[] bytes = changed(
                "decree-decide",
                e -> e.getDecreeBuilder().getDecideBuilder().setValue(ByteString.copyFrom(new byte[(int) payload])));
        ByteBuffer heap = ByteBuffer.wrap(bytes);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        Envelope envelope = WireCodec.decode(heap);
        WireCodec.prepare(envelope).writeTo(direct.duplicate());

        assertThat(allocatedBy(() -> WireCodec.decode(heap))).isLessThan(payload + payload / 8);
        assertThat(allocatedBy(() -> WireCodec.decode(direct))).isLessThan(2 * payload + payload / 8);
        assertThat(allocatedBy(() -> WireCodec.prepare(envelope).writeTo(direct.duplicate())))
                .isLessThan(payload / 8);
    }

    private static long allocatedBy(Runnable task) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        task.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static byte[] changed(String sample, Consumer<Wire.Envelope.Builder> change) {
        Wire.Envelope.Builder builder =
                EnvelopeMapping.toWire(Envelopes.byName().get(sample)).toBuilder();
        change.accept(builder);
        return new EncodedEnvelope(builder.build()).toByteArray();
    }

    private static void assertRefused(byte[] bytes, String why) {
        assertThatThrownBy(() -> WireCodec.decode(ByteBuffer.wrap(bytes)))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining(why);
    }
}
