// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.agree;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.CommandLineRun;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgreeExampleTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void allNodesPrintOneAnswer(int nodes) {
        CommandLineRun run = CommandLineRun.of("agree", "--nodes", Integer.toString(nodes), "--name", "color");

        Set<String> answers = run.lines().stream()
                .filter(line -> line.contains("the answer is"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .collect(Collectors.toSet());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(nodes + 1).last().isEqualTo("agreed");
        assertThat(answers).hasSize(1);
    }
}
