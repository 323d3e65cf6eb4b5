// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.registers;

import io.paxos.node.InProcessNetwork;
import io.paxos.node.PaxosNode;
import io.paxos.node.Registers;
import io.paxos.spi.Codec;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** All nodes count in one register at once, one of them is closed in the middle, and no count is lost or made twice. */
@Command(
        name = "registers",
        header = "Nodes count in one register, without a leader and without a log.",
        description = {
            "Several nodes of one process add to one register, all at once, and one of them is closed half-way.",
            "Then one of them takes a lock by compare-and-set, which the others see taken.",
            "The exit code is 0 only if every addition that was confirmed was made once."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class RegistersExample implements Callable<Integer> {

    private static final int MAX_NODES = 9;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Spec
    private CommandSpec spec;

    @Option(names = "--nodes", defaultValue = "3", description = "How many nodes, 3 to 9 (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--additions",
            defaultValue = "20",
            description = "How often each node adds 1 (default: ${DEFAULT-VALUE}).")
    private int additions;

    @Override
    public Integer call() {
        if (nodes < 3 || nodes > MAX_NODES) {
            throw new ParameterException(spec.commandLine(), "--nodes must be 3 to 9, but is " + nodes);
        }
        if (additions < 2 || additions > 1_000) {
            throw new ParameterException(spec.commandLine(), "--additions must be 2 to 1000, but is " + additions);
        }
        PrintWriter out = spec.commandLine().getOut();
        List<String> members =
                IntStream.rangeClosed(1, nodes).mapToObj(i -> "n" + i).toList();
        InProcessNetwork network = new InProcessNetwork();
        List<PaxosNode> running = new ArrayList<>();
        try {
            for (String id : members) {
                running.add(PaxosNode.builder()
                        .id(id)
                        .members(members)
                        .transport(network.transport())
                        .start());
            }
            boolean counted = count(running, out);
            boolean locked = lock(running.subList(1, nodes), out);
            out.println(counted && locked ? "no addition was lost or made twice" : "WRONG");
            out.flush();
            return counted && locked ? 0 : 1;
        } finally {
            running.forEach(PaxosNode::close);
        }
    }

    /** The first half with all nodes, the second half without the first of them. */
    private boolean count(List<PaxosNode> running, PrintWriter out) {
        add(running, additions / 2);
        running.get(0).close();
        out.println(running.get(0).id() + " is closed");
        List<PaxosNode> rest = running.subList(1, nodes);
        add(rest, additions - additions / 2);
        long expected = (long) nodes * (additions / 2) + (nodes - 1L) * (additions - additions / 2);
        boolean right = true;
        for (PaxosNode node : rest) {
            long count = numbers(node).get("count", PATIENCE).join().orElse(0L);
            out.println(node.id() + " reads " + count + " of " + expected);
            right &= count == expected;
        }
        return right;
    }

    /** Nobody waits for anybody before all have asked. */
    private static void add(List<PaxosNode> adding, int times) {
        List<CompletableFuture<Optional<Long>>> calls = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            for (PaxosNode node : adding) {
                calls.add(numbers(node).update("count", count -> Optional.of(count.orElse(0L) + 1), PATIENCE));
            }
        }
        calls.forEach(CompletableFuture::join);
    }

    private static Registers<Long> numbers(PaxosNode node) {
        return node.registers(Codec.int64());
    }

    private static boolean lock(List<PaxosNode> asking, PrintWriter out) {
        int holders = 0;
        for (PaxosNode node : asking) {
            String id = node.id().name();
            Registers<String> owners = node.registers(Codec.utf8());
            boolean taken = owners.compareAndSet("owner", null, id, PATIENCE).join();
            String owner = owners.get("owner", PATIENCE).join().orElse("nobody");
            out.println(id + (taken ? " takes" : " does not get") + " the lock, whose owner is " + owner);
            holders += taken ? 1 : 0;
        }
        return holders == 1;
    }
}
