package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.Directories;
import io.paxos.examples.JarProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Three processes out of the uber-jar that keep their state in files, and die by {@code kill -9} all the time, one, two
 * or all at once, while clients write. System properties: {@code kills.seconds} is how long, {@code kills.seed} repeats a
 * schedule.
 */
class KvKillsIT {

    private static final int WRITERS = 8;
    private static final int SNAPSHOT_EVERY = 250;
    private static final int SEGMENT_BYTES = 256 << 10;
    private static final long SECONDS = Long.getLong("kills.seconds", 30);
    private static final long SEED = Long.getLong("kills.seed", new SecureRandom().nextInt());
    private static final Duration VERIFICATION = Duration.ofSeconds(60);

    private final Path directory = Directories.empty(Path.of(System.getProperty("examples.logs"), "kv-kills"));
    private final KvCluster cluster;
    private final History history = new History(directory.resolve("history.txt"));
    private final Writers writers;

    KvKillsIT() throws IOException {
        cluster = new KvCluster(
                directory,
                id -> List.of(
                        "--data",
                        data(id).toString(),
                        "--deadline",
                        "3",
                        "--segment-bytes",
                        Integer.toString(SEGMENT_BYTES),
                        "--snapshot-every",
                        Integer.toString(SNAPSHOT_EVERY)));
        writers = new Writers(WRITERS, cluster.nodes(), history::add);
    }

    private Path data(String id) {
        return directory.resolve("data").resolve(id);
    }

    @AfterEach
    void killEverything() throws Exception {
        writers.close();
        cluster.close();
        history.close();
    }

    @Test
    void everyAcknowledgedWriteIsThereOnceThoughProcessesAreKilledAllTheTime() throws Exception {
        System.out.println("killing for " + SECONDS + " s, seed " + SEED + ", history in " + history.file());
        Killings killings = new Killings(cluster, writers, new Random(SEED), history::add);
        cluster.start();
        writers.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() - end < 0) {
            killings.next();
        }
        writers.awaitMore(1, "after " + killings);
        writers.stop();

        cluster.kill();
        for (KvProcess node : cluster.nodes()) {
            verifyJournal(node);
        }
        cluster.start();
        List<Status> statuses = cluster.awaitEqual();
        verifyEveryKey();

        System.out.println(killings + ", " + writers.acknowledged().get() + " writes acknowledged, compacted "
                + statuses.stream().map(status -> status.text("compacted")).toList());
        requireEnough(killings, statuses);
        history.discard();
    }

    /** A run in which little happened shows little. */
    private void requireEnough(Killings killings, List<Status> statuses) {
        long least = Math.max(8, SECONDS / 6);
        assertThat(killings.kills()).as("kills").isGreaterThanOrEqualTo((int) least);
        assertThat(killings.killsOfAll()).as("kills of all at once").isGreaterThanOrEqualTo((int) least / 8);
        assertThat(killings.killsOfStarting()).as("kills of nodes that start").isGreaterThanOrEqualTo((int) least / 8);
        assertThat(killings.leaderChanges()).as("changes of leader").isGreaterThanOrEqualTo((int) least / 4);
        assertThat(killings.trims()).as("trims behind snapshots").isGreaterThanOrEqualTo((int) least / 2);
        assertThat(writers.acknowledged().get()).as("acknowledged writes").isGreaterThanOrEqualTo(50 * SECONDS);
        assertThat(statuses).allSatisfy(status -> assertThat(status.number("compacted"))
                .as("snapshots of %s", status.text("id"))
                .isGreaterThanOrEqualTo(5 * SNAPSHOT_EVERY));
    }

    private void verifyJournal(KvProcess node) throws IOException, InterruptedException {
        Path log = directory.resolve("verify-" + node.id() + ".log");
        try (JarProcess verify =
                new JarProcess(log, List.of("journal", "verify", data(node.id()).toString()))) {
            verify.start();
            assertThat(verify.await(VERIFICATION)).as(verify::log).isZero();
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
