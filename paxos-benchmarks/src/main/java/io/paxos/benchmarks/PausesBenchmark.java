// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long nothing is answered when the leader's process is killed. */
@Command(
        name = "pauses",
        description = {
            "Three nodes in processes of their own; a caller who submits one command after the other at whichever node"
                    + " leads; the leader is killed (SIGKILL), and the longest time between two answers counts.",
            "Each round is a new cluster, once with short timeouts and once with those that a library has if nothing is"
                    + " said."
        })
final class PausesBenchmark implements Callable<Integer> {

    /** A library with its timeouts; 0 milliseconds for its own. */
    private record Kind(Library library, int electionMillis) {
        @Override
        public String toString() {
            return library.label() + (electionMillis == 0 ? ", defaults" : ", " + electionMillis + " ms");
        }
    }

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Option(names = "--rounds", defaultValue = "5", description = "Default: 5")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "3",
            description = "How long commands are submitted before the leader is killed. Default: 3")
    private int seconds;

    @Option(
            names = "--election-millis",
            split = ",",
            defaultValue = "50,0",
            description = "How long a leader may be silent; 0 for a library's default. Default: 50,0")
    private List<Integer> electionMillis = List.of();

    @Option(
            names = "--libraries",
            split = ",",
            defaultValue = "PAXOS,JGROUPS_RAFT,SOFA_JRAFT,RATIS,AERON_CLUSTER",
            description = "Which: ${COMPLETION-CANDIDATES}. Default: all that have a transport")
    private List<Library> libraries = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "target/pauses.json",
            description = "Where to keep the figures of all rounds. Default: target/pauses.json")
    private Path json = Path.of("target/pauses.json");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<Kind, Rounds> found = new LinkedHashMap<>();
        List<Kind> kinds = new ArrayList<>();
        electionMillis.forEach(millis -> libraries.forEach(library -> kinds.add(new Kind(library, millis))));
        try (Scratch scratch = place.open()) {
            for (int round = 0; round < rounds; round++) {
                System.out.printf("Round %d of %d%n", round + 1, rounds);
                for (Kind kind : kinds) {
                    Path directory = Files.createDirectories(scratch.resolve("cluster-" + round + kinds.indexOf(kind)));
                    try (NodeProcesses nodes =
                            new NodeProcesses(kind.library, kind.library.lightest(), kind.electionMillis, directory)) {
                        double millis = pauseMillis(nodes);
                        found.computeIfAbsent(kind, key -> new Rounds()).add(millis);
                        System.out.printf("  %-24s %s ms%n", kind, Rounds.text(millis, 0));
                    } catch (IOException e) {
                        System.out.printf("  %-24s failed: %s%n", kind, e);
                    }
                    Scratch.delete(directory);
                }
                ComparisonJson.write(json, out -> {
                    for (Map.Entry<Kind, Rounds> each : found.entrySet()) {
                        ComparisonJson.write(out, each.getKey().toString(), each.getValue());
                    }
                });
            }
        }
        System.out.printf("%nLongest pause after the leader was killed, ms%n");
        found.forEach((kind, pauses) -> System.out.printf("  %-24s %s%n", kind, pauses.text(0)));
        return 0;
    }

    /** The pause has ended when another node has answered for a while. */
    private double pauseMillis(NodeProcesses nodes) throws IOException {
        nodes.submit();
        long begun = System.nanoTime();
        int leader = 0;
        while (System.nanoTime() - begun < Duration.ofSeconds(seconds).toNanos()) {
            leader = nodes.submit();
        }
        long longest = 0;
        long last = System.nanoTime();
        long since = Long.MAX_VALUE;
        nodes.kill(leader);
        while (since == Long.MAX_VALUE
                || System.nanoTime() - since < Duration.ofSeconds(1).toNanos()) {
            int answering = nodes.submit();
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
            if (answering != leader && since == Long.MAX_VALUE) {
                since = now;
            }
        }
        return longest / 1e6;
    }
}
