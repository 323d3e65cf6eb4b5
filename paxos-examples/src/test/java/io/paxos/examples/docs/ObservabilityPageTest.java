// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.paxos.micrometer.NettyTransportMetrics;
import io.paxos.micrometer.PaxosMetrics;
import io.paxos.model.GroupId;
import io.paxos.node.InMemoryStorage;
import io.paxos.node.InProcessNetwork;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.node.trace.CommandPath;
import io.paxos.node.trace.CommandTrace;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.spi.Transport;
import io.paxos.transport.netty.NettyTransport;
import org.junit.jupiter.api.Test;

/** What {@code docs/observability.md} shows. */
class ObservabilityPageTest {

    @Test
    void figuresOfANodeAndOfItsTransport() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        NettyTransport transport = NettyTransport.plaintext("127.0.0.1:0");
        try (PaxosNode node =
                PaxosNode.builder().id("n1").members("n1").transport(transport).start()) {
            PaxosMetrics metrics = new PaxosMetrics(node);
            metrics.bindTo(registry);
            new NettyTransportMetrics(node.id(), transport).bindTo(registry);

            assertThat(registry.getMeters()).isNotEmpty();
            metrics.close();
        }
    }

    @Test
    void thePathOfACommand() {
        InProcessNetwork network = new InProcessNetwork();
        Transport transport = network.transport();
        InMemoryStorage storage = new InMemoryStorage();
        Codec<Long> codec = Codec.int64();
        StateMachine<Long, Long> echo = (context, number) -> number;

        CommandTrace trace = new CommandTrace();
        PaxosNode node = trace.start(PaxosNode.builder().id("n1").members("n1", "n2", "n3"), transport, storage);
        try (node;
                PaxosNode second = other(trace, "n2", network);
                PaxosNode third = other(trace, "n3", network)) {
            ReplicatedLog<Long, Long, StateMachine<Long, Long>> ids = node.replicate("ids", echo, codec, codec);
            second.replicate("ids", echo, codec, codec);
            third.replicate("ids", echo, codec, codec);
            ids.submit(1L).join();
            CommandPath path = trace.follow(node.id(), GroupId.of("ids"), codec.encode(5L), () -> ids.submit(5L))
                    .join();
            System.out.println(path.text());

            assertThat(path.text()).contains("answered");
        }
    }

    private static PaxosNode other(CommandTrace trace, String id, InProcessNetwork network) {
        return trace.start(
                PaxosNode.builder().id(id).members("n1", "n2", "n3"), network.transport(), new InMemoryStorage());
    }
}
