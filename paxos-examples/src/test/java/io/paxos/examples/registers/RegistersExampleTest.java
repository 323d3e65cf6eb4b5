// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.registers;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.CommandLineRun;
import org.junit.jupiter.api.Test;

class RegistersExampleTest {

    @Test
    void noAdditionIsLostOrMadeTwice() {
        CommandLineRun run = CommandLineRun.of("registers", "--additions", "10");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.lines())
                .contains("n1 is closed", "n2 reads 25 of 25", "n3 reads 25 of 25")
                .contains("n2 takes the lock, whose owner is n2")
                .contains("n3 does not get the lock, whose owner is n2")
                .last()
                .isEqualTo("no addition was lost or made twice");
    }

    @Test
    void badOptionsAreNamed() {
        CommandLineRun run = CommandLineRun.of("registers", "--nodes", "2");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--nodes must be 3 to 9");
    }
}
