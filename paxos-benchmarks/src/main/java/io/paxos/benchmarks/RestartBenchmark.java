// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long a node takes to come back when it has to read every command it ever accepted. */
@Command(
        name = "restart",
        description =
                "Time, MB/s and heap of a restart from the journal alone, without any snapshot; each in a process of"
                        + " its own.")
final class RestartBenchmark implements Callable<Integer> {

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Option(
            names = "--commands",
            split = ",",
            defaultValue = "1000000,3000000,10000000",
            description = "How many commands of 16 bytes. Default: 1000000,3000000,10000000")
    private List<Integer> commands = List.of();

    @Option(names = "--heap", defaultValue = "6g", description = "The heap of the node. Default: 6g")
    private String heap = "6g";

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Scratch scratch = place.open()) {
            for (int count : commands) {
                Path directory = scratch.resolve("commands-" + count);
                long bytes = StoreFiller.commands(directory, count);
                System.out.printf(
                        "%,d commands of 16 bytes: %,d MB of records, %,d MB of files%n",
                        count, bytes / 1_000_000, Scratch.bytesIn(directory) / 1_000_000);
                ChildProcess.run(
                        List.of("-Xmx" + heap),
                        List.of("restart-process", "--store", directory.toString(), "--bytes", Long.toString(bytes)));
            }
        }
        return 0;
    }
}
