package io.paxos.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs another measurement in a process of its own, with a heap of its own; what it prints appears here. */
final class ChildProcess {

    private ChildProcess() {}

    /**
     * Runs it to its end.
     *
     * @throws IOException if it fails
     */
    static void run(List<String> options, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new IOException("this process does not know its own executable")));
        command.addAll(options);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), Benchmarks.class.getName()));
        command.addAll(arguments);
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException("the process ended with " + code + ": " + String.join(" ", command));
        }
    }
}
