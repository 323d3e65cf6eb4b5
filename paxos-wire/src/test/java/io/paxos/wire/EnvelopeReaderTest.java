// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.wire.proto.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The short way to read and write envelopes, against the generated classes. */
class EnvelopeReaderTest {

    private final EnvelopeReader reader = new EnvelopeReader();
    private final EnvelopeWriter writer = new EnvelopeWriter();

    @Test
    void everySampleIsReadAndWrittenAsByTheGeneratedClasses() {
        for (int time = 0; time < 2; time++) {
            for (Envelope envelope : Envelopes.byName().values()) {
                byte[] bytes = WireCodec.encode(envelope);
                ReadersAgree.check(ByteBuffer.wrap(bytes), reader, writer);
                ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 7)
                        .position(7)
                        .put(bytes)
                        .position(7);
                ReadersAgree.check(direct, reader, writer);
                ReadersAgree.check(direct.asReadOnlyBuffer(), reader, writer);
            }
        }
    }

    /** Numbers of every length, negative ones, none at all; values of every kind; one reader and writer for all. */
    @Test
    void whateverTheMessagesHold() {
        for (long seed = 0; seed < 3_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Envelope envelope = Envelopes.of(drawn(random));
            byte[] bytes = WireCodec.encode(envelope);
            assertThat(reader.read(ByteBuffer.wrap(bytes))).as("seed %d", seed).isEqualTo(envelope);
            ReadersAgree.check(ByteBuffer.wrap(bytes), reader, writer);
        }
    }

    /** Damage: bytes changed, left out, doubled and cut off. */
    @Test
    void whatIsNotWrittenSoIsReadAsTheGeneratedClassesReadIt() {
        List<byte[]> whole = new ArrayList<>();
        Envelopes.byName().values().forEach(envelope -> whole.add(WireCodec.encode(envelope)));
        for (long seed = 0; seed < 60_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = random.nextInt(3) == 0
                    ? WireCodec.encode(Envelopes.of(drawn(random)))
                    : whole.get(random.nextInt(whole.size()));
            ReadersAgree.check(ByteBuffer.wrap(damaged(bytes, random)), reader, writer);
        }
    }

    /** To Protocol Buffers, two forms of a message one behind the other are one message, merged. */
    @Test
    void whatComesInTwoPartsIsMergedAsByTheGeneratedClasses() throws IOException {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Wire.GroupMessage one = LogMapping.toWire(drawn(random));
            Wire.GroupMessage other = LogMapping.toWire(drawn(random));
            Wire.Accept accept = other.getAccept();
            ByteString twoAccepts = one.getAccept().toByteString().concat(accept.toByteString());
            ByteString twoValues = ModelMapping.toWire(command(random))
                    .toByteString()
                    .concat(ModelMapping.toWire(random.nextBoolean() ? Value.NO_OP : command(random))
                            .toByteString());
            ByteString values = field(Wire.ValueList.VALUES_FIELD_NUMBER, twoValues);
            ByteString odd = accept.toByteString().concat(field(Wire.Accept.VALUES_FIELD_NUMBER, values));
            for (ByteString group : List.of(
                    one.toByteString().concat(other.toByteString()),
                    one.toByteString().concat(field(Wire.GroupMessage.ACCEPT_FIELD_NUMBER, twoAccepts)),
                    groupOf(field(Wire.GroupMessage.ACCEPT_FIELD_NUMBER, twoAccepts)),
                    groupOf(field(Wire.GroupMessage.ACCEPT_FIELD_NUMBER, odd)))) {
                ReadersAgree.check(envelopeOf(field(Wire.Envelope.GROUP_FIELD_NUMBER, group)), reader, writer);
                ByteString twice = field(Wire.Envelope.GROUP_FIELD_NUMBER, group)
                        .concat(field(Wire.Envelope.GROUP_FIELD_NUMBER, one.toByteString()));
                ReadersAgree.check(envelopeOf(twice), reader, writer);
            }
        }
    }

    private static ByteString groupOf(ByteString body) {
        return Wire.GroupMessage.newBuilder()
                .setGroup("g")
                .build()
                .toByteString()
                .concat(body);
    }

    private static ByteBuffer envelopeOf(ByteString group) {
        ByteString head = EnvelopeMapping.toWire(Envelopes.of(accept(List.of(), 1))).toBuilder()
                .clearGroup()
                .build()
                .toByteString();
        byte[] version = {WireCodec.VERSION};
        return ByteBuffer.wrap(
                ByteString.copyFrom(version).concat(head).concat(group).toByteArray());
    }

    private static ByteString field(int number, ByteString content) throws IOException {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeBytes(number, content);
        out.flush();
        return bytes.toByteString();
    }

    @Test
    void theSameValuesForSeveralPeersAreEncodedOnce() {
        List<Value> values = List.of(command(new SplittableRandom(1)), Value.NO_OP);
        Envelope first = Envelopes.of(accept(values, 7));
        Envelope second = Envelopes.of(accept(values, 8));
        for (Envelope envelope : List.of(first, second, first)) {
            ReadersAgree.check(ByteBuffer.wrap(WireCodec.encode(envelope)), reader, writer);
            ByteBuffer written = ByteBuffer.allocate(writer.prepare(envelope));
            writer.writeTo(written);
            assertThat(written.array()).isEqualTo(WireCodec.encode(envelope));
        }
    }

    private static GroupMessage accept(List<Value> values, long decided) {
        Ballot ballot = Ballot.ZERO.next(NodeId.of("n1"), 5);
        return new GroupMessage(GroupId.of("log"), new LogMessage.Accept(ballot, 3, values, decided));
    }

    private static GroupMessage drawn(SplittableRandom random) {
        Ballot ballot = random.nextInt(8) == 0
                ? Ballot.ZERO
                : new Ballot(1 + (number(random) >>> 2), NodeId.of("n" + random.nextInt(3)), number(random));
        long slot = Math.abs(number(random) >> 1);
        long decided = number(random);
        LogMessage body =
                switch (random.nextInt(6)) {
                    case 0 -> new LogMessage.Accept(ballot, slot, values(random), decided);
                    case 1 -> new LogMessage.Accepted(ballot, new SlotRange(slot, slot + random.nextInt(1000)));
                    case 2 -> new LogMessage.Decide(ballot, decided);
                    case 3 -> new LogMessage.Heartbeat(ballot, decided);
                    case 4 -> new LogMessage.HeartbeatAck(ballot, decided);
                    default -> new LogMessage.Forward(values(random), (int) number(random));
                };
        return new GroupMessage(new GroupId("g" + random.nextInt(3), random.nextInt(3)), body);
    }

    private static List<Value> values(SplittableRandom random) {
        List<Value> values = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            values.add(
                    switch (random.nextInt(6)) {
                        case 0 -> Value.NO_OP;
                        case 1 -> new Value.OpenSession(NodeId.of("a"), number(random), new LogTime(number(random)));
                        default -> command(random);
                    });
        }
        return values;
    }

    private static Value command(SplittableRandom random) {
        byte[] payload = new byte[random.nextInt(3) == 0 ? random.nextInt(400) : random.nextInt(20)];
        random.nextBytes(payload);
        return new Value.Command(
                new CommandId(number(random), number(random)),
                number(random),
                new LogTime(number(random)),
                Payload.wrap(payload));
    }

    private static long number(SplittableRandom random) {
        return random.nextInt(5) == 0 ? 0 : random.nextLong() >> random.nextInt(64);
    }

    private static byte[] damaged(byte[] bytes, SplittableRandom random) {
        byte[] damaged = bytes.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = 1 + random.nextInt(damaged.length - 1);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] = (byte) random.nextInt(256);
                case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> damaged = cut(damaged, at);
                default -> damaged = doubled(damaged, at);
            }
        }
        return damaged;
    }

    private static byte[] cut(byte[] bytes, int at) {
        byte[] shorter = new byte[Math.max(2, at)];
        System.arraycopy(bytes, 0, shorter, 0, Math.min(bytes.length, shorter.length));
        return shorter;
    }

    private static byte[] doubled(byte[] bytes, int from) {
        byte[] longer = new byte[2 * bytes.length - from];
        System.arraycopy(bytes, 0, longer, 0, bytes.length);
        System.arraycopy(bytes, from, longer, bytes.length, bytes.length - from);
        return longer;
    }
}
