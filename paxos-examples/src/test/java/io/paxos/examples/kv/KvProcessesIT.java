package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three processes out of the uber-jar, of which one dies by {@code kill -9} while clients write. */
class KvProcessesIT {

    private static final int WRITERS = 6;
    private static final int ENOUGH = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Poll poll = new Poll();
    private final List<KvProcess> nodes = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private final List<Writer> writers = new ArrayList<>();

    @BeforeEach
    void startThreeProcesses() throws IOException {
        Path logs = Files.createDirectories(Path.of(System.getProperty("examples.logs")));
        List<String> peers = freeAddresses(3);
        List<String> https = freeAddresses(3);
        String members = "n1=" + peers.get(0) + ",n2=" + peers.get(1) + ",n3=" + peers.get(2);
        for (int i = 0; i < 3; i++) {
            Path log = logs.resolve("n" + (i + 1) + ".log");
            Files.deleteIfExists(log);
            nodes.add(new KvProcess("n" + (i + 1), members, https.get(i), log));
        }
        for (KvProcess node : nodes) {
            node.start();
        }
    }

    @AfterEach
    void killEverything() throws Exception {
        stop.set(true);
        threads.shutdownNow();
        for (KvProcess node : nodes) {
            node.close();
        }
        poll.close();
    }

    @Test
    void noAcknowledgedWriteIsLostOrAppliedTwiceThoughTheLeaderDies() throws Exception {
        KvProcess leader = awaitLeader(nodes);
        for (int i = 0; i < WRITERS; i++) {
            Writer writer = new Writer("w" + i, nodes, i % nodes.size(), stop, acknowledged);
            writers.add(writer);
            threads.execute(writer);
        }
        awaitWrites("with all three", ENOUGH);

        leader.kill();
        List<KvProcess> survivors =
                nodes.stream().filter(node -> node != leader).toList();
        awaitWrites("after the leader died", ENOUGH);
        KvProcess successor = awaitLeader(survivors);

        leader.start();
        Status stranger = poll.until(leader.id() + " to find itself a stranger", PATIENCE, () -> leader.status()
                .filter(status -> status.has("stranger")));
        awaitWrites("with the stranger", ENOUGH);
        stop.set(true);
        threads.shutdown();
        assertThat(threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        assertThat(successor).isNotSameAs(leader);
        assertThat(stranger.text("stranger")).contains(leader.id());
        assertThat(leader.log()).containsIgnoringCase("stranger");
        assertThat(writers).allSatisfy(writer -> assertThat(writer.surprises()).isEmpty());
        verifyEveryKey(survivors);
        verifyTheStranger(leader, successor);
    }

    /** What the survivors have is what the clients were told, and at most what they were left in doubt about. */
    private void verifyEveryKey(List<KvProcess> survivors) throws Exception {
        long total = 0;
        for (Writer writer : writers) {
            for (Writer.Knowledge known : writer.knowledge()) {
                KvProcess node = survivors.get((int) (total++ % survivors.size()));
                HttpResponse<String> answer = node.call("GET", "/kv/" + known.key(), "");
                long version = answer.statusCode() == 404 ? 0 : version(answer);
                assertThat(version)
                        .as("%s at %s", known, node.id())
                        .isBetween(known.acknowledged(), known.acknowledged() + (known.open() ? 1 : 0));
                assertThat(version == 0 ? "0" : answer.body())
                        .as("%s at %s", known, node.id())
                        .isEqualTo(Long.toString(version));
            }
        }
    }

    /** The restarted process observes: it has everything, answers local reads, passes writes on, and is no voter. */
    private void verifyTheStranger(KvProcess stranger, KvProcess leader) throws Exception {
        long applied = leader.status().orElseThrow().number("applied");
        Status caughtUp = poll.until(stranger.id() + " to catch up", PATIENCE, () -> stranger.status()
                .filter(status -> status.number("applied") >= applied));
        assertThat(caughtUp.text("role")).isEqualTo("OBSERVER");
        for (Writer writer : writers) {
            Writer.Knowledge known = writer.knowledge().get(0);
            HttpResponse<String> local = stranger.call("GET", "/kv/" + known.key() + "?read=local", "");
            assertThat(local.statusCode()).isEqualTo(200);
            assertThat(Long.parseLong(local.body())).isGreaterThanOrEqualTo(known.acknowledged());
        }
        assertThat(stranger.call("PUT", "/kv/through-the-stranger", "value").statusCode())
                .isEqualTo(204);
        assertThat(leader.call("GET", "/kv/through-the-stranger", "").body()).isEqualTo("value");
    }

    private void awaitWrites(String when, int count) throws Exception {
        long before = acknowledged.get();
        poll.until(count + " writes " + when, PATIENCE, () -> Optional.of(acknowledged.get() - before)
                .filter(more -> more >= count));
    }

    /** The leader on whom all these nodes are agreed. */
    private KvProcess awaitLeader(List<KvProcess> among) throws Exception {
        return poll.until("a leader", PATIENCE, () -> {
            List<String> named = among.stream()
                    .flatMap(node -> node.status().stream())
                    .map(status -> status.text("leader"))
                    .toList();
            return among.stream()
                    .filter(node ->
                            named.equals(among.stream().map(other -> node.id()).toList()))
                    .findFirst();
        });
    }

    private static long version(HttpResponse<String> answer) {
        String etag = answer.headers().firstValue("ETag").orElseThrow();
        return Long.parseLong(etag.substring(1, etag.length() - 1));
    }

    /** All ports are held until all are found, so that no two are the same. */
    private static List<String> freeAddresses(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream()
                    .map(socket -> "127.0.0.1:" + socket.getLocalPort())
                    .toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
