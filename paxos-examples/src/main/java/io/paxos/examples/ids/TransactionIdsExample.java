// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import io.paxos.examples.Logging;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Database servers allocate transaction IDs, while their leader is killed and comes back. */
@Command(
        name = "transaction-ids",
        header = "The default: servers allocate transaction IDs while their leader is killed.",
        description = {
            "Database servers allocate transaction IDs over loopback TCP, for many clients at once. The leader is"
                    + " killed in the middle of it and comes back with the store it had; clients whose server dies ask"
                    + " elsewhere.",
            "The exit code is 0 only if every ID was handed out once and in order, and all servers agree."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class TransactionIdsExample implements Callable<Integer> {

    private static final int MAX_NODES = 9;
    private static final int MAX_CLIENTS = 256;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            defaultValue = "3",
            description = "How many servers, 1 to 9 (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--ids",
            defaultValue = "100000",
            description = "How many IDs to allocate (default: ${DEFAULT-VALUE}).")
    private long ids;

    @Option(
            names = "--kills",
            defaultValue = "1",
            description = "How often to kill the leader; needs 3 servers (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--clients",
            defaultValue = "24",
            description = "How many clients, 1 to 256 (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the servers keep their state, each in a directory of its own, and the clients the IDs"
                    + " they got, so that the next run goes on where this one ends, however it ends. Without it all is"
                    + " in memory.")
    private @Nullable Path data;

    @Override
    public Integer call() throws InterruptedException, IOException {
        require(nodes >= 1 && nodes <= MAX_NODES, "--nodes must be 1 to " + MAX_NODES + ", but is " + nodes);
        require(
                clients >= 1 && clients <= MAX_CLIENTS,
                "--clients must be 1 to " + MAX_CLIENTS + ", but is " + clients);
        require(ids >= 1, "--ids must be at least 1, but is " + ids);
        require(kills >= 0, "--kills must not be negative, but is " + kills);
        require(kills == 0 || nodes >= 3, "--kills needs at least 3 servers, for " + nodes + " bear no loss");

        // That a killed server cannot be reached is what this example shows, and no news to its log.
        Logging.level("error");
        PrintWriter out = spec.commandLine().getOut();
        out.println(nodes + " servers allocate " + ids + " transaction IDs for " + clients + " clients; " + kills
                + (kills == 1 ? " leader" : " leaders") + " will be killed");
        Progress progress = new Progress(out, Ansi.AUTO.enabled(), ids);
        Verdict verdict = data == null ? inMemory(progress) : inFiles(data, progress);
        verdict.problems().forEach(problem -> out.println("WRONG: " + problem));
        out.println(verdict);
        out.flush();
        return verdict.problems().isEmpty() ? 0 : 1;
    }

    private Verdict run(Demonstration demonstration) throws InterruptedException {
        return demonstration.run(ids, kills, clients);
    }

    private Verdict inMemory(Progress progress) throws InterruptedException {
        LoopbackPorts ports = new LoopbackPorts();
        List<Server> servers = servers((id, names) -> Server.inMemory(id, names, ports));
        return run(new Demonstration(servers, progress, new Ledger(Set.of(), id -> {}), ids));
    }

    private Verdict inFiles(Path directory, Progress progress) throws InterruptedException, IOException {
        Files.createDirectories(directory);
        LoopbackPorts ports = new LoopbackPorts();
        List<Server> servers = servers((id, names) -> Server.inFiles(id, names, ports, directory.resolve(id.name())));
        try (Notes notes = Notes.open(directory.resolve("clients.txt"))) {
            return run(new Demonstration(servers, progress, new Ledger(notes.earlier(), notes::add), ids));
        }
    }

    private List<Server> servers(BiFunction<NodeId, List<String>, Server> make) {
        List<String> names =
                IntStream.rangeClosed(1, nodes).mapToObj(i -> "n" + i).toList();
        return names.stream().map(name -> make.apply(NodeId.of(name), names)).toList();
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
