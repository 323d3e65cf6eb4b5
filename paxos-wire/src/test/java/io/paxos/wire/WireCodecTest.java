// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.single.SingleMessage;
import io.paxos.wire.proto.Wire;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireCodecTest {

    private static final String SAMPLES = "io.paxos.wire.Envelopes#named";

    @ParameterizedTest
    @MethodSource(SAMPLES)
    void whatIsEncodedIsDecodedUnchanged(Envelope envelope) {
        assertThat(WireCodec.decode(ByteBuffer.wrap(WireCodec.encode(envelope))))
                .isEqualTo(envelope);
    }

    @ParameterizedTest
    @MethodSource(SAMPLES)
    void writesIntoTheMiddleOfADirectBufferExactlyAsManyBytesAsItSays(Envelope envelope) {
        EncodedEnvelope encoded = WireCodec.prepare(envelope);
        ByteBuffer buffer = ByteBuffer.allocateDirect(encoded.size() + 7);
        buffer.position(3);

        encoded.writeTo(buffer);

        assertThat(buffer.position()).isEqualTo(3 + encoded.size());
        ByteBuffer written = buffer.duplicate().flip().position(3);
        assertThat(WireCodec.decode(written)).isEqualTo(envelope);
        assertThat(written.position()).isEqualTo(3);
        assertThat(WireCodec.decode(written.asReadOnlyBuffer())).isEqualTo(envelope);
    }

    @Test
    void writesIntoAHeapBufferWithAnOffset() {
        Envelope envelope = Envelopes.byName().get("log-accept");
        EncodedEnvelope encoded = WireCodec.prepare(envelope);
        ByteBuffer window = ByteBuffer.allocate(encoded.size() + 10).position(6).slice();

        encoded.writeTo(window);

        assertThat(WireCodec.decode(window.flip())).isEqualTo(envelope);
    }

    @Test
    void refusesABufferThatIsTooSmallAndWritesNothing() {
        EncodedEnvelope encoded = WireCodec.prepare(Envelopes.byName().get("log-accept"));
        ByteBuffer small = ByteBuffer.allocate(encoded.size() - 1);

        assertThatThrownBy(() -> encoded.writeTo(small))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(encoded.size()));
        assertThat(small.position()).isZero();
    }

    @Test
    void aLargePayloadArrivesAndNoLongerDependsOnTheBuffer() {
        byte[] megabyte = new byte[1 << 20];
        new Random(1).nextBytes(megabyte);
        Envelope envelope = Envelopes.of(
                new DecreeMessage.Step(new DecreeName("large"), new SingleMessage.Decide(Payload.copyOf(megabyte))));
        ByteBuffer direct = ByteBuffer.allocateDirect(2 << 20);
        WireCodec.prepare(envelope).writeTo(direct);
        direct.flip();

        Envelope decoded = WireCodec.decode(direct);
        for (int i = 0; i < direct.limit(); i++) {
            direct.put(i, (byte) 0x55);
        }

        assertThat(decoded).isEqualTo(envelope);
    }

    @Test
    void refusesAnotherVersionAndNamesBoth() {
        byte[] bytes = WireCodec.encode(Envelopes.byName().get("hello"));
        bytes[0] = 9;

        assertThatThrownBy(() -> WireCodec.decode(ByteBuffer.wrap(bytes)))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("version 9")
                .hasMessageContaining("version 1");
    }

    @Test
    void skipsFieldsThatALaterVersionAdds() {
        Envelope envelope = Envelopes.byName().get("decree-learned");
        Wire.Envelope extended = EnvelopeMapping.toWire(envelope).toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                100,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("new"))
                                        .build())
                        .build())
                .build();

        assertThat(WireCodec.decode(ByteBuffer.wrap(new EncodedEnvelope(extended).toByteArray())))
                .isEqualTo(envelope);
    }
}
