// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.wire.proto.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Values written by hand, against the generated classes as the oracle. */
class ValuesCodecTest {

    private static final int LISTS = 5_000;

    private final Random random = new Random(1);

    private long number() {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> random.nextInt(200);
            case 2 -> random.nextInt(1 << 20);
            case 3 -> Long.MAX_VALUE;
            default -> random.nextLong() >>> 1;
        };
    }

    private Value value() {
        LogTime time = new LogTime(random.nextBoolean() ? 1_700_000_000_000L : number());
        byte[] payload = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(300)];
        random.nextBytes(payload);
        return switch (random.nextInt(8)) {
            case 0 -> Value.NO_OP;
            case 1 -> new Value.OpenSession(NodeId.of("n" + random.nextInt(5)), number() | 1, time);
            default ->
                new Value.Command(new CommandId(number() | 1, number() | 1), number() | 1, time, Payload.wrap(payload));
        };
    }

    private List<Value> values() {
        List<Value> values = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            values.add(value());
        }
        return values;
    }

    @Test
    void theBytesAreThoseOfTheGeneratedClasses() {
        for (int i = 0; i < LISTS; i++) {
            List<Value> values = values();
            Wire.ValueList.Builder list = Wire.ValueList.newBuilder();
            values.forEach(value -> list.addValues(ModelMapping.toWire(value)));
            ByteString bytes = ValuesCodec.encode(values);
            assertThat(bytes).isEqualTo(list.build().toByteString());
            assertThat(ValuesCodec.decode(bytes)).isEqualTo(values);
        }
    }

    @Test
    void whatALaterVersionAddsIsSkipped() {
        UnknownFieldSet later = UnknownFieldSet.newBuilder()
                .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(5).build())
                .addField(
                        78,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("later"))
                                .build())
                .build();
        Value.Command command =
                new Value.Command(new CommandId(3, 4), 2, new LogTime(9), Payload.wrap(new byte[] {1, 2}));
        Wire.Value plain = ModelMapping.toWire(command);
        Wire.Value within = plain.toBuilder()
                .setCommand(plain.getCommand().toBuilder().setUnknownFields(later))
                .build();
        Wire.Value behind = plain.toBuilder().setUnknownFields(later).build();
        Wire.ValueList list = Wire.ValueList.newBuilder()
                .addValues(within)
                .addValues(behind)
                .addValues(plain)
                .setUnknownFields(later)
                .build();
        assertThat(ValuesCodec.decode(list.toByteString())).containsExactly(command, command, command);
    }

    @Test
    void anyBytesAreValuesOrRefused() {
        int read = 0;
        for (int i = 0; i < LISTS; i++) {
            byte[] bytes = ValuesCodec.encode(values()).toByteArray();
            for (int flips = random.nextInt(3); flips >= 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            ByteString damaged = ByteString.copyFrom(bytes, 0, bytes.length - random.nextInt(bytes.length / 4 + 1));
            try {
                ValuesCodec.decode(damaged);
                read++;
            } catch (WireFormatException | IllegalArgumentException expected) {
                continue;
            }
        }
        assertThat(read).isBetween(LISTS / 10, LISTS * 9 / 10);
    }

    @Test
    void aLengthIsNotBelieved() {
        assertThatThrownBy(() -> ValuesCodec.decode(ByteString.copyFrom(
                        new byte[] {10, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 18, 0})))
                .isInstanceOf(WireFormatException.class);
        assertThatThrownBy(() -> ValuesCodec.decode(ByteString.copyFrom(new byte[] {10, 6, 18, 100, 42, 100, 1, 1})))
                .isInstanceOf(WireFormatException.class);
    }
}
