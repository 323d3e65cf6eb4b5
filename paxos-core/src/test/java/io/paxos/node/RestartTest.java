// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.log;
import static io.paxos.node.Cluster.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.model.Membership;
import io.paxos.model.StartId;
import io.paxos.spi.Codec;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules 6 and 7: a node is its name and its store. */
@Timeout(60)
class RestartTest {

    private final Map<String, InMemoryStorage> stores = new HashMap<>();

    private PaxosNode start(Cluster cluster, String id) {
        InMemoryStorage store = stores.computeIfAbsent(id, name -> new InMemoryStorage());
        return cluster.start(id, builder -> builder.storage(store));
    }

    /** Three nodes with a counter at 10, of which n3 has been closed. */
    private ReplicatedLog<Long, Long, Counter> withoutThird(Cluster cluster) throws Exception {
        ReplicatedLog<Long, Long, Counter> first = counter(start(cluster, "n1"), "sum");
        counter(start(cluster, "n2"), "sum");
        ReplicatedLog<Long, Long, Counter> third = counter(start(cluster, "n3"), "sum");
        for (int i = 1; i <= 10; i++) {
            assertThat(result(third.submit(1L))).isEqualTo(i);
        }
        cluster.node("n3").close();
        assertThat(result(first.submit(5L))).isEqualTo(15);
        return first;
    }

    @Test
    void rule6_aNodeWithItsStoreComesBackAsItself() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            ReplicatedLog<Long, Long, Counter> first = withoutThird(cluster);
            PaxosNode back = start(cluster, "n3");
            result(back.whenFormed());
            assertThat(back.status().stranger()).isNull();
            ReplicatedLog<Long, Long, Counter> third = counter(back, "sum");
            assertThat(result(third.submit(1L))).isEqualTo(16);
            // Now n3 is needed for a quorum, so its votes are seen to count.
            cluster.node("n2").close();
            assertThat(result(first.submit(1L))).isEqualTo(17);
            assertThat(result(third.read(Counter::sum))).isEqualTo(17);
        }
    }

    @Test
    void rule7_aNodeWithoutItsStoreIsAStrangerThatStillLearns() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            ReplicatedLog<Long, Long, Counter> first = withoutThird(cluster);
            stores.remove("n3");
            CompletableFuture<String> told = new CompletableFuture<>();
            NodeListener listener = new NodeListener() {
                @Override
                public void formed(Membership membership, String stranger) {
                    told.complete(stranger);
                }
            };
            PaxosNode back = cluster.start("n3", builder -> builder.listener(listener));
            result(back.whenFormed());
            assertThat(back.status().stranger()).contains("n3");
            assertThat(result(told)).contains("n3");
            AwaitableCounter state = new AwaitableCounter(115);
            ReplicatedLog<Long, Long, AwaitableCounter> third = log(back, "sum", state);
            assertThat(result(first.submit(100L))).isEqualTo(115);
            assertThat(result(state.reached())).isEqualTo(115);
            assertThat(result(third.readLocal(AwaitableCounter::sum))).isEqualTo(115);
            assertThat(third.isLeader()).isFalse();
            assertThat(third.status().role()).isEqualTo(Effect.RoleName.OBSERVER);
        }
    }

    @Test
    void anObserverLearnsAndNeverVotes() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            ReplicatedLog<Long, Long, Counter> first = counter(cluster.node("n1"), "sum");
            counter(cluster.node("n2"), "sum");
            counter(cluster.node("n3"), "sum");
            PaxosNode observer = cluster.start("watcher", PaxosNodeBuilder::observer);
            AwaitableCounter state = new AwaitableCounter(3);
            ReplicatedLog<Long, Long, AwaitableCounter> watched = log(observer, "sum", state);
            assertThat(result(first.submit(3L))).isEqualTo(3);
            assertThat(result(state.reached())).isEqualTo(3);
            assertThat(result(watched.readLocal(AwaitableCounter::sum))).isEqualTo(3);
            assertThat(observer.status().formed().voters()).doesNotContainKey(Cluster.id("watcher"));
        }
    }

    @Test
    void aStoreOfAnotherNodeIsRefusedAndStaysUsable() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            ReplicatedLog<Long, Long, Counter> log = counter(start(cluster, "n1"), "sum");
            assertThatThrownBy(() -> PaxosNode.builder()
                            .id("n2")
                            .members("n2")
                            .storage(stores.get("n1"))
                            .start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContainingAll("n2", "n1", "a store of its own");
            assertThatThrownBy(() ->
                            cluster.builder("n1").storage(stores.get("n1")).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("in use");
            assertThat(result(log.submit(1L))).isEqualTo(1);
        }
    }

    /** Rule 7: what a peer has heard of a later start makes an old copy of the store a stranger, that says so and learns. */
    @Test
    void rule7_aRestoredBackupIsAStrangerThatStillLearns() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            ReplicatedLog<Long, Long, Counter> first = counter(start(cluster, "n1"), "sum");
            counter(start(cluster, "n2"), "sum");
            CopyableStorage store = new CopyableStorage();
            assertThat(result(counter(cluster.start("n3", builder -> builder.storage(store)), "sum")
                            .submit(15L)))
                    .isEqualTo(15);
            cluster.node("n3").close();
            CopyableStorage backup = store.copy();
            PaxosNode second = cluster.start("n3", builder -> builder.storage(store));
            assertThat(result(counter(second, "sum").submit(5L))).isEqualTo(20);
            second.close();

            CompletableFuture<String> told = new CompletableFuture<>();
            NodeListener listener = new NodeListener() {
                @Override
                public void turnedStranger(String reason) {
                    told.complete(reason);
                }
            };
            PaxosNode restored =
                    cluster.start("n3", builder -> builder.storage(backup).listener(listener));
            assertThat(result(told)).contains("restored from a backup", "start 2.", "keep the others running");
            assertThat(restored.status().stranger()).isEqualTo(result(told));
            AwaitableCounter state = new AwaitableCounter(120);
            ReplicatedLog<Long, Long, AwaitableCounter> third = log(restored, "sum", state);
            assertThat(result(first.submit(100L))).isEqualTo(120);
            assertThat(result(state.reached())).isEqualTo(120);
            assertThat(third.status().role()).isEqualTo(Effect.RoleName.OBSERVER);
            assertThat(result(restored.decrees(Codec.utf8()).agree("owner", "n3")))
                    .isEqualTo("n3");
            assertThat(cluster.node("n1").status().stranger()).isNull();
        }
    }

    @Test
    void rule7_aStartThatCannotBeCountedAnyMoreIsRefusedAndTheStoreClosed() {
        CopyableStorage store = new CopyableStorage();
        store.nextStart(StartId.MAX_NUMBER + 1);
        try (Cluster cluster = Cluster.of(1)) {
            assertThatThrownBy(() -> cluster.start("n1", builder -> builder.storage(store)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("8388608", "empty store");
        }
        assertThat(store.isClosed()).isTrue();
    }
}
