// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.ClusterName;
import io.paxos.model.Configuration;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StateMachine;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 20: close() completes every future, and says the right thing of each. */
@Timeout(60)
class CloseTest {

    private static void assertStopped(CompletableFuture<?> call) {
        assertThatThrownBy(() -> result(call))
                .cause()
                .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(Outcome.Reason.STOPPED));
    }

    @Test
    void rule20_afterTheEndEveryCallIsRefused() {
        Cluster cluster = Cluster.started(3);
        PaxosNode node = cluster.node("n1");
        ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
        cluster.close();
        node.close();
        assertStopped(log.submit(1L));
        assertStopped(log.read(Counter::sum));
        assertStopped(log.readLocal(Counter::sum));
        assertStopped(node.decrees(io.paxos.spi.Codec.utf8()).agree("name", "v"));
        assertStopped(node.decrees(io.paxos.spi.Codec.utf8()).learn("name"));
        assertStopped(counter(node, "late").readLocal(Counter::sum));
    }

    @Test
    void rule20_aClusterThatNeverFormedLeavesNoFutureBehind() {
        PaxosNode node;
        List<CompletableFuture<?>> pending = new ArrayList<>();
        try (Cluster cluster = Cluster.of(3)) {
            node = cluster.start("n1");
            ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
            pending.add(log.submit(1L));
            pending.add(log.read(Counter::sum));
            pending.add(node.whenFormed());
            assertThat(pending).noneMatch(CompletableFuture::isDone);
        }
        for (CompletableFuture<?> call : pending) {
            assertThatThrownBy(() -> result(call)).cause().isInstanceOf(PaxosException.class);
        }
    }

    @Test
    void rule11_whatNeverLeftTheMailboxIsRefusedAndWhatWasTakenInIsUnknown() {
        ManualExecutor executor = new ManualExecutor();
        PaxosNode node = PaxosNode.builder()
                .id("n1")
                .members("n1", "n2")
                .tick(Duration.ofSeconds(1))
                .electionTimeout(Duration.ofSeconds(10))
                .transport(new ManualTransport(executor))
                .callbackExecutor(Runnable::run)
                .start();
        ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
        CompletableFuture<Long> taken = log.submit(1L);
        executor.runAll();
        CompletableFuture<Long> waiting = log.submit(1L);
        node.close();
        assertThatThrownBy(taken::join).cause().isInstanceOf(UnknownOutcomeException.class);
        assertThatThrownBy(waiting::join).cause().isInstanceOf(RefusedException.class);
    }

    /** A loop that hangs cannot tell whether it has proposed the change already. */
    @Test
    void rule11_aChangeOfMembershipThatWasTakenInIsUnknownWhereTheLoopHangs() {
        ManualExecutor executor = new ManualExecutor();
        PaxosNode node = PaxosNode.builder()
                .id("n1")
                .members("n1", "n2")
                .tick(Duration.ofSeconds(1))
                .electionTimeout(Duration.ofSeconds(10))
                .transport(new ManualTransport(executor))
                .callbackExecutor(Runnable::run)
                .start();
        LogMembers members = counter(node, "sum").membership();
        CompletableFuture<Configuration> taken = members.remove("n2");
        executor.runAll();
        CompletableFuture<Configuration> waiting = members.remove("n2");
        Thread.currentThread().interrupt(); // nobody waits for the loop, which does not run here
        node.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(taken::join).cause().isInstanceOf(UnknownOutcomeException.class);
        assertThatThrownBy(waiting::join).cause().isInstanceOf(RefusedException.class);
    }

    @Test
    void rule20_submitsThatRaceWithCloseAllComplete() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 5; round++) {
                Cluster cluster = Cluster.started(3);
                ReplicatedLog<Long, Long, Counter> log = counter(cluster.node("n1"), "sum");
                counter(cluster.node("n2"), "sum");
                counter(cluster.node("n3"), "sum");
                result(log.submit(1L));
                ConcurrentLinkedQueue<CompletableFuture<?>> calls = new ConcurrentLinkedQueue<>();
                AtomicBoolean go = new AtomicBoolean(true);
                CountDownLatch busy = new CountDownLatch(300);
                List<CompletableFuture<Void>> loops = new ArrayList<>();
                for (int c = 0; c < 3; c++) {
                    boolean reads = c == 2;
                    loops.add(CompletableFuture.runAsync(
                            () -> {
                                while (go.get()) {
                                    CompletableFuture<Long> last = log.readLocal(Counter::sum);
                                    calls.add(last);
                                    for (int i = 0; i < 10; i++) {
                                        last = reads ? log.read(Counter::sum) : log.submit(1L);
                                        calls.add(last);
                                        busy.countDown();
                                    }
                                    last.handle((value, problem) -> true).join();
                                }
                            },
                            callers));
                }
                assertThat(busy.await(20, SECONDS)).isTrue();
                cluster.node("n1").close();
                go.set(false);
                CompletableFuture.allOf(loops.toArray(CompletableFuture[]::new)).get(20, SECONDS);
                AtomicLong applied = new AtomicLong();
                for (CompletableFuture<?> call : calls) {
                    Object outcome = result(call.handle((value, problem) -> problem == null ? value : problem));
                    if (outcome instanceof Long) {
                        applied.incrementAndGet();
                    } else {
                        assertThat(outcome).isInstanceOf(PaxosException.class);
                    }
                }
                cluster.close();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void closingFromACallbackOrAListenerDoesNotHang() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            AtomicReference<PaxosNode> self = new AtomicReference<>();
            CountDownLatch known = new CountDownLatch(1);
            CompletableFuture<String> closed = new CompletableFuture<>();
            PaxosNode node = cluster.start(
                    "n1",
                    builder -> builder.listener(new NodeListener() {
                        @Override
                        public void formed(Membership membership, String stranger) {
                            try {
                                known.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            self.get().close();
                            closed.complete("closed");
                        }
                    }));
            self.set(node);
            known.countDown();
            assertThat(result(closed)).isEqualTo("closed");
            assertStopped(counter(node, "sum").readLocal(Counter::sum));
        }
    }

    @Test
    void closingOnTheLoopItselfDoesNotHang() {
        ManualExecutor executor = new ManualExecutor();
        AtomicReference<PaxosNode> self = new AtomicReference<>();
        AtomicBoolean told = new AtomicBoolean();
        PaxosNode node = PaxosNode.builder()
                .id("n1")
                .members("n1")
                .transport(new ManualTransport(executor))
                .callbackExecutor(Runnable::run)
                .listener(new NodeListener() {
                    @Override
                    public void formed(Membership membership, String stranger) {
                        told.set(true);
                        self.get().close();
                    }
                })
                .start();
        self.set(node);
        executor.runAll();
        assertThat(told).isTrue();
        assertStopped(counter(node, "sum").submit(1L));
    }

    @Test
    void anApplyThatDoesNotEndDoesNotHoldUpTheEnd() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        try (Cluster cluster = Cluster.of(1)) {
            StateMachine<Long, Long> endless = (context, amount) -> {
                inside.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return amount;
            };
            ReplicatedLog<Long, Long, StateMachine<Long, Long>> log =
                    Cluster.log(cluster.start("n1"), "endless", endless);
            CompletableFuture<Long> stuck = log.submit(1L);
            CompletableFuture<Long> behind = log.readLocal(state -> 1L);
            assertThat(inside.await(20, SECONDS)).isTrue();
            CompletableFuture<Long> waiting = log.readLocal(state -> 1L);
            cluster.node("n1").close();
            assertThatThrownBy(() -> result(stuck)).cause().isInstanceOf(UnknownOutcomeException.class);
            assertStopped(waiting);
            assertThat(behind.handle((v, e) -> true)).succeedsWithin(20, SECONDS);
        } finally {
            release.countDown();
        }
    }

    @Test
    void aTransportWhoseExecutorDiesTakesTheNodeAlongAndNoFutureIsLost() throws Exception {
        InProcessNetwork network = new InProcessNetwork();
        io.paxos.spi.Transport transport = network.transport();
        PaxosNode node = PaxosNode.builder()
                .id("n1")
                .members("n1", "n2", "n3")
                .transport(transport)
                .start();
        ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
        CompletableFuture<Long> pending = log.submit(1L);
        transport.close();
        CompletableFuture<Long> late = log.submit(1L);
        assertThatThrownBy(() -> result(pending)).cause().isInstanceOf(PaxosException.class);
        assertThatThrownBy(() -> result(late)).cause().isInstanceOf(PaxosException.class);
    }

    @Test
    void theStoreIsClosedAfterItsLastWrite() throws Exception {
        BlockingStorage storage = new BlockingStorage();
        try (Cluster cluster = Cluster.of(1)) {
            PaxosNode node = cluster.start("n1", builder -> builder.storage(storage));
            result(counter(node, "sum").submit(1L));
        }
        assertThat(storage.isClosed()).isTrue();
    }

    /** The store may be in use by the next life of the node when a loop that hung goes on. */
    @Test
    void rule20_aLoopThatGoesOnAfterTheEndWritesNothingToTheStore() throws Exception {
        ManualExecutor executor = new ManualExecutor();
        InMemoryStorage storage = new InMemoryStorage();
        PaxosNode node = PaxosNode.builder()
                .id("n1")
                .members("n1")
                .transport(new ManualTransport(executor))
                .storage(storage)
                .callbackExecutor(Runnable::run)
                .start();
        CompletableFuture<Long> call = counter(node, "sum").submit(1L);
        Thread.currentThread().interrupt(); // nobody waits for the loop, which does not run here
        node.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(call).isCompletedExceptionally();
        StoreOwner owner = new StoreOwner(new ClusterName("paxos"), Cluster.id("n1"));
        assertThat(storage.recover(owner).formation()).isEqualTo(RecoveredState.NOT_FORMED);
        assertThat(executor.runAll()).isPositive();
        storage.close();
        assertThat(storage.recover(owner).formation()).isEqualTo(RecoveredState.NOT_FORMED);
    }

    /** The others need not wait until they miss it. */
    @Test
    void aLeaderThatIsClosedAndCannotHandOverResignsBeforeItsTransportCloses() throws Exception {
        List<String> happened = new CopyOnWriteArrayList<>();
        try (Cluster cluster = Cluster.of(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
            for (String id : cluster.members()) {
                Transport wrapped = new ForwardingTransport(cluster.network().transport()) {
                    @Override
                    public void send(Envelope envelope) {
                        if (envelope.message() instanceof GroupMessage group
                                && group.body() instanceof LogMessage.Resign) {
                            happened.add(id + " resigns to " + envelope.to().node());
                        }
                        if (!(envelope.message() instanceof GroupMessage other
                                && other.body() instanceof LogMessage.TakeOver)) {
                            super.send(envelope);
                        }
                    }

                    @Override
                    public void close() {
                        happened.add(id + " closes");
                        super.close();
                    }
                };
                logs.add(counter(cluster.start(id, builder -> builder.transport(wrapped)), "sum"));
            }
            result(logs.get(0).submit(1L));
            PaxosNode leader = cluster.nodes().stream()
                    .filter(node ->
                            node.status().groups().get(GroupId.of("sum")).role() == Effect.RoleName.LEADER)
                    .findFirst()
                    .orElseThrow();
            happened.clear();
            leader.close();
            List<String> others = new ArrayList<>(cluster.members());
            others.remove(leader.id().name());
            assertThat(happened)
                    .containsExactly(
                            leader.id() + " resigns to " + others.get(0),
                            leader.id() + " resigns to " + others.get(1),
                            leader.id() + " closes");
            int other = cluster.members().indexOf(others.get(0));
            assertThat(result(logs.get(other).submit(1L))).isEqualTo(2);
        }
    }
}
