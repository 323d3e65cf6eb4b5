package io.paxos.examples.kv;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One replica as a process of its own, out of the uber-jar, and a way to talk to it. */
final class KvProcess implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration DEATH = Duration.ofSeconds(20);

    private final String id;
    private final String members;
    private final String http;
    private final Path log;
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable Process process;

    KvProcess(String id, String members, String http, Path log) {
        this.id = id;
        this.members = members;
        this.http = http;
        this.log = log;
    }

    String id() {
        return id;
    }

    /** Starts the process, which appends what it prints to its log. */
    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-jar", System.getProperty("examples.jar")));
        command.addAll(List.of("kv", "--id", id, "--members", members, "--http", http, "--deadline", "8"));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException, ExecutionException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            if (!running.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(id + " outlives kill -9");
            }
        }
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
        if (process == null || !process.isAlive()) {
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
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    @Override
    public void close() throws InterruptedException, ExecutionException {
        kill();
    }
}
