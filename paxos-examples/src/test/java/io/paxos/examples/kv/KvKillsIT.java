// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.Directories;
import io.paxos.examples.JarProcess;
import io.paxos.testkit.history.Operation;
import io.paxos.testkit.history.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Three to five processes out of the uber-jar that keep their state in files, and die by {@code kill -9} all the time, one,
 * two or all at once, while clients write and read; between the kills they stand still, links are cut or slow, a disk is
 * full. System properties: {@code kills.seconds} is how long, {@code kills.seed} repeats a schedule. A short run is made
 * longer, within limits, if it must be to see enough.
 */
class KvKillsIT {

    private static final int WRITERS = 8;
    private static final int HEAP_MEGABYTES = 128;

    /** Small, so that snapshots are taken, fetched and trimmed behind all the time. */
    static final int SNAPSHOT_EVERY = 100;

    private static final int SEGMENT_BYTES = 256 << 10;
    private static final int SECONDS = Integer.getInteger("kills.seconds", 30);
    private static final int LIMIT_SECONDS = Math.max(SECONDS, 120);

    /** A run that is shorter than this is of three processes, which are soon started. */
    private static final int LONG_SECONDS = 120;

    /** One every eight seconds makes 75 in ten minutes. */
    private static final int LEAST_KILLS = Math.max(6, SECONDS / 8);

    /** Of each sort: five in ten minutes. */
    private static final int LEAST_TROUBLES = Math.max(1, SECONDS / 120);

    private static final long SEED = Long.getLong("kills.seed", new SecureRandom().nextInt());
    private static final Duration VERIFICATION = Duration.ofSeconds(60);

    private final Random random = new Random(SEED);
    private final Path directory = Directories.empty(Path.of(System.getProperty("examples.logs"), "kv-kills"));
    private final StringBuilder noDisk = new StringBuilder();
    private final @Nullable SmallDisk disk;
    private final KvCluster cluster;
    private final History history = new History(directory.resolve("history.txt"));
    private final Writers writers;

    KvKillsIT() throws IOException, InterruptedException {
        disk = SmallDisk.mount(directory.resolve("disk"), noDisk).orElse(null);
        int size = SECONDS < LONG_SECONDS ? 3 : 3 + random.nextInt(3);
        cluster = new KvCluster(
                directory,
                IntStream.rangeClosed(1, size).mapToObj(i -> "n" + i).toList(),
                HEAP_MEGABYTES,
                id -> List.of(
                        "--data",
                        data(id).toString(),
                        "--deadline",
                        "3",
                        "--segment-bytes",
                        Integer.toString(SEGMENT_BYTES),
                        "--snapshot-every",
                        Integer.toString(SNAPSHOT_EVERY)));
        writers = new Writers(WRITERS, cluster.nodes(), random, history::add);
    }

    /** The first node keeps its state on a disk that can be filled up. */
    private Path data(String id) {
        return disk != null && id.equals("n1")
                ? disk.directory()
                : directory.resolve("data").resolve(id);
    }

    @AfterEach
    void killEverything() throws Exception {
        writers.close();
        cluster.close();
        history.close();
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void everyAcknowledgedWriteIsThereOnceThoughProcessesAreKilledAllTheTime() throws Exception {
        System.out.println("killing " + cluster.nodes().size() + " processes for " + SECONDS + " s, seed " + SEED
                + ", history in " + history.file() + "; the disk to be filled is "
                + (disk == null ? "a limit of the process, for " + noDisk : "a tmpfs"));
        Killings killings = new Killings(cluster, writers, random, history::add);
        Troubles troubles = new Troubles(cluster, writers, killings, disk, random, history::add);
        cluster.start();
        writers.start();
        long start = System.nanoTime();
        while (seconds(start) < SECONDS
                || (seconds(start) < LIMIT_SECONDS
                        && !missing(killings, troubles).isEmpty())) {
            killings.next();
            troubles.next();
        }
        writers.awaitMore(1, "after " + killings);
        writers.stop();

        cluster.kill();
        for (KvProcess node : cluster.nodes()) {
            verifyJournal(node);
        }
        auditJournals();
        cluster.start();
        List<Status> statuses = cluster.awaitEqual();
        verifyEveryKey();
        Verdict.Linearizable verdict = writers.verifyHistory(cluster.nodes(), directory.resolve("history.html"));

        System.out.println(killings + "; " + troubles + " in " + seconds(start) + " s; decided "
                + statuses.get(0).text("decided") + "; " + verdict + ", unknown "
                + writers.count(Operation.Ending.UNKNOWN) + ", refused " + writers.count(Operation.Ending.REFUSED));
        assertThat(missing(killings, troubles)).isEmpty();
        assertThat(writers.count(Operation.Ending.UNKNOWN))
                .as("calls of unknown outcome")
                .isPositive();
        history.discard();
    }

    private static List<String> missing(Killings killings, Troubles troubles) {
        return Stream.of(killings.missing(LEAST_KILLS), troubles.missing(LEAST_TROUBLES))
                .flatMap(List::stream)
                .toList();
    }

    private static long seconds(long start) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }

    private void verifyJournal(KvProcess node) throws IOException, InterruptedException {
        Path log = directory.resolve("verify-" + node.id() + ".log");
        try (JarProcess verify =
                new JarProcess(log, List.of("journal", "verify", data(node.id()).toString()))) {
            verify.start();
            assertThat(verify.await(VERIFICATION)).as(verify::log).isZero();
        }
        assertThat(data(node.id()).resolve("journal-0000000000000001.seg"))
                .as("a segment that was trimmed long ago")
                .doesNotExist();
    }

    private void auditJournals() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("journal", "audit"));
        cluster.nodes().forEach(node -> command.add(data(node.id()).toString()));
        try (JarProcess audit = new JarProcess(directory.resolve("audit.log"), command)) {
            audit.start();
            assertThat(audit.await(VERIFICATION)).as(audit::log).isZero();
        }
    }

    /** What each node has is what the clients were told, and all nodes have the same. */
    private void verifyEveryKey() throws Exception {
        for (Writer.Knowledge known : writers.knowledge()) {
            Set<Long> versions = new HashSet<>();
            for (KvProcess node : cluster.nodes()) {
                versions.add(Writers.verify(known, node, "?read=local"));
            }
            assertThat(versions).as("versions of %s", known).hasSize(1);
        }
    }
}
