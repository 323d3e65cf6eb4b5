// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Keeping;
import io.paxos.benchmarks.peers.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long a caller of this library waits at most when a node goes, or the office. */
@Command(
        name = "failover",
        description = {
            "Three nodes of this library in processes of their own; a caller who has one call outstanding, asks the node"
                    + " that answered last, and then all in turn. The leader is killed (SIGKILL), hands its office over,"
                    + " or a follower is killed; and for decrees the node that proposes, or another. The longest time"
                    + " between two answers counts, beside the longest before it.",
            "Each round is a new cluster, once with short timeouts and once with the default ones. How many answers came in"
                    + " each 20 ms around what happened is kept as well."
        })
final class FailoverBenchmark implements Callable<Integer> {

    /** What happens to the cluster. */
    private enum Case {
        LEADER_KILLED("the leader is killed", false),
        LEADER_TRANSFERS("the leader hands over", false),
        FOLLOWER_KILLED("a follower is killed", false),
        PROPOSER_KILLED("decrees: the node asked is killed", true),
        OTHER_KILLED("decrees: another node is killed", true);

        private final String words;
        private final boolean decrees;

        Case(String words, boolean decrees) {
            this.words = words;
            this.decrees = decrees;
        }

        /** Lets it happen, to a cluster in which this node has answered last. */
        void happen(NodeProcesses nodes, int answering) throws IOException {
            switch (this) {
                case LEADER_KILLED, PROPOSER_KILLED -> nodes.kill(answering);
                case LEADER_TRANSFERS -> {
                    if (!nodes.transfer(answering)) {
                        throw new IOException("node " + answering + " answered last and does not lead");
                    }
                }
                case FOLLOWER_KILLED, OTHER_KILLED -> nodes.kill((answering + 1) % 3);
            }
        }
    }

    private record Kind(Case what, int electionMillis) {
        @Override
        public String toString() {
            return what.words + (electionMillis == 0 ? ", defaults" : ", " + electionMillis + " ms");
        }
    }

    private record Found(Rounds before, Rounds after, List<int[]> timelines) {
        Found() {
            this(new Rounds(), new Rounds(), new ArrayList<>());
        }
    }

    /** The longest pause before and after, in nanoseconds, and how many answers came in each bucket of time around it. */
    private record Pauses(long before, long after, int[] timeline) {}

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Option(names = "--rounds", defaultValue = "5", description = "Default: 5")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "3", description = "How long to look, before and after. Default: 3")
    private int seconds;

    @Option(
            names = "--election-millis",
            split = ",",
            defaultValue = "50,0",
            description = "How long a leader may be silent; 0 for the default. Default: 50,0")
    private List<Integer> electionMillis = List.of();

    @Option(names = "--of", split = ",", description = "What happens: ${COMPLETION-CANDIDATES}. Default: all of it")
    private Set<Case> cases = EnumSet.allOf(Case.class);

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "target/failover.json",
            description = "Where to keep the figures of all rounds. Default: target/failover.json")
    private Path json = Path.of("target/failover.json");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<Kind, Found> found = new LinkedHashMap<>();
        List<Kind> kinds = new ArrayList<>();
        electionMillis.forEach(millis -> cases.forEach(what -> kinds.add(new Kind(what, millis))));
        try (Scratch scratch = place.open()) {
            for (int round = 0; round < rounds; round++) {
                System.out.printf("Round %d of %d%n", round + 1, rounds);
                for (Kind kind : kinds) {
                    Path directory = Files.createDirectories(scratch.resolve("cluster-" + round + kinds.indexOf(kind)));
                    try (NodeProcesses nodes =
                            new NodeProcesses(Library.PAXOS, Keeping.MEMORY, kind.electionMillis, directory)) {
                        Pauses pauses = pauses(nodes, kind.what);
                        Found all = found.computeIfAbsent(kind, key -> new Found());
                        all.before.add(pauses.before / 1e6);
                        all.after.add(pauses.after / 1e6);
                        all.timelines.add(pauses.timeline);
                    }
                    Scratch.delete(directory);
                }
            }
        }
        ComparisonJson.write(json, out -> {
            for (Map.Entry<Kind, Found> each : found.entrySet()) {
                ComparisonJson.write(out, each.getKey().toString(), each.getValue().after);
                ComparisonJson.write(out, each.getKey() + ", before", each.getValue().before);
            }
            out.writeArrayFieldStart("results");
            for (Map.Entry<Kind, Found> each : found.entrySet()) {
                for (int[] timeline : each.getValue().timelines) {
                    Timeline.write(out, each.getKey().toString(), timeline);
                }
            }
            out.writeEndArray();
        });
        System.out.printf("%n| what happens | longest pause, ms | longest before, ms |%n|---|---|---|%n");
        found.forEach(
                (kind, all) -> System.out.printf("| %s | %s | %s |%n", kind, all.after.text(1), all.before.text(1)));
        return 0;
    }

    private Pauses pauses(NodeProcesses nodes, Case what) throws IOException {
        Caller caller = what.decrees ? new Caller(nodes) : new Caller(nodes::submit);
        caller.look(Duration.ofSeconds(1));
        long before = caller.look(Duration.ofSeconds(seconds));
        long happened = System.nanoTime();
        what.happen(nodes, caller.answering);
        long after = caller.look(Duration.ofSeconds(seconds));
        return new Pauses(before, after, caller.timeline.around(happened));
    }

    /** Has one call outstanding. */
    private static final class Caller {

        private interface Call {
            int answered() throws IOException;
        }

        private final Call call;
        private final Timeline timeline = new Timeline();
        private int answering;
        private long last = System.nanoTime();

        Caller(Call call) {
            this.call = call;
        }

        /** A caller who has one name after the other decided. */
        Caller(NodeProcesses nodes) {
            this(new Call() {
                private long name;

                @Override
                public int answered() throws IOException {
                    return nodes.agree(name++);
                }
            });
        }

        /** The longest time between two answers, the last one before included; in nanoseconds. */
        long look(Duration time) throws IOException {
            long longest = 0;
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < time.toNanos()) {
                answering = call.answered();
                long now = System.nanoTime();
                longest = Math.max(longest, now - last);
                last = now;
                timeline.answered(now);
            }
            return longest;
        }
    }
}
