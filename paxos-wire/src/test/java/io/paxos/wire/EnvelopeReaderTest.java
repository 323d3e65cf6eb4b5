// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.paxos.message.Bundle;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.RegisterName;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import io.paxos.wire.proto.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The short way to read and write envelopes, against the generated classes. */
class EnvelopeReaderTest {

    private static final Ballot BALLOT = Ballot.ZERO.next(NodeId.of("n1"), 5);

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
            Envelope envelope = Envelopes.of(any(random));
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
                    ? WireCodec.encode(Envelopes.of(any(random)))
                    : whole.get(random.nextInt(whole.size()));
            ReadersAgree.check(ByteBuffer.wrap(Drawn.damaged(bytes, random)), reader, writer);
        }
    }

    /** To Protocol Buffers, two forms of a message one behind the other are one message, merged. */
    @Test
    void whatComesInTwoPartsIsMergedAsByTheGeneratedClasses() throws IOException {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Wire.GroupMessage one = LogMapping.toWire(Drawn.log(random));
            Wire.GroupMessage other = LogMapping.toWire(Drawn.log(random));
            Wire.Accept accept = other.getAccept();
            ByteString twoAccepts = one.getAccept().toByteString().concat(accept.toByteString());
            ByteString twoValues = ModelMapping.toWire(Drawn.command(random))
                    .toByteString()
                    .concat(ModelMapping.toWire(random.nextBoolean() ? Value.NO_OP : Drawn.command(random))
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
        List<Value> values = List.of(Drawn.command(new SplittableRandom(1)), Value.NO_OP);
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
        return new GroupMessage(GroupId.of("log"), new LogMessage.Accept(BALLOT, 3, values, decided));
    }

    private static Message any(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> Drawn.step(random);
            case 1 -> Drawn.bundle(random);
            default -> Drawn.log(random);
        };
    }

    @Test
    void stepsAndBundlesInTwoPartsAreMergedAsByTheGeneratedClasses() throws IOException {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Wire.Envelope one = EnvelopeMapping.toWire(Envelopes.of(any(random)));
            Wire.Envelope other = EnvelopeMapping.toWire(Envelopes.of(any(random)));
            ByteString decrees =
                    one.getDecree().toByteString().concat(other.getDecree().toByteString());
            ByteString registers =
                    one.getRegister().toByteString().concat(other.getRegister().toByteString());
            ByteString bundles =
                    one.getBundle().toByteString().concat(other.getBundle().toByteString());
            ByteString parts = field(
                    Wire.Bundle.MIXED_FIELD_NUMBER,
                    field(Wire.Part.DECREE_FIELD_NUMBER, decrees)
                            .concat(field(Wire.Part.REGISTER_FIELD_NUMBER, registers)));
            Wire.DecreeMessage first = Drawn.decree(random);
            Wire.DecreeMessage second = Drawn.decree(random);
            ByteString named =
                    Wire.DecreeMessage.newBuilder().setName("d").build().toByteString();
            ByteString accepts =
                    first.getAccept().toByteString().concat(second.getAccept().toByteString());
            ByteString promises =
                    first.getPromise().toByteString().concat(second.getPromise().toByteString());
            for (ByteString message : List.of(
                    field(
                            Wire.Envelope.DECREE_FIELD_NUMBER,
                            named.concat(field(Wire.DecreeMessage.ACCEPT_FIELD_NUMBER, accepts))),
                    field(
                            Wire.Envelope.DECREE_FIELD_NUMBER,
                            named.concat(field(Wire.DecreeMessage.PROMISE_FIELD_NUMBER, promises))),
                    field(Wire.Envelope.DECREE_FIELD_NUMBER, decrees),
                    field(Wire.Envelope.REGISTER_FIELD_NUMBER, registers),
                    field(Wire.Envelope.BUNDLE_FIELD_NUMBER, bundles),
                    field(Wire.Envelope.BUNDLE_FIELD_NUMBER, bundles.concat(parts)),
                    field(Wire.Envelope.REGISTER_FIELD_NUMBER, decrees),
                    field(Wire.Envelope.DECREE_FIELD_NUMBER, registers))) {
                ReadersAgree.check(envelopeOf(message), reader, writer);
            }
        }
    }

    @Test
    void whatWasAcceptedInTwoPartsIsMergedAsByTheGeneratedClasses() throws IOException {
        ByteString ballot =
                DecreeMapping.toWire(new SingleMessage.Prepare(BALLOT)).toByteString();
        ByteString value = Wire.DecreeProposal.newBuilder()
                .setValue(ByteString.copyFromUtf8("v"))
                .build()
                .toByteString();
        ByteString promise = ballot.concat(field(Wire.DecreePromise.ACCEPTED_FIELD_NUMBER, ballot.concat(value)))
                .concat(field(Wire.DecreePromise.ACCEPTED_FIELD_NUMBER, ballot));
        ByteString message = Wire.DecreeMessage.newBuilder()
                .setName("d")
                .build()
                .toByteString()
                .concat(field(Wire.DecreeMessage.PROMISE_FIELD_NUMBER, promise));
        ByteBuffer bytes = envelopeOf(field(Wire.Envelope.DECREE_FIELD_NUMBER, message));
        ReadersAgree.check(bytes, reader, writer);
        assertThat(reader.read(bytes).message().toString()).contains("accepted='v'@");
    }

    /** What is meant to be read directly would be read all the same, only slower, if it were not. */
    @Test
    void aBundleOfStepsIsSharedWithWhatWasReadBefore() {
        Envelope envelope = Envelopes.of(new Bundle(List.of(
                new DecreeMessage.Step(new DecreeName("a"), new SingleMessage.Accepted(BALLOT)),
                new RegisterMessage.Step(new RegisterName("b"), new SingleMessage.Prepare(BALLOT)),
                new DecreeMessage.Learned(new DecreeName("c")))));
        Envelope first = reader.read(ByteBuffer.wrap(WireCodec.encode(envelope)));
        Envelope second = reader.read(ByteBuffer.wrap(WireCodec.encode(envelope)));
        assertThat(second.from()).isSameAs(first.from());
        assertThat(ballots(second))
                .allSatisfy(ballot -> assertThat(ballot).isSameAs(ballots(first).get(0)));
    }

    private static List<Ballot> ballots(Envelope envelope) {
        List<Bundle.Part> parts = ((Bundle) envelope.message()).parts();
        return List.of(
                ((SingleMessage.Accepted) ((DecreeMessage.Step) parts.get(0)).body()).ballot(),
                ((SingleMessage.Prepare) ((RegisterMessage.Step) parts.get(1)).body()).ballot());
    }
}
