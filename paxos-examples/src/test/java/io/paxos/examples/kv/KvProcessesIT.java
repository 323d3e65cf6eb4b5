// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three processes out of the uber-jar, of which one dies by {@code kill -9} while clients write. */
class KvProcessesIT {

    private static final int WRITERS = 6;
    private static final int ENOUGH = 200;
    private static final int HEAP_MEGABYTES = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KvCluster cluster;
    private final Writers writers;

    KvProcessesIT() throws IOException {
        cluster = new KvCluster(
                Path.of(System.getProperty("examples.logs"), "kv-processes"),
                List.of("n1", "n2", "n3"),
                HEAP_MEGABYTES,
                id -> List.of("--deadline", "8"));
        writers = new Writers(WRITERS, cluster.nodes(), new Random(WRITERS), line -> {});
    }

    @BeforeEach
    void startThreeProcesses() throws IOException {
        cluster.start();
    }

    @AfterEach
    void killEverything() throws Exception {
        writers.close();
        cluster.close();
    }

    @Test
    void noAcknowledgedWriteIsLostOrAppliedTwiceThoughTheLeaderDies() throws Exception {
        KvProcess leader = cluster.awaitLeader(cluster.nodes());
        writers.start();
        writers.awaitMore(ENOUGH, "with all three");

        leader.kill();
        List<KvProcess> survivors =
                cluster.nodes().stream().filter(node -> node != leader).toList();
        writers.awaitMore(ENOUGH, "after the leader died");
        KvProcess successor = cluster.awaitLeader(survivors);

        leader.start();
        Status stranger = cluster.poll()
                .until(leader.id() + " to find itself a stranger", PATIENCE, () -> leader.status()
                        .filter(status -> status.has("stranger")));
        writers.awaitMore(ENOUGH, "with the stranger");
        writers.stop();

        assertThat(successor).isNotSameAs(leader);
        assertThat(stranger.text("stranger")).contains(leader.id());
        assertThat(leader.log()).containsIgnoringCase("stranger");
        int turn = 0;
        for (Writer.Knowledge known : writers.knowledge()) {
            Writers.verify(known, survivors.get(turn++ % survivors.size()), "");
        }
        verifyTheStranger(leader, successor);
        writers.verifyHistory(survivors, Path.of(System.getProperty("examples.logs"), "kv-processes", "history.html"));
    }

    /** The restarted process observes: it has everything, answers local reads, passes writes on, and is no voter. */
    private void verifyTheStranger(KvProcess stranger, KvProcess leader) throws Exception {
        long applied = leader.status().orElseThrow().number("applied");
        Status caughtUp = cluster.poll().until(stranger.id() + " to catch up", PATIENCE, () -> stranger.status()
                .filter(status -> status.number("applied") >= applied));
        assertThat(caughtUp.text("role")).isEqualTo("OBSERVER");
        for (Writer writer : writers.all()) {
            Writer.Knowledge known = writer.knowledge().get(0);
            HttpResponse<String> local = stranger.call("GET", "/kv/" + known.key() + "?read=local", "");
            assertThat(local.statusCode()).isEqualTo(200);
            assertThat(Long.parseLong(local.body())).isGreaterThanOrEqualTo(known.acknowledged());
        }
        assertThat(stranger.call("PUT", "/kv/through-the-stranger", "value").statusCode())
                .isEqualTo(204);
        assertThat(leader.call("GET", "/kv/through-the-stranger", "").body()).isEqualTo("value");
    }
}
