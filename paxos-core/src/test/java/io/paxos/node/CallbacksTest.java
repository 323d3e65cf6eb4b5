// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class CallbacksTest {

    private final ManualExecutor executor = new ManualExecutor();
    private final Callbacks callbacks = new Callbacks(executor, true);

    @Test
    void futuresCompleteOnTheExecutor() {
        CompletableFuture<String> future = new CompletableFuture<>();
        callbacks.complete(future, () -> "done");
        assertThat(future).isNotDone();
        executor.runAll();
        assertThat(future).isCompletedWithValue("done");
    }

    @Test
    void whatTheSupplierThrowsIsTheResult() {
        CompletableFuture<String> future = new CompletableFuture<>();
        IllegalArgumentException problem = new IllegalArgumentException("no");
        callbacks.complete(future, () -> {
            throw problem;
        });
        executor.runAll();
        assertThatThrownBy(() -> future.get(1, SECONDS)).cause().isSameAs(problem);
    }

    @Test
    void rule20_anExecutorThatRejectsLosesNoFuture() throws Exception {
        executor.shutdown();
        CompletableFuture<String> kept = new CompletableFuture<>();
        callbacks.complete(kept, () -> "done");
        assertThat(kept.get(10, SECONDS)).isEqualTo("done");
        CompletableFuture<String> failed = new CompletableFuture<>();
        callbacks.fail(failed, new RejectedExecutionException("x"));
        assertThatThrownBy(() -> failed.get(10, SECONDS)).hasMessageContaining("x");
        CountDownLatch told = new CountDownLatch(1);
        callbacks.runInOrder(told::countDown);
        assertThat(told.await(10, SECONDS)).isTrue();
    }

    @Test
    void listenersAreToldInOrderAndWhatTheyThrowHarmsNothing() {
        List<Integer> told = new ArrayList<>();
        callbacks.runInOrder(() -> told.add(1));
        callbacks.runInOrder(() -> {
            throw new IllegalStateException("a defect of the listener");
        });
        callbacks.runInOrder(() -> told.add(2));
        executor.runAll();
        callbacks.runInOrder(() -> told.add(3));
        executor.runAll();
        assertThat(told).containsExactly(1, 2, 3);
    }

    @Test
    void listenersAreToldInOrderByAnExecutorOfManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callbacks parallel = new Callbacks(threads, true);
            List<Integer> told = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch all = new CountDownLatch(10_000);
            for (int i = 0; i < 10_000; i++) {
                int number = i;
                parallel.runInOrder(() -> {
                    told.add(number);
                    all.countDown();
                });
            }
            assertThat(all.await(30, SECONDS)).isTrue();
            assertThat(told).isSorted();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aThreadThatHasDoneItsWorkRunsWhatItHasItself() {
        List<Integer> ran = new ArrayList<>();
        new Callbacks(executor, false).runAll(List.of(() -> ran.add(1), () -> ran.add(2)));
        assertThat(ran).containsExactly(1, 2);
    }

    @Test
    void anExecutorThatWasGivenRunsEverything() {
        List<Integer> ran = new ArrayList<>();
        callbacks.runAll(List.of(() -> ran.add(1)));
        assertThat(ran).isEmpty();
        executor.runAll();
        assertThat(ran).containsExactly(1);
    }

    @Test
    void whatWaitsBehindATaskThatWaitsItselfIsRunElsewhere() throws Exception {
        Callbacks own = new Callbacks(executor, false);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch behind = new CountDownLatch(1);
        Thread lent = new Thread(() -> own.runAll(List.of(
                () -> {
                    begun.countDown();
                    awaitUninterrupted(behind);
                },
                behind::countDown)));
        lent.start();
        assertThat(begun.await(10, SECONDS)).isTrue();
        own.relieve();
        executor.runAll();
        assertThat(behind.getCount()).as("it may just have begun").isEqualTo(1);
        own.relieve();
        executor.runAll();
        lent.join(10_000);
        assertThat(lent.isAlive()).isFalse();
    }

    @Test
    void notAllThreadsAreLent() throws Exception {
        Callbacks own = new Callbacks(executor, false);
        CountDownLatch begun = new CountDownLatch(Callbacks.MAX_LENT);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> lent = new ArrayList<>();
        for (int i = 0; i < Callbacks.MAX_LENT; i++) {
            Thread thread = new Thread(() -> own.runAll(List.of(() -> {
                begun.countDown();
                awaitUninterrupted(end);
            })));
            lent.add(thread);
            thread.start();
        }
        assertThat(begun.await(10, SECONDS)).isTrue();
        List<Integer> ran = new ArrayList<>();
        own.runAll(List.of(() -> ran.add(1)));
        assertThat(ran).isEmpty();
        executor.runAll();
        assertThat(ran).containsExactly(1);
        end.countDown();
        for (Thread thread : lent) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
