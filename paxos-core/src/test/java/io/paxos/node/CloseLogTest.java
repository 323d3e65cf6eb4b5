// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Outcome;
import io.paxos.model.Configuration;
import io.paxos.model.NodeId;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logs that are closed while their node goes on. */
@Timeout(60)
class CloseLogTest {

    private static void assertStopped(CompletableFuture<?> call) {
        assertThatThrownBy(() -> result(call))
                .cause()
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.STOPPED));
    }

    private static List<ReplicatedLog<Long, Long, Counter>> open(Cluster cluster, String name) {
        List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
        cluster.nodes().forEach(node -> logs.add(counter(node, name)));
        return logs;
    }

    @Test
    void theOthersGoOnAndWhoOpensItAgainHasAll() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = open(cluster, "sum");
            List<ReplicatedLog<Long, Long, Counter>> others = open(cluster, "other");
            assertThat(result(logs.get(0).submit(1L))).isEqualTo(1);
            result(logs.get(0).close());
            assertThat(cluster.node("n1").status().groups()).hasSize(1);
            assertThat(result(logs.get(1).submit(2L))).isEqualTo(3);
            assertThat(result(others.get(0).submit(7L))).isEqualTo(7);
            for (int life = 1; life <= 3; life++) {
                ReplicatedLog<Long, Long, Counter> again = counter(cluster.node("n1"), "sum");
                assertThat(result(again.read(Counter::sum))).isEqualTo(2 + life);
                assertThat(result(again.submit(1L))).isEqualTo(3 + life);
                result(again.close());
            }
            assertThat(result(logs.get(2).read(Counter::sum))).isEqualTo(6);
            assertThat(result(others.get(0).read(Counter::sum))).isEqualTo(7);
        }
    }

    @Test
    void rule20_noFutureIsLost() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            PaxosNode node = cluster.start("n1");
            ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
            List<CompletableFuture<?>> calls = new ArrayList<>(List.of(
                    log.submit(1L),
                    log.read(Counter::sum),
                    log.submitWithSlot(1L, Duration.ofSeconds(50)),
                    log.membership().add("n9"),
                    log.leadership().transferTo(NodeId.of("n2"))));
            CompletableFuture<Void> closed = log.close();
            for (CompletableFuture<?> call : calls) {
                assertThatThrownBy(() -> result(call)).cause().isInstanceOf(PaxosException.class);
            }
            result(closed);
            assertStopped(log.submit(1L));
            assertStopped(log.read(Counter::sum));
            assertStopped(log.readLocal(Counter::sum));
            assertStopped(log.membership().remove("n2"));
            assertStopped(log.leadership().transferTo(NodeId.of("n2")));
            assertStopped(log.snapshot());
            assertThat(log.isLeader()).isFalse();
            assertThat(log.leader()).isEmpty();
            assertThat(log.status()).isNull();
            result(log.close());
        }
    }

    @Test
    void nobodyLeadsALogThatIsClosedHere() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = open(cluster, "sum");
            for (ReplicatedLog<Long, Long, Counter> log : logs) {
                result(log.submit(1L));
                assertThat(log.leader()).isPresent();
            }
            for (ReplicatedLog<Long, Long, Counter> log : logs) {
                CompletableFuture<Void> closed = log.close();
                assertThat(log.leader()).isEmpty();
                assertThat(log.isLeader()).isFalse();
                result(closed);
                assertThat(log.leader()).isEmpty();
                assertThat(log.leadership().token()).isEmpty();
            }
        }
    }

    /** It would be given commands of the new life, and its reports be taken for those of the new one. */
    @Test
    void nothingOpensItAgainBeforeItsStateMachineHasEnded() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Cluster cluster = Cluster.started(1)) {
            PaxosNode node = cluster.node("n1");
            ReplicatedLog<Long, Long, ?> log =
                    node.replicate("sum", hanging(entered, release), Codec.int64(), Codec.int64());
            CompletableFuture<Long> call = log.submit(1L);
            assertThat(entered.await(30, SECONDS)).isTrue();
            CompletableFuture<Void> closed = log.close();
            assertThatThrownBy(() -> result(call)).cause().isInstanceOf(UnknownOutcomeException.class);
            assertThat(closed).isNotDone();
            assertThatThrownBy(() -> counter(node, "sum"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("\"sum\"", "close()");
            release.countDown();
            result(closed);
            assertThat(result(counter(node, "sum").read(Counter::sum))).isEqualTo(1);
        }
    }

    /** A node takes no part any more in a log that it is still closing, so nothing is to be changed there. */
    @Test
    void theMembershipOfANodeIsChangedWhileOneOfItsLogsIsClosing() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Cluster cluster = Cluster.started(1)) {
            PaxosNode node = cluster.node("n1");
            ReplicatedLog<Long, Long, ?> log =
                    node.replicate("closing", hanging(entered, release), Codec.int64(), Codec.int64());
            counter(node, "other");
            CompletableFuture<Long> call = log.submit(1L);
            assertThat(entered.await(30, SECONDS)).isTrue();
            CompletableFuture<Void> closed = log.close();
            assertThat(result(node.membership().add("n1"))).containsOnlyKeys("other", NodeMembers.EPOCHS);
            assertThatThrownBy(() -> result(call)).cause().isInstanceOf(UnknownOutcomeException.class);
            release.countDown();
            result(closed);
        }
    }

    @Test
    void aLogThatIsClosedBeforeItsTurnIsPassedOverByAChangeOfTheNode() throws Exception {
        try (Cluster cluster = Cluster.of(2)) {
            PaxosNode node = cluster.start("n1", builder -> builder.deadline(Duration.ofSeconds(30)));
            counter(node, "a");
            ReplicatedLog<Long, Long, Counter> second = counter(node, "b");
            CompletableFuture<?> changed = node.membership().add("n1");
            result(second.close());
            assertThat(changed).as("the first waits for a quorum").isNotDone();
            counter(cluster.start("n2"), "a");
            assertThat(result(changed))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Configuration.class))
                    .containsOnlyKeys("a", NodeMembers.EPOCHS);
        }
    }

    private static StateMachine<Long, Long> hanging(CountDownLatch entered, CountDownLatch release) {
        return (context, command) -> {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return command;
        };
    }

    @Test
    void rule20_aNodeThatIsClosedMeanwhileEndsTheWait() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> closed;
        CompletableFuture<Long> call;
        ReplicatedLog<Long, Long, ?> log;
        try (Cluster cluster = Cluster.started(1)) {
            log = cluster.node("n1").replicate("sum", hanging(entered, release), Codec.int64(), Codec.int64());
            call = log.submit(1L);
            assertThat(entered.await(30, SECONDS)).isTrue();
            closed = log.close();
            assertThat(closed).isNotDone();
        }
        result(closed);
        result(log.close());
        assertThat(call).isCompletedExceptionally();
        release.countDown();
    }

    @Test
    void aLogOfANodeThatIsClosedIsClosed() throws Exception {
        ReplicatedLog<Long, Long, Counter> log;
        try (Cluster cluster = Cluster.started(1)) {
            log = counter(cluster.node("n1"), "sum");
        }
        result(log.close());
    }

    @Test
    void whatAHaltedReplicaWasIsKept() throws Exception {
        try (Cluster cluster = Cluster.started(1)) {
            PaxosNode node = cluster.node("n1");
            StateMachine<Long, Long> failing = (context, command) -> {
                throw new IllegalStateException("a defect of the user's");
            };
            ReplicatedLog<Long, Long, ?> log = node.replicate("sum", failing, Codec.int64(), Codec.int64());
            assertThatThrownBy(() -> result(log.submit(1L))).cause().isInstanceOf(PaxosException.class);
            result(log.close());
            ReplicatedLog<Long, Long, Counter> again = counter(node, "sum");
            assertThatThrownBy(() -> result(again.submit(1L)))
                    .cause()
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("restart the node");
        }
    }

    @Test
    void whatIsReturnedMayBeCancelledWithoutHarm() throws Exception {
        try (Cluster cluster = Cluster.started(1)) {
            ReplicatedLog<Long, Long, Counter> log = counter(cluster.node("n1"), "sum");
            assertThat(log.close().cancel(false) || log.close().isDone()).isTrue();
            result(log.close());
            assertThat(Stream.of(log.close(), log.close())).allSatisfy(again -> result(again));
        }
    }
}
