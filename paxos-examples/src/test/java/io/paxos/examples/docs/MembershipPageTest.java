// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.Poll;
import io.paxos.model.Configuration;
import io.paxos.model.NodeId;
import io.paxos.node.InProcessNetwork;
import io.paxos.node.PaxosNode;
import io.paxos.node.RefusedException;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/membership.md shows. */
@Timeout(60)
class MembershipPageTest {

    private static StateMachine<Long, Long> adder() {
        AtomicLong sum = new AtomicLong();
        return (context, n) -> sum.addAndGet(n);
    }

    private static ReplicatedLog<Long, Long, StateMachine<Long, Long>> ids(PaxosNode node) {
        return node.replicate("transaction-ids", adder(), Codec.int64(), Codec.int64());
    }

    @Test
    void aNodeJoinsAndVotes() throws Exception {
        try (Three three = new Three()) {
            InProcessNetwork network = three.network();
            var ids =
                    three.nodes().stream().map(MembershipPageTest::ids).toList().get(0);
            ids.submit(1L).join();
            var node = PaxosNode.builder()
                    .id("n4")
                    .joins("n1", "n2", "n3")
                    .transport(network.transport())
                    .start();
            node.replicate("transaction-ids", adder(), Codec.int64(), Codec.int64());
            try (node;
                    Poll poll = new Poll()) {
                Configuration counted = poll.until("n4 to be heard of", Duration.ofSeconds(30), () -> added(ids));
                assertThat(counted.includes(NodeId.of("n4"))).isTrue();
            }
        }
    }

    /** Empty as long as the node that is asked has not heard of n4. */
    private static Optional<Configuration> added(ReplicatedLog<?, ?, ?> ids) {
        try {
            return Optional.of(ids.membership().add("n4").join());
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(RefusedException.class).hasMessageContaining("UNKNOWN_NODE");
            return Optional.empty();
        }
    }

    /** One of these or another; a cluster that could be asked for all of them in turn would be of little use. */
    static void changes(ReplicatedLog<Long, Long, StateMachine<Long, Long>> ids, PaxosNode node) {
        ids.membership().add("n4").join();
        ids.membership().replace("n1", "n4").join();
        ids.membership().replace("n2", "n2").join();
        ids.membership().remove("n3").join();
        ids.membership().observe("n2").join();
        node.membership().replace("n1", "n4").join();
    }

    @Test
    void aNodeThatReadmitsStrangers() {
        try (PaxosNode node = PaxosNode.builder()
                .id("n1")
                .members("n1")
                .readmitAfter(Duration.ofMinutes(5))
                .start()) {
            assertThat(ids(node).submit(1L).join()).isEqualTo(1);
        }
    }
}
