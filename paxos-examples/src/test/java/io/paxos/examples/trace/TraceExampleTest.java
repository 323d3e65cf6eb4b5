// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.CommandLineRun;
import org.junit.jupiter.api.Test;

class TraceExampleTest {

    @Test
    void drawsTheCommandOnAllNodes() {
        assertThat(CommandLineRun.of("trace").out().lines())
                .anyMatch(line -> line.endsWith(": submit"))
                .anyMatch(line -> line.contains("Accept slot "))
                .anyMatch(line -> line.contains("Accepted slot "))
                .anyMatch(line -> line.endsWith("n1: decided and executed"))
                .anyMatch(line -> line.endsWith("n2: decided and executed"))
                .anyMatch(line -> line.endsWith("n3: decided and executed"))
                .anyMatch(line -> line.endsWith(": answered"))
                .noneMatch(line -> line.contains("failed"));
    }

    @Test
    void drawsForMermaid() {
        assertThat(CommandLineRun.of("trace", "--mermaid", "--leader").out())
                .startsWith("sequenceDiagram\n    participant p0 as n1\n")
                .contains("Note over p2: decided and executed");
    }

    @Test
    void refusesMoreNodesThanFitOnALine() {
        CommandLineRun run = CommandLineRun.of("trace", "--nodes", "10");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--nodes must be 1 to 9, but is 10");
    }
}
