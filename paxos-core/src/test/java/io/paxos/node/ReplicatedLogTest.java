// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.log;
import static io.paxos.node.Cluster.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Outcome;
import io.paxos.model.CommandId;
import io.paxos.model.SlotToken;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.spi.Storage;
import io.paxos.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ReplicatedLogTest {

    static List<Arguments> surroundings() {
        UnaryOperator<Transport> own = ForwardingTransport::new;
        UnaryOperator<Transport> same = UnaryOperator.identity();
        Supplier<Storage> memory = InMemoryStorage::new;
        Supplier<Storage> device = BlockingStorage::new;
        return List.of(
                Arguments.of("the transport's thread, a store that does not block", same, memory),
                Arguments.of("the transport's thread, a store that blocks", same, device),
                Arguments.of("the node's thread, a store that does not block", own, memory),
                Arguments.of("the node's thread, a store that blocks", own, device));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("surroundings")
    void everyNodeSubmitsAndEveryCommandIsAppliedOnce(
            String what, UnaryOperator<Transport> transport, Supplier<Storage> storage) throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
            for (String id : cluster.members()) {
                PaxosNode node = cluster.start(id, builder -> builder.transport(
                                transport.apply(cluster.network().transport()))
                        .storage(storage.get()));
                logs.add(counter(node, "sum"));
            }
            List<CompletableFuture<Long>> calls = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                calls.add(logs.get(i % 3).submit(1L));
            }
            List<Long> results = new ArrayList<>();
            for (CompletableFuture<Long> call : calls) {
                results.add(result(call));
            }
            assertThat(results)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, 1000).boxed().toList());
            for (ReplicatedLog<Long, Long, Counter> log : logs) {
                assertThat(result(log.read(Counter::sum))).isEqualTo(1000);
                assertThat(result(log.readLocal(Counter::sum))).isEqualTo(1000);
            }
        }
    }

    @Test
    void rule13_aReadTakesNoSlotAndTellsWhichOneItReflects() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
            cluster.nodes().forEach(node -> logs.add(counter(node, "sum")));
            assertThat(result(logs.get(0).submit(5L))).isEqualTo(5);
            Reading<Long> first = result(logs.get(1).readWithSlot(Counter::sum, Duration.ofSeconds(10)));
            assertThat(first.value()).isEqualTo(5);
            assertThat(first.slot()).as("behind the session and the command").isGreaterThanOrEqualTo(2);
            for (ReplicatedLog<Long, Long, Counter> log : logs) {
                assertThat(result(log.readWithSlot(Counter::sum, Duration.ofSeconds(10))))
                        .isEqualTo(first);
            }
        }
    }

    @Test
    void severalLogsLiveInOneNodeAndMayBeOpenedAtAnyTime() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            List<ReplicatedLog<Long, Long, Counter>> first = new ArrayList<>();
            cluster.nodes().forEach(node -> first.add(counter(node, "first")));
            assertThat(result(first.get(0).submit(5L))).isEqualTo(5);
            List<ReplicatedLog<Long, Long, Counter>> second = new ArrayList<>();
            cluster.nodes().forEach(node -> second.add(counter(node, "second")));
            assertThat(result(second.get(1).submit(7L))).isEqualTo(7);
            assertThat(result(first.get(2).read(Counter::sum))).isEqualTo(5);
            assertThat(cluster.node("n1").status().groups()).hasSize(2);
        }
    }

    @Test
    void aNameIsReplicatedOnceByANode() {
        try (Cluster cluster = Cluster.of(1)) {
            PaxosNode node = cluster.start("n1");
            counter(node, "sum");
            assertThatThrownBy(() -> counter(node, "sum"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("\"sum\"", "keep the ReplicatedLog");
            assertThatThrownBy(() -> counter(node, "no spaces"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no spaces");
        }
    }

    @Test
    void theLeadersDeathIsSurvived() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
            cluster.nodes().forEach(node -> logs.add(counter(node, "sum")));
            for (int i = 1; i <= 20; i++) {
                assertThat(result(logs.get(i % 3).submit(1L))).isEqualTo(i);
            }
            int leader = 0;
            while (!logs.get(leader).isLeader()) {
                leader++;
            }
            cluster.nodes().get(leader).close();
            int survivor = (leader + 1) % 3;
            int other = (leader + 2) % 3;
            assertThat(result(logs.get(survivor).submit(1L))).isEqualTo(21);
            assertThat(result(logs.get(other).read(Counter::sum))).isEqualTo(21);
            assertThat(logs.get(other).leader())
                    .isPresent()
                    .isNotEqualTo(
                            java.util.Optional.of(cluster.nodes().get(leader).id()));
        }
    }

    @Test
    void aSlowApplyDelaysNothingElse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (Cluster cluster = Cluster.started(3)) {
            CountDownLatch inside = new CountDownLatch(3);
            StateMachine<Long, Long> slow = (context, amount) -> {
                inside.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return amount;
            };
            List<ReplicatedLog<Long, Long, StateMachine<Long, Long>>> slowLogs = new ArrayList<>();
            List<ReplicatedLog<Long, Long, Counter>> quickLogs = new ArrayList<>();
            for (PaxosNode node : cluster.nodes()) {
                slowLogs.add(log(node, "slow", slow));
                quickLogs.add(counter(node, "quick"));
            }
            CompletableFuture<Long> stuck = slowLogs.get(0).submit(1L);
            assertThat(inside.await(30, SECONDS)).isTrue();
            for (int i = 1; i <= 100; i++) {
                assertThat(result(quickLogs.get(i % 3).submit(1L))).isEqualTo(i);
            }
            for (PaxosNode node : cluster.nodes()) {
                assertThat(node.status().halted()).isNull();
            }
            assertThat(stuck).isNotDone();
            release.countDown();
            assertThat(result(stuck)).isEqualTo(1);
        } finally {
            release.countDown();
        }
    }

    @Test
    void aDeadlineThatPassesBeforeTheCommandLeftRefusesIt() {
        try (Cluster cluster = Cluster.of(3)) {
            ReplicatedLog<Long, Long, Counter> log = counter(cluster.start("n1"), "sum");
            assertThatThrownBy(() -> result(log.submit(1L, Duration.ofMillis(30))))
                    .cause()
                    .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Outcome.Reason.TIMEOUT));
            assertThatThrownBy(() -> result(log.read(Counter::sum, Duration.ofMillis(30))))
                    .cause()
                    .isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> log.submit(1L, Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("PT0S");
        }
    }

    @Test
    void whatCannotBeEncodedIsRefusedAtTheDoor() {
        try (Cluster cluster = Cluster.of(1)) {
            Codec<String> fussy = Codec.of(
                    text -> {
                        throw new IllegalStateException("only on Sundays");
                    },
                    String::new);
            ReplicatedLog<String, Long, StateMachine<String, Long>> log =
                    cluster.start("n1").replicate("fussy", (context, text) -> 1L, fussy, Codec.int64());
            assertThatThrownBy(() -> log.submit("text"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("text", "only on Sundays");
            assertThatThrownBy(() -> log.submit(null)).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void aValueThatIsTooLargeIsRefused() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            PaxosNode node = cluster.start("n1", builder -> builder.maxValueBytes(100));
            ReplicatedLog<byte[], Long, StateMachine<byte[], Long>> log =
                    node.replicate("sizes", (context, bytes) -> (long) bytes.length, Codec.bytes(), Codec.int64());
            assertThat(result(log.submit(new byte[100]))).isEqualTo(100);
            assertThatThrownBy(() -> result(log.submit(new byte[101])))
                    .cause()
                    .hasMessageContainingAll("101", "100", "maxValueBytes")
                    .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Outcome.Reason.TOO_LARGE));
        }
    }

    @Test
    void aResultThatCannotBeDecodedIsToldAsWhatItIs() {
        try (Cluster cluster = Cluster.of(1)) {
            Codec<Long> oneWay = Codec.of(number -> new byte[] {1}, bytes -> {
                throw new IllegalArgumentException("one way only");
            });
            ReplicatedLog<Long, Long, Counter> log =
                    cluster.start("n1").replicate("sum", new Counter(), Codec.int64(), oneWay);
            assertThatThrownBy(() -> result(log.submit(1L)))
                    .cause()
                    .isInstanceOf(UnknownOutcomeException.class)
                    .hasMessageContaining("was applied in slot")
                    .hasRootCauseMessage("one way only");
        }
    }

    @Test
    void whatAQueryThrowsReachesItsCallerAndNobodyElse() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            ReplicatedLog<Long, Long, Counter> log = counter(cluster.start("n1"), "sum");
            assertThatThrownBy(() -> result(log.read(sum -> {
                        throw new UnsupportedOperationException("no such query");
                    })))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(result(log.submit(3L))).isEqualTo(3);
            assertThat(result(log.read(Counter::sum))).isEqualTo(3);
        }
    }

    @Test
    void everyGuaranteeCanBeChosenAndTellsWhatItReflects() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
            for (String id : cluster.members()) {
                logs.add(counter(cluster.start(id, builder -> builder.leaderLease(0.01)), "sum"));
            }
            Reading<Long> written = result(logs.get(0).submitWithSlot(5L, Duration.ofSeconds(10)));
            assertThat(written.value()).isEqualTo(5);
            SlotToken token = SlotToken.parse(written.token().toString());
            List<Consistency> all = List.of(
                    Consistency.linearizable(),
                    Consistency.lease(),
                    Consistency.atLeast(token),
                    Consistency.boundedBy(Duration.ZERO));
            for (ReplicatedLog<Long, Long, Counter> log : logs) {
                for (Consistency how : all) {
                    Reading<Long> read = result(log.read(how, Counter::sum));
                    assertThat(read.value()).as("%s", how).isEqualTo(5);
                    assertThat(read.slot()).isGreaterThanOrEqualTo(written.slot());
                }
                assertThat(result(log.read(Consistency.local(), Counter::sum)).slot())
                        .isGreaterThanOrEqualTo(written.slot());
            }
        }
    }

    @Test
    void aReadThatCannotBeGuaranteedIsRefusedAtTheDoor() throws Exception {
        try (Cluster cluster = Cluster.started(1)) {
            ReplicatedLog<Long, Long, Counter> log = counter(cluster.node("n1"), "sum");
            ReplicatedLog<Long, Long, Counter> other = counter(cluster.node("n1"), "other");
            Reading<Long> written = result(other.submitWithSlot(1L, Duration.ofSeconds(10)));
            assertThatThrownBy(() -> log.read(Consistency.atLeast(written.token()), Counter::sum))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("other:0:" + written.slot())
                    .hasMessageContaining("sum");
            assertThatThrownBy(() -> log.read(Consistency.lease(), Counter::sum))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("leaderLease");
            assertThatThrownBy(() -> Consistency.boundedBy(Duration.ofNanos(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SlotToken.parse("sum:0")).hasMessageContaining("sum:0");
            assertThatThrownBy(() -> SlotToken.parse("sum:0:x")).hasMessageContaining("sum:0:x");
            assertThatThrownBy(() -> SlotToken.parse("sum:0:-1")).hasMessageContaining("-1");
        }
    }

    @Test
    void anOutcomeThatIsUnknownCanBeSettled() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
            for (String id : cluster.members()) {
                logs.add(counter(cluster.start(id), "sum"));
            }
            Reading<Long> first = result(logs.get(0).submitWithSlot(5L, Duration.ofSeconds(10)));
            // What the first node has numbered so far: its session begins in some slot before, and this was command 1.
            List<Resolution<Long>> found = new ArrayList<>();
            for (long session = 1; session < first.slot(); session++) {
                try {
                    found.add(result(logs.get(1).resolve(new CommandId(session, 1), Duration.ofSeconds(10))));
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(UnknownOutcomeException.class);
                }
            }
            assertThat(found).contains(new Resolution.Applied<>(5L, first.token()));
            long sum = result(logs.get(2).read(Counter::sum));
            assertThat(sum).isEqualTo(5);
        }
    }
}
