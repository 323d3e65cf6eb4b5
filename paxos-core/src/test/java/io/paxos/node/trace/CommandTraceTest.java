// SPDX-License-Identifier: Apache-2.0
package io.paxos.node.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.node.InMemoryStorage;
import io.paxos.node.InProcessNetwork;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.node.trace.CommandPath.Message;
import io.paxos.node.trace.CommandPath.Note;
import io.paxos.node.trace.CommandPath.Step;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The path of one command through three nodes, and of no other. */
@Timeout(60)
class CommandTraceTest {

    private static final GroupId GROUP = GroupId.of("texts");
    private static final List<String> MEMBERS = List.of("n1", "n2", "n3");

    private final InProcessNetwork network = new InProcessNetwork();
    private final CommandTrace trace = new CommandTrace();
    private final List<PaxosNode> nodes = new ArrayList<>();
    private final List<ReplicatedLog<String, String, StateMachine<String, String>>> logs = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(PaxosNode::close);
    }

    private void start() throws Exception {
        for (String id : MEMBERS) {
            PaxosNode node = trace.start(
                    PaxosNode.builder().cluster("traced").id(id).members(MEMBERS),
                    network.transport(),
                    new InMemoryStorage());
            nodes.add(node);
            StateMachine<String, String> echo = (context, text) -> text;
            logs.add(node.replicate(GROUP.name(), echo, Codec.utf8(), Codec.utf8()));
        }
        for (var log : logs) {
            log.submit("first").get(30, TimeUnit.SECONDS);
        }
    }

    private CompletableFuture<CommandPath> follow(int at, String text) {
        return trace.follow(nodes.get(at).id(), GROUP, Codec.utf8().encode(text), () -> logs.get(at)
                .submit(text));
    }

    @Test
    void goesFromItsCallerThroughTheLeaderAndAQuorumToEveryNode() throws Exception {
        start();
        CompletableFuture<String> other = logs.get(0).submit("another");
        CommandPath path = follow(1, "hello").get(30, TimeUnit.SECONDS);
        other.get(30, TimeUnit.SECONDS);

        assertThat(path.nodes()).extracting(NodeId::name).isEqualTo(MEMBERS);
        assertThat(path.steps().get(0)).isEqualTo(new Note(NodeId.of("n2"), "submit"));
        assertThat(path.steps()).contains(new Note(NodeId.of("n2"), "answered"));
        for (PaxosNode node : nodes) {
            assertThat(path.steps()).contains(new Note(node.id(), "decided and executed"));
        }
        assertThat(messages(path, "Accept ")).isNotEmpty();
        for (Message accepted : messages(path, "Accepted ")) {
            String slot = accepted.label().substring("Accepted ".length());
            Note durable = new Note(accepted.from(), slot + " durable");
            assertThat(path.steps().subList(0, path.steps().indexOf(accepted)))
                    .as("no vote leaves before it is durable")
                    .contains(durable);
        }
        assertThat(messages(path, "Accepted ")).anyMatch(Message::arrived);
    }

    private static List<Message> messages(CommandPath path, String kind) {
        List<Message> found = new ArrayList<>();
        for (Step step : path.steps()) {
            if (step instanceof Message message && message.label().startsWith(kind)) {
                found.add(message);
            }
        }
        return found;
    }

    @Test
    void aCommandThatGetsNowhereShowsHowFarItCame() throws Exception {
        start();
        String leader = logs.get(0).leader().orElseThrow().name();
        int at = MEMBERS.indexOf(leader);
        for (int i = 0; i < MEMBERS.size(); i++) {
            if (i != at) {
                nodes.get(i).close();
            }
        }
        CompletableFuture<CommandPath> complete = follow(at, "lost");
        assertThatThrownBy(() -> follow(at, "too many")).hasMessageContaining("another command is being followed");
        nodes.get(at).close();
        CommandPath path = complete.get(30, TimeUnit.SECONDS);
        assertThat(path.steps().get(path.steps().size() - 1))
                .isInstanceOfSatisfying(
                        Note.class, last -> assertThat(last.text()).startsWith("answered: "));
        assertThat(messages(path, "Accepted ")).isEmpty();
        assertThat(trace.path()).isEqualTo(path);
    }

    @Test
    void nothingFollowedHasNoPath() {
        assertThatThrownBy(trace::path).hasMessageContaining("call follow first");
    }

    @Test
    void isDrawnInCharactersAndForMermaid() {
        NodeId left = NodeId.of("a");
        NodeId right = NodeId.of("b");
        CommandPath path = new CommandPath(
                List.of(left, NodeId.of("m"), right),
                List.of(
                        new Note(left, "submit; now"),
                        new Message(left, right, "Accept slot 1", true),
                        new Message(right, left, "Accepted slot 1", false)));
        assertThat(path.text()).isEqualTo("""
                         a       m       b
                         *       |       |       a: submit; now
                         |-------+------>|       Accept slot 1
                         |x------+-------|       Accepted slot 1 (has not arrived)
                         |       |       |
                        """);
        assertThat(path.mermaid()).isEqualTo("""
                        sequenceDiagram
                            participant p0 as a
                            participant p1 as m
                            participant p2 as b
                            Note over p0: submit  now
                            p0->>p2: Accept slot 1
                            p2-xp0: Accepted slot 1
                        """);
    }
}
