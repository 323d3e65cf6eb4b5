// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.CommandLineRun;
import org.junit.jupiter.api.Test;

class CustomTransportExampleTest {

    @Test
    void aClusterAgreesInDatagrams() {
        CommandLineRun run = CommandLineRun.of("custom-transport");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.lines()).last().isEqualTo("agreed, in datagrams");
    }
}
