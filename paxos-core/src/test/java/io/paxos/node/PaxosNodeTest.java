// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.spi.Codec;
import io.paxos.spi.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PaxosNodeTest {

    private final ManualExecutor executor = new ManualExecutor();

    /** A node alone in its cluster, which runs when the test says so. */
    private PaxosNodeBuilder manual(ManualTransport transport) {
        return PaxosNode.builder()
                .id("n1")
                .members("n1")
                .tick(Duration.ofMillis(1))
                .electionTimeout(Duration.ofMillis(10))
                .transport(transport)
                .callbackExecutor(Runnable::run);
    }

    private <T> T drive(CompletableFuture<T> future) {
        long end = System.nanoTime() + SECONDS.toNanos(20);
        while (!future.isDone() && System.nanoTime() < end) {
            executor.fireTimer();
            executor.runAll();
        }
        return future.getNow(null);
    }

    @Test
    void theTransportLearnsWhomItServes() {
        ManualTransport transport = new ManualTransport(executor);
        PaxosNode node = manual(transport).members("n1", "n2", "n3").start();
        executor.runAll();
        assertThat(transport.local().cluster().name()).isEqualTo("paxos");
        assertThat(transport.local().self()).isEqualTo(node.status().self());
        assertThat(transport.local().peers()).isEqualTo(Set.of(NodeId.of("n2"), NodeId.of("n3")));
        node.close();
        assertThat(transport.isClosed()).isTrue();
    }

    @Test
    void rule18_moreCallsThanFitAreRefusedAndTheOthersAreServed() {
        PaxosNode node = manual(new ManualTransport(executor))
                .maxValueBytes(1000)
                .limits(Limits.DEFAULTS.withQueue(2, 1000))
                .start();
        ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
        CompletableFuture<Long> first = log.submit(1L);
        CompletableFuture<Long> second = log.submit(1L);
        CompletableFuture<Long> third = log.submit(1L);
        assertThat(first).isNotDone();
        assertThat(third).isDone();
        assertThatThrownBy(third::join)
                .cause()
                .hasMessageContainingAll("2 of 2 waiting", "try again later")
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.OVERLOADED));
        assertThat(drive(first)).isEqualTo(1);
        assertThat(drive(second)).isEqualTo(2);
        assertThat(drive(log.submit(1L))).isEqualTo(3);
        node.close();
    }

    @Test
    void rule20_waitingOnTheLoopThrows() {
        PaxosNode node = manual(new ManualTransport(executor)).start();
        ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
        // This test is the loop's thread as soon as it has run the executor once.
        executor.runAll();
        CompletableFuture<Long> call = log.submit(1L);
        assertThatThrownBy(() -> call.get(1, SECONDS)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(call::join).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> call.thenApply(sum -> sum).join()).isInstanceOf(IllegalStateException.class);
        assertThat(drive(call)).isEqualTo(1);
        assertThat(call.join()).isEqualTo(1);
        node.close();
    }

    @Test
    void rule20_waitingWhereCommandsAreAppliedThrows() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            ReplicatedLog<Long, Long, Counter> log = counter(cluster.start("n1"), "sum");
            CompletableFuture<Long> waiting = log.read(sum -> log.submit(1L).join());
            assertThatThrownBy(() -> result(waiting)).cause().isInstanceOf(IllegalStateException.class);
            assertThat(result(log.submit(1L))).isBetween(1L, 2L);
        }
    }

    @Test
    void callbacksMayWaitForOneAnother() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            ReplicatedLog<Long, Long, Counter> log = counter(cluster.start("n1"), "sum");
            CompletableFuture<Long> deep = log.submit(1L);
            for (int i = 0; i < 20; i++) {
                deep = deep.thenApply(sum -> log.submit(1L).join());
            }
            List<CompletableFuture<Long>> wide = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                wide.add(log.submit(1L).thenApply(sum -> log.submit(1L).join()));
            }
            assertThat(result(deep)).isPositive();
            for (CompletableFuture<Long> call : wide) {
                assertThat(result(call)).isPositive();
            }
        }
    }

    @Test
    void futuresCompleteOnTheExecutorGiven() throws Exception {
        ExecutorService mine = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        try (Cluster cluster = Cluster.of(1)) {
            PaxosNode node = cluster.start("n1", builder -> builder.callbackExecutor(mine));
            AtomicReference<String> thread = new AtomicReference<>();
            ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
            result(log.submit(1L)
                    .thenRun(() -> thread.set(Thread.currentThread().getName())));
            assertThat(thread).hasValue("mine");
            mine.shutdown();
            // An executor that takes nothing any more loses no answer.
            assertThat(result(log.submit(1L))).isEqualTo(2);
        } finally {
            mine.shutdown();
        }
    }

    @Test
    void listenersHearOfFormationAndRoles() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        NodeListener listener = new NodeListener() {
            @Override
            public void formed(Membership membership, String stranger) {
                heard.add("formed " + membership.voters().keySet() + " " + stranger);
                throw new IllegalStateException("a defect of the listener");
            }

            @Override
            public void roleChanged(GroupId group, Effect.RoleName role, Ballot ballot, NodeId leader) {
                heard.add(group + " " + role + " " + leader);
            }
        };
        try (Cluster cluster = Cluster.of(1)) {
            PaxosNode node = cluster.start("n1", builder -> builder.listener(listener));
            ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
            assertThat(result(log.submit(1L))).isEqualTo(1);
            List<String> all = new ArrayList<>();
            while (!all.contains("sum LEADER n1")) {
                String next = heard.poll(20, SECONDS);
                assertThat(next).isNotNull();
                all.add(next);
            }
            assertThat(all).contains("formed [n1] null");
            assertThat(log.isLeader()).isTrue();
            assertThat(log.leader()).contains(NodeId.of("n1"));
            assertThat(log.status().role()).isEqualTo(Effect.RoleName.LEADER);
            assertThat(log.status().applied()).isPositive();
        }
    }

    @Test
    void aTransportThatCannotStartLeavesNothingBehind() throws Exception {
        ManualTransport transport = new ManualTransport(executor).refusing("port 7101 is in use; choose another");
        BlockingStorage storage = new BlockingStorage();
        assertThatThrownBy(() -> manual(transport).storage(storage).start())
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("7101");
        assertThat(storage.isClosed()).isTrue();
        assertThat(transport.isClosed()).isTrue();
        try (Cluster cluster = Cluster.of(1)) {
            PaxosNode second = PaxosNode.builder()
                    .id("n1")
                    .members("n1")
                    .transport(cluster.network().transport())
                    .storage(storage)
                    .start();
            assertThat(result(counter(second, "sum").submit(1L))).isEqualTo(1);
            second.close();
        }
    }

    @Test
    void twoNodesOfOneNameInOneProcessAreRefused() {
        try (Cluster cluster = Cluster.of(1)) {
            cluster.start("n1");
            assertThatThrownBy(() -> cluster.builder("n1").start())
                    .isInstanceOf(TransportException.class)
                    .hasMessageContainingAll("n1", "cluster test");
        }
    }

    @Test
    void statusIsThereBeforeDuringAndAfter() {
        ManualTransport transport = new ManualTransport(executor);
        PaxosNode node = manual(transport).start();
        executor.runAll();
        assertThat(node.status().self().node()).isEqualTo(NodeId.of("n1"));
        assertThat(node.id()).isEqualTo(NodeId.of("n1"));
        node.close();
        assertThat(node.status().self().node()).isEqualTo(NodeId.of("n1"));
        assertThat(node).hasToString("PaxosNode[n1 of paxos]");
    }

    @Test
    void aNodeOfAnotherClusterIsNotHeard() throws Exception {
        try (Cluster cluster = Cluster.of(2)) {
            PaxosNode stray = cluster.builder("n2").cluster("other").start();
            PaxosNode node = cluster.start("n1");
            assertThat(node.status().formed()).isNull();
            PaxosNode right = cluster.start("n2");
            result(node.whenFormed());
            assertThat(node.status().formed().voters())
                    .containsEntry(NodeId.of("n2"), right.status().self().incarnation());
            assertThat(stray.status().formed()).isNull();
            stray.close();
            assertThat(stray.whenFormed()).failsWithin(20, SECONDS);
        }
    }

    @Test
    void theCodecsOfADecreeAreCheckedAtTheDoor() {
        PaxosNode node = manual(new ManualTransport(executor)).start();
        executor.runAll();
        Decrees<String> decrees = node.decrees(Codec.utf8());
        assertThatThrownBy(() -> decrees.agree("", "v"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> decrees.agree("name", "v", Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
        assertThatThrownBy(() -> decrees.learn("bad\nname")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> decrees.await("x".repeat(600))).hasMessageContaining("512");
        node.close();
    }
}
