// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.benchmarks.peers.Keeping;
import io.paxos.benchmarks.peers.Library;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class NodeProcessesTest {

    @TempDir
    Path directory;

    @Test
    @Timeout(120)
    void whenTheLeadersProcessIsKilledAnotherNodeAnswers() throws Exception {
        try (NodeProcesses nodes = new NodeProcesses(Library.PAXOS, Keeping.MEMORY, 0, directory)) {
            int leader = nodes.submit();
            assertThat(nodes.load(16, 4, 20).commandsPerSecond()).isPositive();
            nodes.kill(leader);
            int answering = nodes.submit();
            while (answering == leader) {
                answering = nodes.submit();
            }
            assertThat(answering).isBetween(0, 2);
        }
    }

    @Test
    @Timeout(120)
    void theOfficeCanBeHandedOverAndNamesDecidedAtAnyNode() throws Exception {
        try (NodeProcesses nodes = new NodeProcesses(Library.PAXOS, Keeping.MEMORY, 0, directory)) {
            int leader = nodes.submit();
            while (!nodes.transfer(leader)) {
                leader = nodes.submit();
            }
            int answering = nodes.submit();
            while (answering == leader) {
                answering = nodes.submit();
            }
            assertThat(nodes.agree(1)).isEqualTo(answering);
            nodes.kill(answering);
            assertThat(nodes.agree(2)).isNotEqualTo(answering);
        }
    }
}
