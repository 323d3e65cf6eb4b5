// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Outcome;
import io.paxos.spi.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RegistersTest {

    private static Registers<Long> numbers(PaxosNode node) {
        return node.registers(Codec.int64());
    }

    private static long next(Optional<Long> value) {
        return value.orElse(0L) + 1;
    }

    @Test
    void whatOneNodeSetsEveryNodeReads() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            assertThat(result(numbers(cluster.node("n1")).get("x"))).isEmpty();
            result(numbers(cluster.node("n1")).set("x", 7L));
            for (PaxosNode node : cluster.nodes()) {
                assertThat(result(numbers(node).get("x"))).contains(7L);
            }
            result(numbers(cluster.node("n2")).delete("x"));
            assertThat(result(numbers(cluster.node("n3")).get("x"))).isEmpty();
        }
    }

    @Test
    void compareAndSetChangesWhatItExpectsAndNothingElse() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            Registers<Long> n1 = numbers(cluster.node("n1"));
            assertThat(result(n1.compareAndSet("x", 1L, 2L))).isFalse();
            assertThat(result(n1.compareAndSet("x", null, 1L))).isTrue();
            assertThat(result(numbers(cluster.node("n2")).compareAndSet("x", 1L, 2L)))
                    .isTrue();
            assertThat(result(n1.compareAndSet("x", 1L, 3L))).isFalse();
            assertThat(result(n1.get("x"))).contains(2L);
            assertThat(result(n1.compareAndSet("x", 2L, null))).isTrue();
            assertThat(result(n1.get("x"))).isEmpty();
        }
    }

    @Test
    void updatesFromAllNodesAtOnceAreEachMadeOnce() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            List<CompletableFuture<Optional<Long>>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                for (PaxosNode node : cluster.nodes()) {
                    calls.add(numbers(node).update("x", value -> Optional.of(next(value)), Duration.ofSeconds(50)));
                }
            }
            Set<Long> answers = new TreeSet<>();
            for (CompletableFuture<Optional<Long>> call : calls) {
                answers.add(call.get(50, SECONDS).orElseThrow());
            }
            assertThat(answers).hasSize(60).contains(1L, 60L);
            assertThat(result(numbers(cluster.node("n3")).get("x"))).contains(60L);
        }
    }

    @Test
    void noNodesDeathCostsAnything() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            result(numbers(cluster.node("n1")).set("x", 1L));
            cluster.node("n1").close();
            assertThat(result(numbers(cluster.node("n2")).update("x", value -> Optional.of(next(value)))))
                    .contains(2L);
            assertThat(result(numbers(cluster.node("n3")).get("x"))).contains(2L);
        }
    }

    /** Rule 7: who comes back with an empty store reads and changes by the votes of the others. */
    @Test
    void rule7_aStrangerTakesPartWithoutVoting() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            result(numbers(cluster.node("n1")).set("x", 1L));
            cluster.node("n3").close();
            PaxosNode stranger = cluster.start("n3");
            assertThat(result(numbers(stranger).get("x"))).contains(1L);
            result(numbers(stranger).set("x", 2L));
            assertThat(result(numbers(cluster.node("n1")).get("x"))).contains(2L);
        }
    }

    @Test
    void whatTheFunctionThrowsFailsTheCallAndLeavesTheRegisterAsItIs() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            Registers<Long> n1 = numbers(cluster.node("n1"));
            result(n1.set("x", 5L));
            IllegalStateException problem = new IllegalStateException("no");
            CompletableFuture<Optional<Long>> call = n1.update("x", value -> {
                throw problem;
            });
            assertThatThrownBy(() -> call.get(30, SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCause(problem);
            assertThat(result(n1.get("x"))).contains(5L);
            assertThat(result(n1.update("x", value -> value))).contains(5L);
        }
    }

    /** A function that hangs holds up its own register at its own node, until its deadline, and nothing else. */
    @Test
    void aFunctionThatHangsHoldsNothingElseUp() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            Registers<Long> n1 = numbers(cluster.node("n1"));
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            CompletableFuture<Optional<Long>> hanging = n1.update(
                    "x",
                    value -> {
                        begun.countDown();
                        try {
                            end.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        return Optional.of(99L);
                    },
                    Duration.ofSeconds(3));
            assertThat(begun.await(30, SECONDS)).isTrue();
            result(n1.set("y", 1L));
            result(numbers(cluster.node("n2")).set("x", 2L));
            assertThatThrownBy(() -> hanging.get(30, SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Outcome.Reason.TIMEOUT));
            end.countDown();
            assertThat(result(n1.get("x"))).contains(2L);
        }
    }

    @Test
    void theFunctionRunsOnNoThreadOfTheNodesOwn() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            Registers<Long> n1 = numbers(cluster.node("n1"));
            AtomicReference<String> thread = new AtomicReference<>("none");
            result(n1.update("x", value -> {
                thread.set(Thread.currentThread().getName());
                // It may even wait for another register.
                return n1.get("y").join();
            }));
            assertThat(thread.get()).contains("callback");
        }
    }

    @Test
    void valuesTooLargeAreRefused() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            Registers<String> n1 = cluster.node("n1").registers(Codec.utf8());
            String large = "x".repeat((1 << 20) + 1);
            for (CompletableFuture<?> call : List.of(
                    n1.set("x", large),
                    n1.compareAndSet("x", large, "y"),
                    n1.update("x", value -> Optional.of(large)))) {
                assertThatThrownBy(() -> call.get(30, SECONDS))
                        .cause()
                        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.reason())
                                .isEqualTo(Outcome.Reason.TOO_LARGE));
            }
        }
    }

    @Test
    void badArgumentsAreNamedAtTheDoor() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            Registers<Long> n1 = numbers(cluster.node("n1"));
            assertThatThrownBy(() -> n1.get("")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> n1.set("a\nb", 1L)).hasMessageContaining("control characters");
            assertThatThrownBy(() -> n1.get("x", Duration.ZERO)).hasMessageContaining("deadline");
        }
    }

    @Test
    void closingAnswersWhatWaits() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            cluster.node("n2").close();
            cluster.node("n3").close();
            CompletableFuture<Void> call = numbers(cluster.node("n1")).set("x", 1L);
            cluster.node("n1").close();
            assertThatThrownBy(() -> call.get(30, SECONDS)).cause().isInstanceOf(PaxosException.class);
        }
    }
}
