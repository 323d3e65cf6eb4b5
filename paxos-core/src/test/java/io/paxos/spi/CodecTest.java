// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    private enum Color {
        RED,
        GREEN
    }

    private record Order(String customer, int count, boolean express, Optional<Long> limit, List<Color> colors) {

        static final Codec<Order> CODEC = Codec.record(
                (order, fields) -> fields.put(Codec.utf8(), order.customer)
                        .put(Codec.int32(), order.count)
                        .put(Codec.bool(), order.express)
                        .put(Codec.optional(Codec.int64()), order.limit)
                        .put(Codec.list(Codec.constants(Color.values())), order.colors),
                fields -> new Order(
                        fields.take(Codec.utf8()),
                        fields.take(Codec.int32()),
                        fields.take(Codec.bool()),
                        fields.take(Codec.optional(Codec.int64())),
                        fields.take(Codec.list(Codec.constants(Color.values())))));
    }

    @Test
    void recordsComeBackAsTheyWere() {
        for (Order order : List.of(
                new Order("", 0, false, Optional.empty(), List.of()),
                new Order(
                        "anna", -7, true, Optional.of(Long.MIN_VALUE), List.of(Color.GREEN, Color.RED, Color.GREEN)))) {
            assertThat(Order.CODEC.decode(Order.CODEC.encode(order))).isEqualTo(order);
        }
    }

    @Test
    void aFieldIsItsLengthInFourBytesAndItsBytes() {
        Codec<String> one = Codec.record((text, fields) -> fields.put(Codec.utf8(), text), f -> f.take(Codec.utf8()));

        assertThat(one.encode("ab").toByteArray()).containsExactly(0, 0, 0, 2, 'a', 'b');
        assertThat(Codec.optional(Codec.utf8()).encode(Optional.empty())).isEqualTo(Payload.EMPTY);
        assertThat(Codec.optional(Codec.utf8()).encode(Optional.of("")).toByteArray())
                .containsExactly(0, 0, 0, 0);
        assertThat(Codec.list(Codec.bool()).encode(List.of(true, false)).toByteArray())
                .containsExactly(0, 0, 0, 1, 1, 0, 0, 0, 1, 0);
    }

    /** However much is cut off, or added: it is never taken for another record. */
    @Test
    void recordsThatAreCutOffOrLongerAreRefused() {
        byte[] whole = Order.CODEC
                .encode(new Order("anna", 3, true, Optional.of(9L), List.of(Color.RED)))
                .toByteArray();
        for (int size = 0; size < whole.length; size++) {
            Payload cut = Payload.wrap(Arrays.copyOf(whole, size));
            assertThatThrownBy(() -> Order.CODEC.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Order.CODEC.decode(Payload.wrap(Arrays.copyOf(whole, whole.length + 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("2 bytes are left behind field 5");
        for (byte[] length : new byte[][] {{-1, -1, -1, -1, 0}, {0x7f, -1, -1, -1, 0}, {0, 0, 0, 2, 0}}) {
            assertThatThrownBy(() -> Order.CODEC.decode(Payload.wrap(length)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("bytes, but 1 are left");
        }
    }

    @Test
    void aRecordWithANewFieldReadsWhatWasWrittenWithoutIt() {
        Codec<String> before = Codec.record((name, f) -> f.put(Codec.utf8(), name), f -> f.take(Codec.utf8()));
        Codec<String> after = Codec.record(
                (name, f) -> f.put(Codec.utf8(), name).put(Codec.int32(), 7),
                f -> f.take(Codec.utf8()) + (f.hasMore() ? f.take(Codec.int32()) : 0));

        assertThat(after.decode(before.encode("a"))).isEqualTo("a0");
        assertThat(after.decode(after.encode("a"))).isEqualTo("a7");
        Payload later = after.encode("a");
        assertThatThrownBy(() -> before.decode(later)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void smallTypesRefuseWhatTheyDidNotWrite() {
        assertThat(Codec.int32().encode(0x01020304).toByteArray()).containsExactly(1, 2, 3, 4);
        assertThat(Codec.int32().decode(Codec.int32().encode(Integer.MIN_VALUE)))
                .isEqualTo(Integer.MIN_VALUE);
        for (int size : new int[] {0, 3, 5, 8}) {
            assertThatThrownBy(() -> Codec.int32().decode(Payload.wrap(new byte[size])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an int takes 4 bytes, not " + size);
        }
        for (byte[] wrong : new byte[][] {{}, {2}, {-1}, {0, 0}, {1, 0}}) {
            assertThatThrownBy(() -> Codec.bool().decode(Payload.wrap(wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("a boolean is one byte");
        }
    }

    @Test
    void constantsGoByTheirNames() {
        Codec<Color> codec = Codec.constants(Color.values());

        assertThat(codec.encode(Color.GREEN)).isEqualTo(Payload.utf8("GREEN"));
        assertThat(codec.decode(Payload.utf8("RED"))).isEqualTo(Color.RED);
        assertThatThrownBy(() -> codec.decode(Payload.utf8("BLUE")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"BLUE\" is none of [RED, GREEN]");
        assertThatThrownBy(() -> Codec.constants(new Color[] {Color.RED}).encode(Color.GREEN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Codec.constants(new Color[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCodecServesAsThatOfAWrapper() {
        Codec<NodeId> codec = Codec.utf8().as(NodeId::of, NodeId::name);

        assertThat(codec.decode(codec.encode(NodeId.of("n1")))).isEqualTo(NodeId.of("n1"));
        assertThat(codec.encode(NodeId.of("n1"))).isEqualTo(Payload.utf8("n1"));
        assertThatThrownBy(() -> codec.decode(Payload.EMPTY)).isInstanceOf(IllegalArgumentException.class);
    }
}
