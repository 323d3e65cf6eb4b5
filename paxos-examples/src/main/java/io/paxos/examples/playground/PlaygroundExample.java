// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves the playground on this machine until somebody stops the process. */
@Command(
        name = "playground",
        header = "Five nodes to watch and to torment, on a page in the browser.",
        description = {
            "Serves a page on which five nodes run Paxos before your eyes: the product's own nodes, in the simulator.",
            "Kill them, cut and slow their links, wipe their disks, propose values, and go back in time.",
            "Prints the address of the page, which answers this machine only, and runs until it is interrupted."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class PlaygroundExample implements Callable<Integer> {

    private static final int MOST_PORT = 65_535;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "0",
            description = "Where to listen; any free port if 0 (default: ${DEFAULT-VALUE}).")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > MOST_PORT) {
            throw new ParameterException(spec.commandLine(), "--port must be 0 to " + MOST_PORT + ", but is " + port);
        }
        try (PlaygroundServer server = PlaygroundServer.start(port)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("the playground is open at " + server.url() + " (Ctrl-C closes it)");
            out.flush();
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
