package io.paxos.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Payload;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "é", "日本", "\ud83d\ude00", "\u0000", "\ufeffmark", "\ufffd"})
    void textComesBackAsItWas(String text) {
        Codec<String> codec = Codec.utf8();

        assertThat(codec.decode(codec.encode(text))).isEqualTo(text);
        assertThat(codec.encode(text)).isEqualTo(Payload.utf8(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d"})
    void textThatIsNoUnicodeIsRefusedInsteadOfChanged(String text) {
        assertThatThrownBy(() -> Codec.utf8().encode(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("text with half a surrogate pair has no UTF-8 form");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[][] wrong = {
            {(byte) 0x80},
            {(byte) 0xc3},
            {(byte) 0xc0, (byte) 0x80},
            {(byte) 0xff},
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
        };
        for (byte[] bytes : wrong) {
            Payload payload = Payload.copyOf(bytes);
            assertThatThrownBy(() -> Codec.utf8().decode(payload))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("not UTF-8: " + payload);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 255, Long.MAX_VALUE, Long.MIN_VALUE, 0x0102030405060708L})
    void numbersComeBackAsTheyWere(long number) {
        Codec<Long> codec = Codec.int64();

        assertThat(codec.decode(codec.encode(number))).isEqualTo(number);
        assertThat(codec.encode(number).toByteArray())
                .isEqualTo(ByteBuffer.allocate(8).putLong(number).array());
    }

    @Test
    void numbersTakeEightBytesMostSignificantFirst() {
        assertThat(Codec.int64().encode(0x0102030405060708L).toByteArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        for (int size : new int[] {0, 7, 9}) {
            assertThatThrownBy(() -> Codec.int64().decode(Payload.wrap(new byte[size])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a long takes 8 bytes, not " + size);
        }
    }

    @Test
    void bytesAreCopiedOnTheWayInAndOnTheWayOut() {
        byte[] given = {1, 2};
        Payload payload = Codec.bytes().encode(given);
        given[0] = 9;
        byte[] taken = Codec.bytes().decode(payload);
        taken[1] = 9;

        assertThat(payload).isEqualTo(Payload.copyOf(new byte[] {1, 2}));
    }

    @Test
    void payloadsPassAsTheyAre() {
        Payload payload = Payload.utf8("v");

        assertThat(Codec.payload().encode(payload)).isSameAs(payload);
        assertThat(Codec.payload().decode(payload)).isSameAs(payload);
    }

    @Test
    void aCodecOfTwoFunctionsUsesBoth() {
        Codec<Integer> codec = Codec.of(i -> new byte[] {i.byteValue()}, bytes -> (int) bytes[0]);

        assertThat(codec.encode(7)).isEqualTo(Payload.copyOf(new byte[] {7}));
        assertThat(codec.decode(Payload.copyOf(new byte[] {-3}))).isEqualTo(-3);
    }
}
