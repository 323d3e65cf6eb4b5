// SPDX-License-Identifier: Apache-2.0
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

    private static final int HEAP_MEGABYTES = 256;

    private final Path log;
    private final int heapMegabytes;
    private final List<String> arguments;
    private @Nullable Process process;

    /** What it prints, in all its lives, is appended to the log. */
    public JarProcess(Path log, List<String> arguments) {
        this(log, HEAP_MEGABYTES, arguments);
    }

    /** So too, with a heap of this size, out of which the process ends by itself when that does not suffice. */
    public JarProcess(Path log, int heapMegabytes, List<String> arguments) {
        this.log = log;
        this.heapMegabytes = heapMegabytes;
        this.arguments = List.copyOf(arguments);
    }

    /** Starts the process. */
    public void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+ExitOnOutOfMemoryError",
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

    /** {@code kill -STOP}: all its threads stand still, and its connections stay open. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** {@code kill -CONT}: it goes on, and does not know that it stood still. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** From now on it cannot write beyond the first kilobyte of any file: what a full disk is to one without a disk to fill. */
    public void limitFiles() throws IOException, InterruptedException {
        Commands.run("prlimit", "--pid", Long.toString(pid()), "--fsize=1024");
    }

    private long pid() {
        if (process == null) {
            throw new IllegalStateException(arguments + " has never been started, so it has no process");
        }
        return process.pid();
    }

    private void signal(String name) throws IOException, InterruptedException {
        Commands.run("kill", "-" + name, Long.toString(pid()));
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
