// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.trace;

import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.node.InMemoryStorage;
import io.paxos.node.InProcessNetwork;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.node.trace.CommandPath;
import io.paxos.node.trace.CommandTrace;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Submits one command, and prints what it went through on all nodes. */
@Command(
        name = "trace",
        header = "One command on all nodes, drawn as a message-sequence diagram.",
        description = {
            "Starts nodes in one process, lets them elect a leader, submits one command at a node that",
            "does not lead, and prints who said what about it to whom until all have executed it."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class TraceExample implements Callable<Integer> {

    private static final int WAIT_SECONDS = 30;
    private static final GroupId GROUP = GroupId.of("texts");
    private static final String COMMAND = "hello";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            defaultValue = "3",
            paramLabel = "N",
            description = "How many nodes, 1 to 9 (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--leader", description = "Submit the command at the leader, so that nobody has to forward it.")
    private boolean atLeader;

    @Option(names = "--mermaid", description = "Print the diagram in the language of Mermaid.")
    private boolean mermaid;

    @Override
    public Integer call() throws Exception {
        if (count < 1 || count > 9) {
            throw new ParameterException(spec.commandLine(), "--nodes must be 1 to 9, but is " + count);
        }
        CommandPath path = path();
        spec.commandLine().getOut().print(mermaid ? path.mermaid() : path.text());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private CommandPath path() throws Exception {
        List<String> members =
                IntStream.rangeClosed(1, count).mapToObj(i -> "n" + i).toList();
        InProcessNetwork network = new InProcessNetwork();
        CommandTrace trace = new CommandTrace();
        List<PaxosNode> nodes = new ArrayList<>();
        try {
            List<ReplicatedLog<String, String, StateMachine<String, String>>> logs = new ArrayList<>();
            for (String id : members) {
                PaxosNode node = trace.start(
                        PaxosNode.builder().cluster("trace").id(id).members(members),
                        network.transport(),
                        new InMemoryStorage());
                nodes.add(node);
                StateMachine<String, String> echo = (context, text) -> text;
                logs.add(node.replicate(GROUP.name(), echo, Codec.utf8(), Codec.utf8()));
            }
            // Each node opens its session with a first command, so that nothing but the second is to be seen.
            for (int i = 0; i < count; i++) {
                logs.get(i).submit("first of " + members.get(i)).get(WAIT_SECONDS, TimeUnit.SECONDS);
            }
            NodeId leader = logs.get(0).leader().orElse(nodes.get(0).id());
            int place = members.indexOf(leader.name());
            int chosen = atLeader ? place : (place + 1) % count;
            return trace.follow(nodes.get(chosen).id(), GROUP, Codec.utf8().encode(COMMAND), () -> logs.get(chosen)
                            .submit(COMMAND))
                    .get(WAIT_SECONDS, TimeUnit.SECONDS);
        } finally {
            nodes.forEach(PaxosNode::close);
        }
    }
}
