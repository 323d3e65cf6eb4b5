// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Short commands of the operating system. */
public final class Commands {

    private static final int PATIENCE_SECONDS = 20;

    private Commands() {}

    /** Runs a command and waits for it; fails, with what it printed, if it does not succeed. */
    public static void run(String... command) throws IOException, InterruptedException {
        String problem = attempt(command);
        if (!problem.isEmpty()) {
            throw new IOException(problem);
        }
    }

    /** Runs a command and waits for it; returns why it did not succeed, or nothing if it did. */
    public static String attempt(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return List.of(command) + " does not end: " + printed;
        }
        return process.exitValue() == 0 ? "" : List.of(command) + " ended with " + process.exitValue() + ": " + printed;
    }
}
