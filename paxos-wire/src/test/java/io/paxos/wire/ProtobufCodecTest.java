// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.UninterpretedOption;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import io.paxos.model.Payload;
import io.paxos.spi.Codec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtobufCodecTest {

    private final Codec<Struct> structs = ProtobufCodec.of(Struct.parser());

    private static Struct struct(List<String> keys) {
        Struct.Builder struct = Struct.newBuilder();
        keys.forEach(key -> struct.putFields(
                key, Value.newBuilder().setStringValue("v" + key).build()));
        return struct.build();
    }

    @Test
    void messagesComeBackAsTheyWere() {
        Struct struct = struct(List.of("a", "b"));

        assertThat(structs.decode(structs.encode(struct))).isEqualTo(struct);
        assertThat(structs.decode(structs.encode(Struct.getDefaultInstance()))).isEqualTo(Struct.getDefaultInstance());
        assertThat(structs.encode(struct(List.of("a"))))
                .isEqualTo(Payload.wrap(struct(List.of("a")).toByteArray()));
    }

    /** The order in which a map was filled shows in what protobuf writes by default. */
    @Test
    void equalMessagesAreEqualBytes() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            keys.add("key-" + i);
        }
        Payload one = structs.encode(struct(keys));
        Collections.reverse(keys);

        assertThat(structs.encode(struct(keys))).isEqualTo(one);
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        Payload whole = structs.encode(struct(List.of("a", "b")));
        byte[][] wrong = {{0}, {-1}, {0x0a}, {0x0a, 5, 1}, {0x0c}, "no message".getBytes(StandardCharsets.UTF_8)};
        for (byte[] bytes : wrong) {
            assertThatThrownBy(() -> structs.decode(Payload.wrap(bytes)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not a message of the expected type: ");
        }
        byte[] cut = Arrays.copyOf(whole.toByteArray(), whole.size() - 1);
        assertThatThrownBy(() -> structs.decode(Payload.wrap(cut))).isInstanceOf(IllegalArgumentException.class);
        Payload noText = Payload.wrap(new byte[] {0x0a, 1, -1});
        assertThatThrownBy(() -> ProtobufCodec.of(StringValue.parser()).decode(noText))
                .as("a text that is not UTF-8")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void requiredFieldsAreRequiredOnTheWayOutAndIn() {
        Codec<UninterpretedOption.NamePart> codec = ProtobufCodec.of(UninterpretedOption.NamePart.parser());
        UninterpretedOption.NamePart partial =
                UninterpretedOption.NamePart.newBuilder().setNamePart("x").buildPartial();

        assertThatThrownBy(() -> codec.encode(partial))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NamePart requires");
        Payload bytes = Payload.wrap(partial.toByteArray());
        assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fieldsOfALaterVersionAreKept() {
        Timestamp later = Timestamp.newBuilder()
                .setSeconds(7)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        Codec<Timestamp> codec = ProtobufCodec.of(Timestamp.parser());

        assertThat(codec.encode(codec.decode(codec.encode(later)))).isEqualTo(Payload.wrap(later.toByteArray()));
    }
}
