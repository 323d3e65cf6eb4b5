// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.Directories;
import io.paxos.testkit.history.Operation;
import io.paxos.testkit.history.Verdict;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Three processes out of the uber-jar are replaced by three others, one by one, over HTTP, while clients write and read;
 * each of the old ones dies by {@code kill -9} as soon as the request that lets it go is answered. At the end nothing of
 * the first three is left.
 */
class KvReplacementIT {

    private static final int WRITERS = 4;
    private static final int ENOUGH = 50;
    private static final int HEAP_MEGABYTES = 128;

    private final Path directory = Directories.empty(Path.of(System.getProperty("examples.logs"), "kv-replacement"));
    private final KvCluster cluster;

    /** Whom the clients call; each of them hears who came for whom when the old one is gone. */
    private final List<KvProcess> called;

    private final History history = new History(directory.resolve("history.txt"));
    private final Writers writers;

    KvReplacementIT() throws IOException {
        cluster = new KvCluster(
                directory,
                List.of("n1", "n2", "n3"),
                List.of("n4", "n5", "n6"),
                HEAP_MEGABYTES,
                id -> List.of(
                        "--data",
                        directory.resolve("data").resolve(id).toString(),
                        "--deadline",
                        "18",
                        "--snapshot-every",
                        "1000"));
        called = new CopyOnWriteArrayList<>(cluster.nodes());
        writers = new Writers(WRITERS, called, new Random(WRITERS), history::add);
    }

    @AfterEach
    void killEverything() throws Exception {
        writers.close();
        cluster.close();
        history.close();
    }

    @Test
    void nothingIsLostThoughAllThreeAreReplacedOneByOneByThreeOthersUnderLoad() throws Exception {
        long start = System.nanoTime();
        cluster.start();
        startNewcomers();
        cluster.awaitLeader(cluster.nodes());
        writers.start();
        writers.awaitMore(ENOUGH, "with the first three");
        List<KvProcess> voters = new ArrayList<>(cluster.nodes());
        List<KvProcess> old = new ArrayList<>(cluster.nodes());
        StringBuilder report = new StringBuilder(
                "longest pause before " + writers.acknowledged().longestPauseMillis() + " ms");

        for (KvProcess coming : cluster.newcomers()) {
            KvProcess leader = cluster.awaitLeader(voters);
            KvProcess leaving = old.contains(leader) ? leader : old.get(0);
            replace(leaving, coming, voters);
            leaving.kill();
            called.set(called.indexOf(leaving), coming);
            old.remove(leaving);
            writers.awaitMore(ENOUGH, "without " + leaving.id());
            report.append("; ")
                    .append(leaving == leader ? "leader " : "")
                    .append(leaving.id())
                    .append(" by ")
                    .append(coming.id())
                    .append(": ")
                    .append(writers.acknowledged().longestPauseMillis())
                    .append(" ms");
        }
        writers.stop();

        assertThat(cluster.nodes()).noneMatch(KvProcess::isAlive);
        cluster.awaitEqual(cluster.newcomers());
        verifyEveryKey();
        startThemAgain();
        verifyEveryKey();
        Verdict.Linearizable verdict = writers.verifyHistory(cluster.newcomers(), directory.resolve("history.html"));
        System.out.println("replaced three by three in " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)
                + " s; " + report + "; " + writers.acknowledged().get() + " writes acknowledged, " + verdict
                + ", unknown " + writers.count(Operation.Ending.UNKNOWN) + ", refused "
                + writers.count(Operation.Ending.REFUSED));
        history.discard();
    }

    /** At first nobody lets them in; they knock again and again. */
    private void startNewcomers() throws IOException {
        for (KvProcess newcomer : cluster.newcomers()) {
            newcomer.start();
        }
    }

    /** Asks one that votes and stays; when it answers, who left may be thrown away. */
    private void replace(KvProcess leaving, KvProcess coming, List<KvProcess> voters)
            throws IOException, InterruptedException {
        voters.remove(leaving);
        KvProcess asked = voters.get(0);
        voters.add(coming);
        history.add(coming.id() + " for " + leaving.id());
        HttpResponse<String> answer = asked.call(
                "POST",
                "/admin/members?replace=" + leaving.id() + "&by=" + coming.id() + "=" + cluster.addressOf(coming),
                "");
        history.add(answer.body());
        List<String> ids = voters.stream().map(KvProcess::id).toList();
        assertThat(answer.statusCode())
                .as(() -> answer.body() + coming.id() + (coming.isAlive() ? " runs" : " does not run") + ":\n"
                        + coming.log())
                .isEqualTo(200);
        assertThat(Status.parse(answer.body()).names("members")).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(asked.status().orElseThrow().names("members")).containsExactlyInAnyOrderElementsOf(ids);
    }

    /** All at once and as they were started first; of those named to them nobody is there, but they know each other. */
    private void startThemAgain() throws Exception {
        cluster.kill();
        startNewcomers();
        cluster.awaitLeader(cluster.newcomers());
        for (Status status : cluster.awaitEqual(cluster.newcomers())) {
            assertThat(status.names("members")).containsExactly("n4", "n5", "n6");
            assertThat(status.number("version")).isEqualTo(3);
            assertThat(status.text("standing")).isEqualTo("VOTER");
        }
    }

    /** What each of the new ones has is what the clients were told, and all have the same. */
    private void verifyEveryKey() throws Exception {
        for (Writer.Knowledge known : writers.knowledge()) {
            Set<Long> versions = new HashSet<>();
            for (KvProcess node : cluster.newcomers()) {
                versions.add(Writers.verify(known, node, "?read=local"));
            }
            assertThat(versions).as("versions of %s", known).hasSize(1);
        }
    }
}
