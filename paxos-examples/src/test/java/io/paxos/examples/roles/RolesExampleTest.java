// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.roles;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.CommandLineRun;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RolesExampleTest {

    @Test
    void drawsTheDuelAsText() throws IOException {
        assertThat(CommandLineRun.of("roles").out()).isEqualTo(golden("roles.txt"));
    }

    @Test
    void drawsTheDuelAsMermaid() throws IOException {
        assertThat(CommandLineRun.of("roles", "--mermaid").out()).isEqualTo(golden("roles.mermaid"));
    }

    @Test
    void showsRefusalsALossAndOneDecision() {
        MessageSequence sequence = Duel.play();
        List<String> labels = sequence.steps().stream()
                .filter(MessageSequence.Arrow.class::isInstance)
                .map(step -> ((MessageSequence.Arrow) step).label())
                .toList();
        Set<String> decisions =
                labels.stream().filter(label -> label.startsWith("Decide")).collect(Collectors.toSet());

        assertThat(labels).anyMatch(label -> label.startsWith("Nack"));
        assertThat(sequence.steps()).anyMatch(MessageSequence.Loss.class::isInstance);
        assertThat(decisions).containsExactly("Decide apple");
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = requireNonNull(RolesExampleTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
