// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.spi.Write;
import io.paxos.wire.proto.Store;
import io.paxos.wire.proto.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WriteCodecTest {

    private static final String SAMPLES = "io.paxos.wire.Writes#named";
    private static final String FILE = "store-version-1.golden";

    @ParameterizedTest
    @MethodSource(SAMPLES)
    void whatIsEncodedIsDecodedUnchanged(Write write) {
        byte[] bytes = WriteCodec.encode(write);
        ByteBuffer within = ByteBuffer.allocate(bytes.length + 7).position(3);
        WriteCodec.prepare(write).writeTo(within);
        ByteBuffer record = within.duplicate().flip().position(3);

        assertThat(WriteCodec.decode(ByteBuffer.wrap(bytes))).isEqualTo(write);
        assertThat(WriteCodec.decode(record)).isEqualTo(write);
        assertThat(record.position()).isEqualTo(3);
        assertThat(WriteCodec.decides(record)).isEqualTo(write instanceof Write.DecreeDecidedWrite);
    }

    @Test
    void everyKindOfWriteHasASample() {
        Set<Class<?>> sampled =
                Writes.byName().values().stream().map(Object::getClass).collect(Collectors.toSet());

        assertThat(sampled).containsExactlyInAnyOrder(Write.class.getPermittedSubclasses());
    }

    /** {@code -Dgolden.rewrite=true} writes the file anew when a sample is added; a line that changes means a new version. */
    @Test
    void everySampleIsWrittenAsPinnedAndReadAgain() throws IOException {
        String lines = Writes.byName().entrySet().stream()
                .map(e -> e.getKey() + " " + HexFormat.of().formatHex(WriteCodec.encode(e.getValue())) + "\n")
                .collect(Collectors.joining());
        if (Boolean.getBoolean("golden.rewrite")) {
            Path unused = Files.writeString(Path.of("src/test/resources/io/paxos/wire", FILE), lines);
        }
        Map<String, Write> read = new TreeMap<>();
        golden().lines().forEach(line -> {
            String[] parts = line.split(" ");
            read.put(parts[0], WriteCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(parts[1]))));
        });

        assertThat(lines).isEqualTo(golden());
        assertThat(read).isEqualTo(Writes.byName());
    }

    private static String golden() {
        try (InputStream in = Objects.requireNonNull(WriteCodecTest.class.getResourceAsStream(FILE), FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource(SAMPLES)
    void whateverTheBytesAreTheyAreAWriteOrRefused(Write write) {
        byte[] bytes = WriteCodec.encode(write);
        for (int length = 0; length < bytes.length; length++) {
            tryToDecode(Arrays.copyOf(bytes, length));
        }
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            tryToDecode(flipped);
        }
    }

    /** What is read in another way than it was written is either refused or, written again, the very same bytes. */
    private static void tryToDecode(byte[] bytes) {
        Write write;
        try {
            write = WriteCodec.decode(ByteBuffer.wrap(bytes));
        } catch (WireFormatException e) {
            assertThat(e).hasMessageMatching("(?s).*\\w{3}.*");
            return;
        }
        assertThat(WriteCodec.encode(write)).hasSameSizeAs(bytes);
    }

    @Test
    void refusesAnotherVersionAnUnknownTypeAndAnUnknownField() {
        byte[] version = WriteCodec.encode(Writes.byName().get("trim"));
        version[1] = 9;
        byte[] type = WriteCodec.encode(Writes.byName().get("trim"));
        type[0] = 100;
        byte[] field = new EncodedWrite(
                        1,
                        Store.PromiseWrite.newBuilder()
                                .setGroup("a")
                                .setPromised(Wire.Ballot.newBuilder()
                                        .setRound(1)
                                        .setProposer("n1")
                                        .setUnknownFields(UnknownFieldSet.newBuilder()
                                                .addField(
                                                        99,
                                                        UnknownFieldSet.Field.newBuilder()
                                                                .addVarint(5)
                                                                .build())
                                                .build()))
                                .build())
                .toByteArray();

        assertThatThrownBy(() -> WriteCodec.decode(ByteBuffer.wrap(version)))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("version 9")
                .hasMessageContaining("version 1");
        assertThatThrownBy(() -> WriteCodec.decode(ByteBuffer.wrap(type)))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("type 100");
        assertThatThrownBy(() -> WriteCodec.decode(ByteBuffer.wrap(field)))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("understands");
    }

    @Test
    void refusesToWriteWhatItCouldNotRead() {
        Ballot ballot = new Ballot(1, NodeId.of("n1"), 0);
        assertThatThrownBy(() -> WriteCodec.prepare(new Write.AcceptWrite(GroupId.of("a"), ballot, -1, List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void refusesABufferThatIsTooSmallAndDoesNotDependOnTheOneItReadFrom() {
        Write write = new Write.DecreeDecidedWrite(new DecreeName("x"), Payload.copyOf(new byte[] {1, 2, 3, 4}));
        EncodedWrite encoded = WriteCodec.prepare(write);
        byte[] bytes = encoded.toByteArray();

        Write decoded = WriteCodec.decode(ByteBuffer.wrap(bytes));
        Arrays.fill(bytes, (byte) 0x55);

        assertThat(decoded).isEqualTo(write);
        assertThatThrownBy(() -> encoded.writeTo(ByteBuffer.allocate(encoded.size() - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(encoded.size()));
    }
}
