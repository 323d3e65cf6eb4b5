// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExamplesTest {

    private static final List<String> ALL = List.of(
            "transaction-ids", "agree", "registers", "kv", "journal", "roles", "custom-transport", "playground");

    @Test
    void helpListsEveryExampleInAFewWords() {
        CommandLineRun help = CommandLineRun.of("--help");

        assertThat(help.exitCode()).isZero();
        for (String example : ALL) {
            assertThat(help.lines()).as(example).anyMatch(line -> line.startsWith("  " + example));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "transaction-ids",
                "agree",
                "registers",
                "kv",
                "journal",
                "roles",
                "custom-transport",
                "playground"
            })
    void everyExampleHasItsOwnHelp(String example) {
        CommandLineRun help = CommandLineRun.of(example, "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: paxos-examples " + example, "--help");
    }

    @Test
    void withoutTheNameOfAnExampleTransactionIdsRuns() {
        assertThat(Examples.withDefault()).containsExactly("transaction-ids");
        assertThat(Examples.withDefault("--nodes", "5")).containsExactly("transaction-ids", "--nodes", "5");
        assertThat(Examples.withDefault("--help")).containsExactly("--help");
        assertThat(Examples.withDefault("kv", "--id", "n1")).containsExactly("kv", "--id", "n1");
    }

    @Test
    void aPortInUseGetsOneClearLineAndExitCode1() throws IOException {
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + occupied.getLocalPort();
            for (CommandLineRun run : List.of(
                    CommandLineRun.of("kv", "--id", "n1", "--members", "n1=127.0.0.1:0", "--http", address),
                    CommandLineRun.of("kv", "--id", "n1", "--members", "n1=" + address, "--http", "127.0.0.1:0"))) {
                assertThat(run.exitCode()).isEqualTo(1);
                assertThat(run.out()).isEmpty();
                assertThat(run.err().lines()).hasSize(1).first().asString().contains(address);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | nonsense",
                "roles --nonsense | --nonsense",
                "agree --nodes 0 | --nodes must be 1 to 9, but is 0",
                "agree --nodes many | many",
                "transaction-ids --nodes 2 | --kills needs at least 3 servers",
                "transaction-ids --nodes 10 | --nodes must be 1 to 9, but is 10",
                "transaction-ids --ids 0 | --ids must be at least 1, but is 0",
                "transaction-ids --kills -1 | --kills must not be negative, but is -1",
                "transaction-ids --clients 0 | --clients must be 1 to 256, but is 0",
                "journal | Missing required subcommand",
                "journal verify | DIR",
                "journal mend x | mend",
                "playground --port 70000 | --port must be 0 to 65535, but is 70000",
                "playground --port many | many",
                "kv | --id",
                "kv --id n1 --members n1 --http 127.0.0.1:0 | \"n1\" is no member",
                "kv --id n1 --members n1=h --http 127.0.0.1:0 | \"h\" is no address",
                "kv --id n1 --members n1=127.0.0.1:70000 --http 127.0.0.1:0 | \"127.0.0.1:70000\" is no address",
                "kv --id n1 --members n1=127.0.0.1:0,n1=127.0.0.1:0 --http 127.0.0.1:0 | n1 is named twice",
                "kv --id n9 --members n1=127.0.0.1:0 --http 127.0.0.1:0 | n9 is not among the members [n1]",
                "kv --id n1 --members n1=127.0.0.1:0 --http nowhere.invalid:0 | nowhere.invalid",
                "kv --id n1 --members n1=127.0.0.1:0 --http 127.0.0.1 | \"127.0.0.1\" is no address",
                "kv --id n1 --members n1=127.0.0.1:0 --http 127.0.0.1:0 --deadline 0 | --deadline",
                "kv --id n1 --members n1=127.0.0.1:0 --http 127.0.0.1:0 --segment-bytes 65536 | give --data",
                "kv --id n1 --members n1=127.0.0.1:0 --http 127.0.0.1:0 --data x --segment-bytes 7 | not 7",
                "kv --id n1 --members n1=127.0.0.1:0 --http 127.0.0.1:0 --snapshot-every 0 | everySlots must be at least 1",
                "kv --id n1 --members n1=127.0.0.1:0 --join 127.0.0.1:0 --http 127.0.0.1:0 | n1 is among [n1]; leave out --join",
                "kv --id n4 --members n1=127.0.0.1:0 --join n4 --http 127.0.0.1:0 | \"n4\" is no address",
                "kv --id n4 --members n1=127.0.0.1:0 --join nowhere.invalid:0 --http 127.0.0.1:0 | nowhere.invalid",
                "kv --id n1 --members n1=0.0.0.0:0 --http 127.0.0.1:0 | confirm with --trust-network",
                "kv --id n1 --members n1=127.0.0.1:0 --http 127.0.0.1:0 --tls-key x | belong together",
                "kv --id n1 --members n1=127.0.0.1:0 --http 127.0.0.1:0 --tls-uri-only | give --tls-certificate",
                "kv --id n1 --members n1=127.0.0.1:0 --http 127.0.0.1:0 --tls-certificate x --tls-key x --tls-trusted x --trust-network | leave it out",
                "kv --id n/1 --members n/1=127.0.0.1:0 --http 127.0.0.1:0 | n/1",
            })
    void badArgumentsGetOneClearLineAndExitCode2(String args, String named) {
        CommandLineRun run = CommandLineRun.of(args.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1).first().asString().contains(named);
    }
}
