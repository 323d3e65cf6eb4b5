// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Runs another measurement in a process of its own, with a heap of its own. */
final class ChildProcess {

    private ChildProcess() {}

    /**
     * Runs it to its end; what it prints appears here.
     *
     * @throws IOException if it fails
     */
    static void run(List<String> options, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = command(options, arguments);
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException("the process ended with " + code + ": " + String.join(" ", command));
        }
    }

    /**
     * Starts it with the options of this process and more; its standard input is a pipe that ends with this process, and
     * what it prints goes into a file.
     *
     * @throws IOException if it cannot be started
     */
    static Process start(List<String> options, List<String> arguments, File output) throws IOException {
        List<String> all = new ArrayList<>(inherited());
        all.addAll(options);
        return new ProcessBuilder(command(all, arguments))
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
    }

    /** The options that this process was started with. */
    static List<String> inherited() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    private static List<String> command(List<String> options, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new IOException("this process does not know its own executable")));
        command.addAll(options);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), Benchmarks.class.getName()));
        command.addAll(arguments);
        return command;
    }
}
