// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the same loads on one contestant after the other, round by round. Each starts anew in each round and ends before
 * the next begins, so that nobody's idle threads run beside another's work.
 */
final class Comparison {

    /** What a result belongs to. */
    record Key(int bytes, int outstanding, String name) {}

    /** Before each measurement the load runs this part of its time without being counted. */
    private static final int SETTLING = 4;

    private final List<Contestant> contestants;
    private final List<Integer> sizes;
    private final List<Integer> outstanding;
    private final Scratch scratch;
    private final Map<Key, LoadRounds> results = new LinkedHashMap<>();
    private final Map<String, Exception> failures = new LinkedHashMap<>();
    private int started;

    Comparison(List<Contestant> contestants, List<Integer> sizes, List<Integer> outstanding, Scratch scratch) {
        this.contestants = contestants;
        this.sizes = sizes;
        this.outstanding = outstanding;
        this.scratch = scratch;
    }

    /**
     * One round. Who fails is out of this and all later rounds, and is told of in {@link #failures}.
     *
     * @param time how long each measurement takes
     * @param counts whether the results do, which they do not while the machine warms up
     */
    void round(Duration time, boolean counts) throws InterruptedException {
        for (int bytes : sizes) {
            for (Contestant contestant : contestants) {
                if (!failures.containsKey(contestant.name())) {
                    try {
                        measure(contestant, bytes, time, counts);
                    } catch (InterruptedException e) {
                        throw e;
                    } catch (Exception e) {
                        failures.put(contestant.name(), e);
                        System.out.printf("%s failed, and is left out from now on: %s%n", contestant.name(), e);
                    }
                }
            }
        }
    }

    private void measure(Contestant contestant, int bytes, Duration time, boolean counts) throws Exception {
        Path directory = Files.createDirectories(scratch.resolve("cluster-" + started++));
        byte[] command = new byte[bytes];
        StringBuilder progress = new StringBuilder();
        System.gc();
        try (Cluster cluster = contestant.start().start(directory, bytes)) {
            for (int count : outstanding) {
                Load.run(() -> cluster.submit(command), count, time.dividedBy(SETTLING));
                long forced = cluster.forces();
                Load.Result result = Load.run(() -> cluster.submit(command), count, time);
                progress.append("  ").append(Rounds.text(result.commandsPerSecond(), 0));
                if (counts) {
                    results.computeIfAbsent(new Key(bytes, count, contestant.name()), key -> new LoadRounds())
                            .add(result, cluster.forces() - forced);
                }
            }
        } finally {
            Scratch.delete(directory);
        }
        if (counts) {
            System.out.printf("  %-18s %5d bytes, %s/s%n", contestant.name(), bytes, progress);
        }
    }

    List<Contestant> contestants() {
        return contestants;
    }

    List<Integer> sizes() {
        return sizes;
    }

    List<Integer> outstanding() {
        return outstanding;
    }

    Map<Key, LoadRounds> results() {
        return results;
    }

    Map<String, Exception> failures() {
        return failures;
    }
}
