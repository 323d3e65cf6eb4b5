// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.Envelope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Pins the bytes of version 1: what one release writes, every later one of that version reads and writes alike. When a
 * sample is added, {@code -Dgolden.rewrite=true} writes the file anew; a line that changes means a new version.
 */
class GoldenBytesTest {

    private static final String FILE = "version-1.golden";

    @Test
    void everySampleIsWrittenAsPinned() throws IOException {
        String lines = Envelopes.byName().entrySet().stream()
                .map(e -> e.getKey() + " " + HexFormat.of().formatHex(WireCodec.encode(e.getValue())) + "\n")
                .collect(Collectors.joining());
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(Path.of("src/test/resources/io/paxos/wire", FILE), lines);
        }

        assertThat(lines).isEqualTo(golden());
    }

    @Test
    void everyPinnedLineIsReadAsTheSample() {
        Map<String, Envelope> read = new TreeMap<>();
        golden().lines().forEach(line -> {
            String[] parts = line.split(" ");
            read.put(parts[0], WireCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(parts[1]))));
        });

        assertThat(read).isEqualTo(Envelopes.byName());
    }

    private static String golden() {
        try (InputStream in = Objects.requireNonNull(GoldenBytesTest.class.getResourceAsStream(FILE), FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
