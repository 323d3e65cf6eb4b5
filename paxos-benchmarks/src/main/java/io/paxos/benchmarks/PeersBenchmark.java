// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Keeping;
import io.paxos.benchmarks.peers.Library;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** This library beside others and beside the wire floor, in one process and in turn in each round. */
@Command(
        name = "peers",
        description = {
            "Commands per second of three nodes in this process, of this library and of others, each over its own"
                    + " transport on the loopback interface and with its own storage, beside what the same messages cost"
                    + " with no consensus in them.",
            "A star marks what has no transport of its own, and hands messages over within the process."
        })
final class PeersBenchmark implements Callable<Integer> {

    private static final int BLOCK = 4096;

    /** While the machine warms up, measurements take this part of their time. */
    private static final int WARMING = 4;

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Mixin
    private Measured measured = new Measured();

    @Option(
            names = "--bytes",
            split = ",",
            defaultValue = "16,1024",
            description = "How many bytes a command has, at least 8. Default: 16,1024")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--log",
            defaultValue = "MEMORY",
            description = "Where nodes keep their logs: ${COMPLETION-CANDIDATES}. Who has none in memory keeps it in"
                    + " files instead. Default: MEMORY")
    private Keeping keeping = Keeping.MEMORY;

    @Option(
            names = "--peers",
            split = ",",
            defaultValue = "JGROUPS_RAFT,SOFA_JRAFT,RATIS,AERON_CLUSTER,MICRORAFT",
            description = "Whom to compare with: ${COMPLETION-CANDIDATES}. Default: all")
    private List<Library> peers = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "target/peers.json",
            description = "Where to keep the figures of all rounds. Default: target/peers.json")
    private Path json = Path.of("target/peers.json");

    @Override
    public Integer call() throws IOException, InterruptedException {
        measured.print("Three nodes, one caller at the leader, log: " + keeping);
        Comparison comparison;
        Rounds micros = new Rounds();
        int nodes = LocalCluster.NAMES.size();
        try (Scratch scratch = place.open();
                DiskLimit disk = new DiskLimit(scratch.path(), nodes, new LeastTime(0))) {
            comparison = new Comparison(Contestants.libraries(keeping, peers), sizes, measured.outstanding(), scratch);
            Duration less = measured.time().dividedBy(WARMING);
            WarmUp.run(() -> comparison.round(less, false), measured.warmUp());
            for (int round = 0; round < measured.rounds(); round++) {
                System.out.printf("Round %d of %d%n", round + 1, measured.rounds());
                if (keeping == Keeping.FORCED) {
                    micros.add(disk.measure(nodes, BLOCK, measured.time()).medianMicros());
                }
                comparison.round(measured.time(), true);
            }
        }
        ComparisonTable.print(comparison);
        if (keeping == Keeping.FORCED) {
            System.out.printf("%nThe disk: a force of 4 KiB, %d files at once: median %s us%n", nodes, micros.text(0));
        }
        ComparisonJson.write(json, comparison);
        return comparison.failures().isEmpty() ? 0 : 1;
    }
}
