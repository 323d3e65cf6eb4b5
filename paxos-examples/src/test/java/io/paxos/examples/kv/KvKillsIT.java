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
 * schedule. A short run is made longer, within limits, if it must be to see enough.
 */
class KvKillsIT {

    private static final int WRITERS = 8;

    /** Small, so that snapshots are taken, fetched and trimmed behind all the time. */
    static final int SNAPSHOT_EVERY = 100;

    private static final int SEGMENT_BYTES = 256 << 10;
    private static final int SECONDS = Integer.getInteger("kills.seconds", 30);
    private static final int LIMIT_SECONDS = Math.max(SECONDS, 120);

    /** One every six seconds makes a hundred in ten minutes. */
    private static final int LEAST_KILLS = Math.max(8, SECONDS / 6);

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
        long start = System.nanoTime();
        while (seconds(start) < SECONDS
                || (seconds(start) < LIMIT_SECONDS
                        && !killings.missing(LEAST_KILLS).isEmpty())) {
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

        System.out.println(killings + " in " + seconds(start) + " s; decided "
                + statuses.get(0).text("decided"));
        assertThat(killings.missing(LEAST_KILLS)).isEmpty();
        history.discard();
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
