// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What it costs that a decided name is never forgotten. */
@Command(
        name = "names",
        description = "Bytes on disk, time of a restart and heap of a node that holds many decided decrees.")
final class NamesBenchmark implements Callable<Integer> {

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Option(names = "--names", defaultValue = "1000000", description = "How many decided decrees. Default: 1000000")
    private int names;

    @Option(names = "--heap", defaultValue = "2g", description = "The heap of the node. Default: 2g")
    private String heap = "2g";

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Scratch scratch = place.open()) {
            Path directory = scratch.resolve("names");
            long bytes = StoreFiller.names(directory, names);
            for (int start = 1; start <= 2; start++) {
                System.out.printf(
                        "%,d decided decrees: %,d MB of records, %,d MB of files%n",
                        names, bytes / 1_000_000, Scratch.bytesIn(directory) / 1_000_000);
                ChildProcess.run(
                        List.of("-Xmx" + heap),
                        List.of(
                                "restart-process",
                                "--store",
                                directory.toString(),
                                "--bytes",
                                Long.toString(bytes),
                                "--name",
                                StoreFiller.name(names / 2)));
            }
        }
        return 0;
    }
}
