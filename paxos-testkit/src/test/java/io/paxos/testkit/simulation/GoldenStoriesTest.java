// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small scenarios, told message by message, as somebody would teach Paxos. When the protocol changes,
 * {@code -Dgolden.rewrite=true} tells them anew; then read the difference as prose: is it still what should happen, and do
 * the words between the commands still fit?
 */
class GoldenStoriesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1-first-election",
                "2-duel",
                "3-gap",
                "4-found-proposal",
                "5-lagging-follower",
                "6-snapshot",
                "7-stranger",
                "8-decree"
            })
    void isToldAsItWas(String name) throws IOException {
        String golden = golden(name + ".txt");
        String told = GoldenStory.read(golden).told();
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(Path.of("src/test/resources/io/paxos/testkit/simulation", name + ".txt"), told);
        }

        assertThat(told).isEqualTo(Boolean.getBoolean("golden.rewrite") ? told : golden);
    }

    private static String golden(String file) {
        try (InputStream in = Objects.requireNonNull(GoldenStoriesTest.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
