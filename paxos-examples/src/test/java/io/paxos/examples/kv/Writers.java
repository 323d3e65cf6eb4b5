package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Clients that write without a pause, and what they know in the end. */
final class Writers implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicBoolean stop = new AtomicBoolean();
    private final WriteCount acknowledged = new WriteCount();
    private final List<Writer> writers = new ArrayList<>();
    private final ExecutorService threads;

    /** They do not write yet. */
    Writers(int count, List<KvProcess> nodes, Consumer<String> history) {
        threads = Executors.newFixedThreadPool(count);
        for (int i = 0; i < count; i++) {
            writers.add(new Writer("w" + i, nodes, i % nodes.size(), stop, acknowledged, history));
        }
    }

    void start() {
        writers.forEach(threads::execute);
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
        long version = answer.statusCode() == 404 ? 0 : version(answer);
        assertThat(version)
                .as("%s at %s", known, node.id())
                .isBetween(known.acknowledged(), known.acknowledged() + (known.open() ? 1 : 0));
        assertThat(version == 0 ? "0" : answer.body())
                .as("%s at %s", known, node.id())
                .isEqualTo(Long.toString(version));
        return version;
    }

    private static long version(HttpResponse<String> answer) {
        String etag = answer.headers().firstValue("ETag").orElseThrow();
        return Long.parseLong(etag.substring(1, etag.length() - 1));
    }

    @Override
    public void close() {
        stop.set(true);
        threads.shutdownNow();
    }
}
