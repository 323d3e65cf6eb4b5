// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.log;
import static io.paxos.node.Cluster.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.GroupId;
import io.paxos.spi.StateMachine;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What running nodes say of their health. */
@Timeout(60)
class HealthTest {

    private static final class Halts implements NodeListener {
        private final CompletableFuture<String> first = new CompletableFuture<>();

        @Override
        public void halted(@Nullable GroupId group, String reason) {
            first.complete(reason);
        }
    }

    @Test
    void allNodesAreReadyOnceTheyHaveALeaderAndNotBeforeTheyHaveMet() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            PaxosNode first = cluster.start("n1");
            var log = counter(first, "g");
            assertThat(first.health().isLive()).isTrue();
            assertThat(first.health().notReady()).singleElement().asString().contains("not formed");
            var second = counter(cluster.start("n2"), "g");
            var third = counter(cluster.start("n3"), "g");
            result(log.submit(1L));
            result(second.submit(1L));
            result(third.submit(1L));
            for (PaxosNode node : cluster.nodes()) {
                NodeHealth health = node.health();
                assertThat(health.isReady()).as("%s: %s", node, health).isTrue();
                assertThat(health.isReady(GroupId.of("g"))).isTrue();
            }
        }
    }

    @Test
    void aNodeWhoseStoreFailsIsNotLive() throws Exception {
        Halts halts = new Halts();
        BlockingStorage storage = new BlockingStorage();
        try (PaxosNode node =
                Cluster.of(1).builder("n1").storage(storage).listener(halts).start()) {
            var log = counter(node, "g");
            result(log.submit(1L));
            assertThat(node.health().isReady()).isTrue();
            storage.failFromNowOn();
            CompletableFuture<Long> lost = log.submit(2L);
            result(halts.first);
            assertThat(node.health().isLive()).isFalse();
            assertThat(node.health().dead()).singleElement().asString().contains("no space left on device");
            assertThat(lost).isNotCancelled();
        }
    }

    @Test
    void aStateMachineThatThrowsMakesANodeNotReadyAndLeavesItLive() throws Exception {
        Halts halts = new Halts();
        StateMachine<Long, Long> faulty = (context, amount) -> {
            throw new ArithmeticException("unlucky");
        };
        try (PaxosNode node = Cluster.of(1).builder("n1").listener(halts).start()) {
            var sound = counter(node, "sound");
            CompletableFuture<Long> lost = log(node, "fragile", faulty).submit(1L);
            result(halts.first);
            result(sound.submit(1L));
            NodeHealth health = node.health();
            assertThat(health.dead()).isEmpty();
            assertThat(health.groups().get(GroupId.of("fragile")))
                    .singleElement()
                    .asString()
                    .contains("unlucky");
            assertThat(health.isReady()).isFalse();
            assertThat(health.isReady(GroupId.of("sound"))).isTrue();
            assertThat(lost).isNotCancelled();
        }
    }

    @Test
    void aNodeWhoseLoopHangsIsNotLiveThoughItsLoadCanBeTold() throws Exception {
        CompletableFuture<Void> enough = new CompletableFuture<>();
        CompletableFuture<Void> hangs = new CompletableFuture<>();
        Cluster cluster = Cluster.of(1);
        PaxosNode node = cluster.builder("n1").start();
        try {
            result(node.whenFormed());
            // Meters run on the loop, and this one breaks its contract.
            node.attach(new NodeMeter() {
                @Override
                public void roleChanged(GroupId group, io.paxos.event.Effect.RoleName role) {
                    hangs.complete(null);
                    enough.join();
                }
            });
            counter(node, "g");
            result(hangs);
            assertThat(node.health().dead()).singleElement().asString().contains("has not answered within 1 s");
            assertThat(node.load().pendingCalls()).isZero();
        } finally {
            enough.complete(null);
            node.close();
        }
        assertThat(node.health().dead()).singleElement().asString().contains("closed");
    }
}
