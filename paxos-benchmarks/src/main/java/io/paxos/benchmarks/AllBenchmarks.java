// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All measurements of speed, one after the other, each in a process of its own. */
@Command(
        name = "all",
        description =
                "Every measurement of speed, one after the other, each in a process of its own; more than an hour.")
final class AllBenchmarks implements Callable<Integer> {

    private static final List<String> MEASUREMENTS = List.of(
            "peers --json target/peers-memory.json",
            "peers --log FORCED --bytes 16 --json target/peers-forced.json",
            "shapes",
            "sizes --outstanding 1,64,256",
            "pace",
            "pauses",
            "failover",
            "growth",
            "processes",
            "durable",
            "parts --forks 3");

    @Option(names = "--rounds", description = "Of each measurement that has rounds. Default: what each has")
    private int rounds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (String measurement : MEASUREMENTS) {
            List<String> arguments = new ArrayList<>(Arrays.asList(measurement.split(" ")));
            if (rounds > 0 && !measurement.startsWith("parts")) {
                arguments.addAll(List.of("--rounds", Integer.toString(rounds)));
            }
            System.out.printf("%n== %s%n", String.join(" ", arguments));
            ChildProcess.run(ChildProcess.inherited(), arguments);
        }
        return 0;
    }
}
