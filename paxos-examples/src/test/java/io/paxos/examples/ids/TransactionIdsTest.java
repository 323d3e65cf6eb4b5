// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.CommandLineRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionIdsTest {

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 4})
    void everyIdOnceAndInOrderThoughTheLeaderDies(int nodes) {
        CommandLineRun run = CommandLineRun.of(
                "transaction-ids", "--nodes", Integer.toString(nodes), "--ids", "5000", "--kills", "1");

        verify(run, "nodes " + nodes + ", IDs 5000, duplicates 0, gaps 0, leader kills 1, longest pause ");
    }

    @Test
    void everyIdOnceAndInOrderThoughTheLeaderDiesTenTimes() {
        CommandLineRun run = CommandLineRun.of("transaction-ids", "--ids", "11000", "--kills", "10");

        verify(run, "nodes 3, IDs 11000, duplicates 0, gaps 0, leader kills 10, longest pause ");
        assertThat(run.lines().stream().filter(line -> line.endsWith(", the leader, is killed")))
                .hasSize(10);
    }

    @Test
    void oneServerAloneAllocatesToo() {
        CommandLineRun run = CommandLineRun.of("transaction-ids", "--nodes", "1", "--ids", "500", "--kills", "0");

        verify(run, "nodes 1, IDs 500, duplicates 0, gaps 0, leader kills 0, longest pause ");
    }

    private static void verify(CommandLineRun run, String closingLine) {
        assertThat(run.exitCode()).as("%s%n%s", run.out(), run.err()).isZero();
        assertThat(run.lines()).last().asString().startsWith(closingLine).endsWith(" ms");
        assertThat(run.out()).doesNotContain("WRONG").doesNotContain("\r");
    }
}
