// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Cluster;
import io.paxos.benchmarks.peers.Keeping;
import io.paxos.benchmarks.peers.Library;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long answers take when a cluster is half as busy as it can be. */
@Command(
        name = "pace",
        description =
                "The best rate of three nodes, with so many commands outstanding, and then the time to an answer at a"
                        + " steady half of it, taken from when a command was due.")
final class PaceBenchmark implements Callable<Integer> {

    /** What one library came to. */
    private record Found(Rounds best, LoadRounds atHalf) {}

    private static final int COMMAND_BYTES = 16;
    private static final int SETTLING = 4;

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
            names = "--peers",
            split = ",",
            defaultValue = "JGROUPS_RAFT,SOFA_JRAFT,RATIS,AERON_CLUSTER,MICRORAFT",
            description = "Whom to compare with: ${COMPLETION-CANDIDATES}. Default: all")
    private List<Library> peers = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "target/pace.json",
            description = "Where to keep the figures of all rounds. Default: target/pace.json")
    private Path json = Path.of("target/pace.json");

    private final Map<String, Found> found = new LinkedHashMap<>();
    private int started;

    @Override
    public Integer call() throws Exception {
        measured.print("Three nodes, one caller at the leader, log: " + keeping);
        List<Contestant> contestants = Contestants.libraries(keeping, peers);
        try (Scratch scratch = place.open()) {
            WarmUp.run(
                    () -> round(contestants, scratch, measured.time().dividedBy(SETTLING), false), measured.warmUp());
            for (int round = 0; round < measured.rounds(); round++) {
                System.out.printf("Round %d of %d%n", round + 1, measured.rounds());
                round(contestants, scratch, measured.time(), true);
            }
        }
        found.forEach((name, each) -> System.out.printf(
                "%-14s best %s/s; at half of it p50 %s, p99 %s, p99.9 %s us; p99 is %s times p50%n",
                name,
                each.best.text(0),
                each.atHalf.medianMicros().text(0),
                each.atHalf.p99Micros().text(0),
                each.atHalf.p999Micros().text(0),
                Rounds.text(
                        each.atHalf.p99Micros().median()
                                / each.atHalf.medianMicros().median(),
                        1)));
        ComparisonJson.write(json, out -> {
            for (Map.Entry<String, Found> each : found.entrySet()) {
                out.writeObjectFieldStart(each.getKey());
                ComparisonJson.write(out, "bestCommandsPerSecond", each.getValue().best);
                ComparisonJson.write(out, each.getValue().atHalf);
                out.writeEndObject();
            }
        });
        return 0;
    }

    private void round(List<Contestant> contestants, Scratch scratch, Duration time, boolean counts)
            throws InterruptedException {
        int most = measured.outstanding().get(measured.outstanding().size() - 1);
        byte[] command = new byte[COMMAND_BYTES];
        for (Contestant contestant : contestants) {
            try {
                Path directory = Files.createDirectories(scratch.resolve("cluster-" + started++));
                System.gc();
                try (Cluster cluster = contestant.start().start(directory, COMMAND_BYTES)) {
                    Load.run(() -> cluster.submit(command), most, time.dividedBy(SETTLING));
                    Load.Result best = Load.run(() -> cluster.submit(command), most, time);
                    double half = best.commandsPerSecond() / 2;
                    Load.paced(() -> cluster.submit(command), half, time.dividedBy(SETTLING));
                    Load.Result paced = Load.paced(() -> cluster.submit(command), half, time);
                    if (counts) {
                        Found into = found.computeIfAbsent(
                                contestant.name(), key -> new Found(new Rounds(), new LoadRounds()));
                        into.best.add(best.commandsPerSecond());
                        into.atHalf.add(paced);
                        System.out.printf(
                                "  %-14s %s/s, p50 %s, p99 %s us%n",
                                contestant.name(),
                                Rounds.text(half, 0),
                                Rounds.text(paced.medianMicros(), 0),
                                Rounds.text(paced.micros(0.99), 0));
                    }
                } finally {
                    Scratch.delete(directory);
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(contestant.name() + " cannot be measured", e);
            }
        }
    }
}
