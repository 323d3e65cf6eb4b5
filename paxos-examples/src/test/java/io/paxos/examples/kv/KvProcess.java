// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.JarProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One replica as a process of its own, out of the uber-jar, and a way to talk to it. */
final class KvProcess implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final String id;
    private final String http;
    private final JarProcess process;
    private final HttpClient client = HttpClient.newHttpClient();

    KvProcess(String id, String members, String http, Path log, int heapMegabytes, List<String> options) {
        this.id = id;
        this.http = http;
        List<String> arguments = List.of("kv", "--id", id, "--members", members, "--http", http);
        this.process = new JarProcess(
                log,
                heapMegabytes,
                Stream.concat(arguments.stream(), options.stream()).toList());
    }

    String id() {
        return id;
    }

    /** Starts the process, which appends what it prints to its log. */
    void start() throws IOException {
        process.start();
    }

    /** {@code kill -9}; the process may live on for a moment. */
    void strike() {
        process.strike();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.kill();
    }

    /** {@code kill -STOP}. */
    void pause() throws IOException, InterruptedException {
        process.pause();
    }

    /** {@code kill -CONT}. */
    void resume() throws IOException, InterruptedException {
        process.resume();
    }

    /** From now on it can write next to nothing into any file, until it is started again. */
    void limitFiles() throws IOException, InterruptedException {
        process.limitFiles();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    HttpResponse<String> call(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + http + path))
                .timeout(ANSWER)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** How the replica stands, or empty if it does not answer; a process that has ended by itself fails the test. */
    Optional<Status> status() {
        if (!process.isAlive()) {
            throw new AssertionError(id + " does not run:\n" + log());
        }
        try {
            return Optional.of(Status.parse(call("GET", "/status", "").body()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** All that it has printed, over all its lives. */
    String log() {
        return process.log();
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
