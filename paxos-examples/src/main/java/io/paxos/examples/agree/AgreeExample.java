// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.agree;

import io.paxos.node.Decrees;
import io.paxos.node.InProcessNetwork;
import io.paxos.node.PaxosNode;
import io.paxos.spi.Codec;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Several nodes propose different values for one name at the same time, and all get the same answer. */
@Command(
        name = "agree",
        header = "Nodes propose different values for one name, and all get one answer.",
        description = {
            "Several nodes of one process propose different values for one name, all at once.",
            "Each prints the value that was chosen; the exit code is 0 only if it is the same for all."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class AgreeExample implements Callable<Integer> {

    private static final int MAX_NODES = 9;

    @Spec
    private CommandSpec spec;

    @Option(names = "--nodes", defaultValue = "3", description = "How many nodes, 1 to 9 (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--name",
            defaultValue = "shard-7/owner",
            description = "What to agree about (default: ${DEFAULT-VALUE}).")
    private String name;

    @Override
    public Integer call() {
        if (nodes < 1 || nodes > MAX_NODES) {
            throw new ParameterException(spec.commandLine(), "--nodes must be 1 to 9, but is " + nodes);
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
            Set<String> answers = agree(running, out);
            out.println(answers.size() == 1 ? "agreed" : "NOT AGREED: " + answers);
            out.flush();
            return answers.size() == 1 ? 0 : 1;
        } finally {
            running.forEach(PaxosNode::close);
        }
    }

    /** Each node proposes itself; nobody waits for anybody before all have asked. */
    private Set<String> agree(List<PaxosNode> running, PrintWriter out) {
        List<CompletableFuture<String>> chosen = new ArrayList<>();
        for (PaxosNode node : running) {
            Decrees<String> decrees = node.decrees(Codec.utf8());
            chosen.add(decrees.agree(name, node.id().name()));
        }
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < chosen.size(); i++) {
            String id = running.get(i).id().name();
            String answer = chosen.get(i).join();
            out.println(id + " proposed " + id + " for " + name + ", and the answer is " + answer);
            answers.add(answer);
        }
        return answers;
    }
}
