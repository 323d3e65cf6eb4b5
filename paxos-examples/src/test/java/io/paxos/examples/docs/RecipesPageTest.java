// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.paxos.examples.recipes.DistributedLock;
import io.paxos.examples.recipes.Fence;
import io.paxos.examples.recipes.IdGenerator;
import io.paxos.examples.recipes.LeaderElection;
import io.paxos.examples.recipes.LockTable;
import io.paxos.examples.recipes.ReplicatedCounter;
import io.paxos.examples.recipes.ReplicatedMap;
import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.node.Consistency;
import io.paxos.node.PaxosNode;
import io.paxos.spi.Codec;
import io.paxos.wire.ProtobufCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/recipes.md shows. */
@Timeout(60)
class RecipesPageTest {

    enum Kind {
        DOMESTIC,
        ABROAD
    }

    record Transfer(String from, String to, long cents, Kind kind, Optional<String> note) {

        static final Codec<Transfer> CODEC = Codec.record(
                (transfer, fields) -> fields.put(Codec.utf8(), transfer.from)
                        .put(Codec.utf8(), transfer.to)
                        .put(Codec.int64(), transfer.cents)
                        .put(Codec.constants(Kind.values()), transfer.kind)
                        .put(Codec.optional(Codec.utf8()), transfer.note),
                fields -> new Transfer(
                        fields.take(Codec.utf8()),
                        fields.take(Codec.utf8()),
                        fields.take(Codec.int64()),
                        fields.take(Codec.constants(Kind.values())),
                        fields.take(Codec.optional(Codec.utf8()))));
    }

    @Test
    void recordsAndMessagesAndWrappers() {
        Codec<NodeId> names = Codec.utf8().as(NodeId::of, NodeId::name);
        Codec<Timestamp> times = ProtobufCodec.of(Timestamp.parser());
        Transfer transfer = new Transfer("anna", "bert", 1_000, Kind.ABROAD, Optional.of("rent"));

        assertThat(Transfer.CODEC.decode(Transfer.CODEC.encode(transfer))).isEqualTo(transfer);
        assertThat(names.encode(NodeId.of("n1"))).isEqualTo(Payload.utf8("n1"));
        assertThat(times.decode(Payload.EMPTY)).isEqualTo(Timestamp.getDefaultInstance());
    }

    /** Something on every node, of which the page shows what one of them does. */
    private static PaxosNode first(Three three) {
        return three.nodes().get(0);
    }

    @Test
    void aMap() {
        try (Three three = new Three()) {
            three.nodes()
                    .subList(1, 3)
                    .forEach(other -> ReplicatedMap.on(other, "prices", Codec.utf8(), Codec.int64()));
            PaxosNode node = first(three);
            ReplicatedMap<String, Long> prices = ReplicatedMap.on(node, "prices", Codec.utf8(), Codec.int64());

            Optional<Long> before = prices.put("pear", 120L).join();
            Optional<Long> there = prices.putIfAbsent("pear", 99L).join();
            boolean replaced = prices.replace("pear", 120L, 130L).join();
            Optional<Long> now = prices.get("pear").join();
            Optional<Long> soon = prices.get("pear", Consistency.local()).join().value();
            Map<String, Long> all =
                    prices.entries(Consistency.linearizable()).join().value();
            Optional<Long> removed = prices.remove("pear").join();

            assertThat(List.of(before, there, now, soon, removed))
                    .containsExactly(
                            Optional.empty(),
                            Optional.of(120L),
                            Optional.of(130L),
                            Optional.of(130L),
                            Optional.of(130L));
            assertThat(replaced).isTrue();
            assertThat(all).containsExactly(Map.entry("pear", 130L));
        }
    }

    @Test
    void aCounter() {
        try (Three three = new Three()) {
            three.nodes().subList(1, 3).forEach(other -> ReplicatedCounter.on(other, "visits"));
            PaxosNode node = first(three);
            ReplicatedCounter visits = ReplicatedCounter.on(node, "visits");

            long sum = visits.add(1).join();
            long read = visits.get().join();

            assertThat(List.of(sum, read)).containsExactly(1L, 1L);
        }
    }

    @Test
    void numbersThatNobodyGetsTwice() {
        try (Three three = new Three()) {
            three.nodes().subList(1, 3).forEach(other -> ReplicatedCounter.on(other, "order-ids"));
            PaxosNode node = first(three);
            IdGenerator orders = new IdGenerator(ReplicatedCounter.on(node, "order-ids"), 100);

            long id = orders.next().join();

            assertThat(id).isEqualTo(1);
        }
    }

    private final List<Long> written = new ArrayList<>();

    private void write(long token) {
        written.add(token);
    }

    @Test
    void aLock() {
        try (Three three = new Three()) {
            three.nodes().subList(1, 3).forEach(other -> LockTable.on(other, "locks"));
            PaxosNode node = first(three);
            Fence<Long> fence = new Fence<>(Comparator.naturalOrder());
            var locks = LockTable.on(node, "locks");
            DistributedLock lock = new DistributedLock(locks, "shard-7", Duration.ofSeconds(30));

            lock.tryAcquire().join().ifPresent(token -> {
                fence.pass(token, () -> write(token));
                lock.release(token).join();
            });

            assertThat(written).hasSize(1);
        }
    }

    private final CompletableFuture<Ballot> elected = new CompletableFuture<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    private void workUntilInterrupted(Ballot token) throws InterruptedException {
        elected.complete(token);
        try {
            new CountDownLatch(1).await();
        } finally {
            stopped.countDown();
        }
    }

    @Test
    void anElection() throws InterruptedException {
        try (PaxosNode node = PaxosNode.builder().id("n1").members("n1").start()) {
            var locks = LockTable.on(node, "locks");
            var election =
                    new LeaderElection(locks.leadership(), "nightly-report", token -> workUntilInterrupted(token));
            assertThat(elected.join().proposer()).isEqualTo(node.id());
            election.close();
            stopped.await();
        }
    }
}
