// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartsBaselineTest {

    private final PartsBaseline kept = of(2.0, 0.05, 1000);

    @TempDir
    Path directory;

    @Test
    void whatCostsAsMuchOrLessIsNotTold() {
        assertThat(of(2.0, 0.05, 1000).dearerThan(kept)).isEmpty();
        assertThat(of(0.5, 0.05, 10).dearerThan(kept)).isEmpty();
    }

    @Test
    void aStepBeyondNoiseIsTold() {
        assertThat(of(2.5, 0.05, 1000).dearerThan(kept)).isEmpty();
        assertThat(of(2.7, 0.05, 1000).dearerThan(kept))
                .singleElement()
                .asString()
                .contains("part", "2.700", "2.000");
    }

    @Test
    void noiseOfEitherRunRaisesTheBar() {
        assertThat(of(2.7, 0.2, 1000).dearerThan(kept)).isEmpty();
        assertThat(of(3.1, 0.2, 1000).dearerThan(kept)).hasSize(1);
    }

    @Test
    void moreBytesAreTold() {
        assertThat(of(2.0, 0.05, 1120).dearerThan(kept)).isEmpty();
        assertThat(of(2.0, 0.05, 1140).dearerThan(kept))
                .singleElement()
                .asString()
                .contains("1140 bytes");
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path file = directory.resolve("kept");
        kept.write(file);
        assertThat(of(2.7, 0.05, 1140).dearerThan(PartsBaseline.read(file))).hasSize(2);
    }

    @Test
    void aLineThatIsNotOursIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("kept"), "part 1.0\n");
        assertThatThrownBy(() -> PartsBaseline.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("part 1.0")
                .hasMessageContaining("--write-baseline");
    }

    private static PartsBaseline of(double ratio, double spread, double bytes) {
        return new PartsBaseline(Map.of("part", new PartsBaseline.Cost(ratio, spread, bytes)));
    }
}
