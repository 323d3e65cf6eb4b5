// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Keeping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** This library as commands grow, beside the wire floor with frames that grow alike. */
@Command(
        name = "sizes",
        description =
                "Commands per second of three nodes in this process, in memory, with commands of several sizes, beside"
                        + " what the same messages cost with no consensus in them.")
final class SizesBenchmark implements Callable<Integer> {

    private static final int NODES = 3;
    private static final int WARMING = 4;

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Mixin
    private Measured measured = new Measured();

    @Option(
            names = "--bytes",
            split = ",",
            defaultValue = "16,64,256,1024,4096,16384",
            description = "How many bytes a command has. Default: 16,64,256,1024,4096,16384")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "target/sizes.json",
            description = "Where to keep the figures of all rounds. Default: target/sizes.json")
    private Path json = Path.of("target/sizes.json");

    @Override
    public Integer call() throws IOException, InterruptedException {
        measured.print("Three nodes as commands grow");
        Comparison comparison;
        try (Scratch scratch = place.open()) {
            comparison = new Comparison(
                    List.of(Contestants.floor(NODES), Contestants.atLeader(Keeping.MEMORY)),
                    sizes,
                    measured.outstanding(),
                    scratch);
            WarmUp.run(() -> comparison.round(measured.time().dividedBy(WARMING), false), measured.warmUp());
            for (int round = 0; round < measured.rounds(); round++) {
                System.out.printf("Round %d of %d%n", round + 1, measured.rounds());
                comparison.round(measured.time(), true);
            }
        }
        ComparisonTable.print(comparison);
        ComparisonJson.write(json, comparison);
        return comparison.failures().isEmpty() ? 0 : 1;
    }
}
