package io.paxos.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An example as a process of its own, out of the uber-jar. It can be started again when it has ended. */
public final class JarProcess implements AutoCloseable {

    private static final Duration DEATH = Duration.ofSeconds(20);

    private final Path log;
    private final List<String> arguments;
    private @Nullable Process process;

    /** What it prints, in all its lives, is appended to the log. */
    public JarProcess(Path log, List<String> arguments) {
        this.log = log;
        this.arguments = List.copyOf(arguments);
    }

    /** Starts the process. */
    public void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-jar", System.getProperty("examples.jar")));
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Whether it has been started and has not ended. */
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** {@code kill -9}; the process may live on for a moment. */
    public void strike() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** {@code kill -9}, and waits until it has taken effect. */
    public void kill() throws InterruptedException {
        strike();
        if (process != null && !process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(arguments + " outlives kill -9");
        }
    }

    /** Waits until the process ends by itself, and returns its exit code. */
    public int await(Duration patience) throws InterruptedException {
        if (process == null || !process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(arguments + " has not ended within " + patience + ":\n" + log());
        }
        return process.exitValue();
    }

    /** All that it has printed, over all its lives. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
