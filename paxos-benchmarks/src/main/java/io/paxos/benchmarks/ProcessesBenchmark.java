// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Keeping;
import io.paxos.benchmarks.peers.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** This library and others, each node in a process of its own. */
@Command(
        name = "processes",
        description = "Commands per second of three nodes in three processes, the caller in the leader's.")
final class ProcessesBenchmark implements Callable<Integer> {

    private static final int COMMAND_BYTES = 16;
    private static final int WARMING = 4;

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Mixin
    private Measured measured = new Measured();

    @Option(
            names = "--log",
            defaultValue = "MEMORY",
            description = "Where nodes keep their logs: ${COMPLETION-CANDIDATES}. Default: MEMORY")
    private Keeping keeping = Keeping.MEMORY;

    @Option(
            names = "--libraries",
            split = ",",
            defaultValue = "PAXOS,JGROUPS_RAFT,SOFA_JRAFT,RATIS,AERON_CLUSTER",
            description = "Which: ${COMPLETION-CANDIDATES}. Default: all that have a transport")
    private List<Library> libraries = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "target/processes.json",
            description = "Where to keep the figures of all rounds. Default: target/processes.json")
    private Path json = Path.of("target/processes.json");

    @Override
    public Integer call() throws IOException, InterruptedException {
        measured.print("Three processes, one caller in the leader's, log: " + keeping);
        Map<String, Rounds> rates = new LinkedHashMap<>();
        Map<String, Rounds> medians = new LinkedHashMap<>();
        try (Scratch scratch = place.open()) {
            for (int round = 0; round < measured.rounds(); round++) {
                System.out.printf("Round %d of %d%n", round + 1, measured.rounds());
                for (Library library : libraries) {
                    Keeping nearest = keeping == Keeping.MEMORY ? library.lightest() : keeping;
                    Path directory = Files.createDirectories(scratch.resolve(library.name() + round));
                    try (NodeProcesses nodes = new NodeProcesses(library, nearest, 0, directory)) {
                        measure(library, nodes, rates, medians);
                    }
                    Scratch.delete(directory);
                }
            }
        }
        rates.forEach((key, rate) -> System.out.printf(
                "  %-34s %s/s, p50 %s us%n",
                key, rate.text(0), Rounds.text(medians.getOrDefault(key, rate).median(), 0)));
        ComparisonJson.write(json, out -> {
            for (Map.Entry<String, Rounds> each : rates.entrySet()) {
                ComparisonJson.write(out, each.getKey() + ", commands/s", each.getValue());
            }
            for (Map.Entry<String, Rounds> each : medians.entrySet()) {
                ComparisonJson.write(out, each.getKey() + ", p50 us", each.getValue());
            }
        });
        return 0;
    }

    /** Processes are new, so everything is run once for as long as it takes the compiler, and then once to count. */
    private void measure(Library library, NodeProcesses nodes, Map<String, Rounds> rates, Map<String, Rounds> medians)
            throws IOException {
        int millis = (int) measured.time().toMillis();
        for (int turn = 0; turn < WARMING; turn++) {
            for (int outstanding : measured.outstanding()) {
                nodes.load(COMMAND_BYTES, outstanding, millis);
            }
        }
        for (int outstanding : measured.outstanding()) {
            NodeProcesses.Speed speed = nodes.load(COMMAND_BYTES, outstanding, millis);
            String key = library.label() + ", " + outstanding + " outstanding";
            rates.computeIfAbsent(key, name -> new Rounds()).add(speed.commandsPerSecond());
            medians.computeIfAbsent(key, name -> new Rounds()).add(speed.medianMicros());
            System.out.printf("  %-34s %s/s%n", key, Rounds.text(speed.commandsPerSecond(), 0));
        }
    }
}
