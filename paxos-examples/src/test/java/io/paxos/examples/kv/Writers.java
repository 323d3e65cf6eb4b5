// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.testkit.history.HistoryRecorder;
import io.paxos.testkit.history.LinearizabilityChecker;
import io.paxos.testkit.history.Operation;
import io.paxos.testkit.history.Verdict;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Clients that write without a pause, rivals over the same keys beside them, and what they all know in the end. */
final class Writers implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RIVALS = 3;

    /** A node that has no leader yet says so at the end of its deadline. */
    private static final int MOST_ATTEMPTS = 10;

    private final HistoryRecorder<KvModel.Call, KvModel.Held> recorder = new HistoryRecorder<>();
    private final List<Rival> rivals = new ArrayList<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final WriteCount acknowledged = new WriteCount();
    private final List<Writer> writers = new ArrayList<>();
    private final ExecutorService threads;

    /** They do not write yet. */
    Writers(int count, List<KvProcess> nodes, Random random, Consumer<String> history) {
        threads = Executors.newFixedThreadPool(count + RIVALS);
        for (int i = 0; i < count; i++) {
            writers.add(new Writer("w" + i, client("w" + i), nodes, i % nodes.size(), stop, acknowledged, history));
        }
        AtomicInteger calls = new AtomicInteger();
        for (int i = 0; i < RIVALS; i++) {
            rivals.add(new Rival(client("r" + i), nodes, writers, new Random(random.nextLong()), stop, calls));
        }
    }

    /** A client whose calls belong to the same history. */
    KvClient client(String name) {
        return new KvClient(name, recorder);
    }

    void start() {
        writers.forEach(threads::execute);
        rivals.forEach(threads::execute);
    }

    /** Reads every key once more, at any node, and holds all that any client ever heard against what one store would say. */
    Verdict.Linearizable verifyHistory(List<KvProcess> nodes, Path picture) throws IOException, InterruptedException {
        KvClient last = client("last");
        Set<String> keys = recorder.history().operations().stream()
                .map(operation -> operation.input().key())
                .collect(Collectors.toCollection(TreeSet::new));
        int turn = 0;
        for (String key : keys) {
            int status = 0;
            for (int attempt = 0; attempt < MOST_ATTEMPTS && status != 200 && status != 404; attempt++) {
                status = last.call(nodes.get(turn++ % nodes.size()), new KvModel.Get(key))
                        .statusCode();
            }
            assertThat(status).as("status of %s", key).isIn(200, 404);
        }
        Verdict verdict = LinearizabilityChecker.of(new KvModel()).check(recorder.history());
        if (verdict instanceof Verdict.NotLinearizable not) {
            throw new AssertionError(
                    not.failure().explanation() + "\nsee " + not.failure().writePicture(picture));
        }
        verdict.orThrow();
        return (Verdict.Linearizable) verdict;
    }

    /** How many calls ended so. */
    long count(Operation.Ending ending) {
        return recorder.history().count(ending);
    }

    WriteCount acknowledged() {
        return acknowledged;
    }

    void awaitMore(int count, String when) throws InterruptedException {
        acknowledged.awaitMore(count, PATIENCE, when);
    }

    /** Waits for the answers that are still to come; none of the writers may have been surprised. */
    void stop() throws InterruptedException {
        stop.set(true);
        threads.shutdown();
        assertThat(threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the writers end")
                .isTrue();
        assertThat(writers.stream().flatMap(writer -> writer.surprises().stream()))
                .as("answers that no client should ever get")
                .isEmpty();
    }

    /** What each of them knows, to be called when they have stopped. */
    List<Writer> all() {
        return writers;
    }

    /** What all of them know, to be called when they have stopped. */
    List<Writer.Knowledge> knowledge() {
        return writers.stream().flatMap(writer -> writer.knowledge().stream()).toList();
    }

    /**
     * Holds what a node has of a key against what a client was told of it: at least that, and at most what the client was
     * left in doubt about.
     *
     * @param query how to read
     * @return the version that the node has
     */
    static long verify(Writer.Knowledge known, KvProcess node, String query) throws Exception {
        HttpResponse<String> answer = node.call("GET", "/kv/" + known.key() + query, "");
        long version = answer.statusCode() == 404 ? 0 : KvClient.version(answer);
        assertThat(version)
                .as("%s at %s", known, node.id())
                .isBetween(known.acknowledged(), known.acknowledged() + (known.open() ? 1 : 0));
        assertThat(version == 0 ? "0" : answer.body())
                .as("%s at %s", known, node.id())
                .isEqualTo(Long.toString(version));
        return version;
    }

    @Override
    public void close() {
        stop.set(true);
        threads.shutdownNow();
    }
}
