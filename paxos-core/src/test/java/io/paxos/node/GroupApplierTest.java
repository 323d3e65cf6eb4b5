// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.CommandId;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.replica.ApplyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupApplierTest {

    private static final GroupId GROUP = GroupId.of("g");

    private final ManualExecutor pool = new ManualExecutor();
    private final List<String> happened = new ArrayList<>();
    private final List<Event> reports = new ArrayList<>();
    private final PendingCalls calls = new PendingCalls(Runnable::run);

    private GroupApplier applier(GroupApplier.Slots slots, int maxQueries) {
        return new GroupApplier(
                GROUP, slots, pool, reports::add, reports::add, calls, new Callbacks(Runnable::run, true), maxQueries);
    }

    private GroupApplier recording() {
        return applier(
                (first, values) -> {
                    happened.add(first + "+" + values.size());
                    return List.of();
                },
                2);
    }

    private static Effect.Apply slots(long first, int count) {
        return new Effect.Apply(GROUP, first, Collections.nCopies(count, Value.NO_OP));
    }

    private GroupApplier.Query query(String name) {
        return new GroupApplier.Query() {
            @Override
            public void run() {
                happened.add(name);
            }

            @Override
            public void refuse(Outcome.Refused refusal) {
                happened.add(name + " " + refusal.reason());
            }
        };
    }

    private static Value.Command command(long sequence) {
        return new Value.Command(new CommandId(9, sequence), 1, LogTime.ZERO, Payload.EMPTY);
    }

    /** Executes everything; each command is somebody's here. */
    private GroupApplier answering(Executor threads, Callbacks callbacks) {
        return new GroupApplier(
                GROUP,
                (first, values) -> {
                    List<Completion> completions = new ArrayList<>();
                    for (int i = 0; i < values.size(); i++) {
                        completions.add(
                                new Completion(first + i, values.get(i), Completion.Status.APPLIED, Payload.EMPTY));
                    }
                    return completions;
                },
                threads,
                reports::add,
                reports::add,
                calls,
                callbacks,
                2);
    }

    private RequestId call(Runnable heard) {
        return calls.open(new Call(GROUP, true, (outcome, runner) -> runner.execute(heard)));
    }

    @Test
    void callersHearOfTheirCommandsHoweverLongTakesWhatComesNext() {
        GroupApplier applier = answering(pool, new Callbacks(Runnable::run, true));
        applier.apply(new Effect.Apply(
                GROUP, 1, List.of(command(1), Value.NO_OP), Arrays.asList(call(() -> happened.add("heard")), null)));
        applier.ask(query("q"));
        pool.runAll();
        assertThat(happened).containsExactly("heard", "q");
        assertThat(calls.size()).isZero();
    }

    @Test
    void rule20_whatWaitsBehindACallbackThatWaitsIsEndedWithTheNode() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            GroupApplier applier = answering(threads, new Callbacks(pool, false));
            applier.apply(new Effect.Apply(
                    GROUP,
                    1,
                    List.of(command(1), command(2)),
                    List.of(
                            call(() -> {
                                begun.countDown();
                                try {
                                    assertThat(end.await(10, SECONDS)).isTrue();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            }),
                            call(() -> happened.add("ended")))));
            assertThat(begun.await(10, SECONDS)).isTrue();
            calls.abandonAll("the node is closed");
            assertThat(happened).containsExactly("ended");
            end.countDown();
        } finally {
            threads.shutdown();
            assertThat(threads.awaitTermination(10, SECONDS)).isTrue();
        }
        assertThat(happened).containsExactly("ended");
    }

    @Test
    void aQueryThatThrowsTakesNoAnswerWithIt() {
        GroupApplier applier = answering(pool, new Callbacks(Runnable::run, true));
        applier.ask(new GroupApplier.Query() {
            @Override
            public void run() {
                throw new LinkageError("a defect");
            }

            @Override
            public void refuse(Outcome.Refused refusal) {
                happened.add("refused");
            }
        });
        applier.apply(new Effect.Apply(GROUP, 1, List.of(command(1)), List.of(call(() -> happened.add("heard")))));
        pool.runAll();
        assertThat(happened).containsExactly("heard");
    }

    private static Effect.Apply commandsOfOthers(long first, int count) {
        return new Effect.Apply(GROUP, first, Collections.nCopies(count, command(first)));
    }

    private GroupApplier calm() {
        GroupApplier applier = recording();
        for (int tick = 0; tick < 50; tick++) {
            applier.tick();
        }
        return applier;
    }

    @Test
    void whatNobodyWaitsForIsExecutedTogetherAfterATick() {
        GroupApplier applier = calm();
        applier.apply(commandsOfOthers(1, 2));
        applier.apply(commandsOfOthers(3, 4));
        assertThat(pool.runAll()).as("threads woken").isZero();
        applier.tick();
        assertThat(pool.runAll()).as("threads woken").isEqualTo(1);
        assertThat(happened).containsExactly("1+2", "3+4");
    }

    @Test
    void whoeverAsksFindsEverythingExecutedAndNothingLingersForAWhile() {
        GroupApplier applier = calm();
        applier.apply(commandsOfOthers(1, 2));
        applier.ask(query("q"));
        pool.runAll();
        assertThat(happened).containsExactly("1+2", "q");
        applier.apply(commandsOfOthers(3, 1));
        pool.runAll();
        assertThat(happened).containsExactly("1+2", "q", "3+1");
    }

    @Test
    void whoeverIsAboutToWaitHasEverythingExecuted() {
        GroupApplier applier = calm();
        applier.apply(commandsOfOthers(1, 2));
        applier.hurry();
        applier.apply(commandsOfOthers(3, 1));
        pool.runAll();
        assertThat(happened).containsExactly("1+2", "3+1");
    }

    @Test
    void manySlotsSessionsAndCallersDoNotWaitForATick() {
        GroupApplier applier = calm();
        applier.apply(commandsOfOthers(1, 1023));
        assertThat(pool.runAll()).isZero();
        applier.apply(commandsOfOthers(1024, 1));
        pool.runAll();
        assertThat(happened).contains("1024+1").hasSize(9);
        happened.clear();
        applier.apply(new Effect.Apply(GROUP, 1025, List.of(new Value.OpenSession(NodeId.of("n"), 1, LogTime.ZERO))));
        pool.runAll();
        assertThat(happened).containsExactly("1025+1");
        applier.apply(new Effect.Apply(GROUP, 1026, List.of(command(1)), List.of(call(() -> {}))));
        pool.runAll();
        assertThat(happened).containsExactly("1025+1", "1026+1");
    }

    @Test
    void executesInOrderOffTheCallersThreadAndReports() {
        GroupApplier applier = recording();
        applier.apply(slots(1, 2));
        applier.ask(query("q"));
        applier.apply(slots(3, 1));
        assertThat(happened).isEmpty();
        pool.runAll();
        assertThat(happened).containsExactly("1+2", "q", "3+1");
        assertThat(reports)
                .containsExactly(
                        new Event.Applied(GROUP, 2, List.of(), true), new Event.Applied(GROUP, 3, List.of(), true));
    }

    @Test
    void whatAReadWaitsForIsReportedAtOnceAndTheRestWhenThereIsTime() {
        List<Event> left = new ArrayList<>();
        GroupApplier applier = new GroupApplier(
                GROUP,
                (first, values) -> List.of(),
                pool,
                reports::add,
                left::add,
                calls,
                new Callbacks(Runnable::run, true),
                2);
        applier.apply(slots(1, 1));
        applier.apply(new Effect.Apply(GROUP, 2, List.of(Value.NO_OP), List.of(), true));
        pool.runAll();
        assertThat(left).containsExactly(new Event.Applied(GROUP, 1, List.of(), true));
        assertThat(reports).containsExactly(new Event.Applied(GROUP, 2, List.of(), true));
    }

    @Test
    void whatAReadWaitsForDoesNotWaitForATick() {
        GroupApplier applier = calm();
        applier.apply(commandsOfOthers(1, 2));
        assertThat(pool.runAll()).isZero();
        applier.apply(new Effect.Apply(GROUP, 3, List.of(command(1)), List.of(), true));
        pool.runAll();
        assertThat(happened).containsExactly("1+2", "3+1");
    }

    @Test
    void manySlotsAreReportedPieceByPiece() {
        GroupApplier applier = recording();
        applier.apply(slots(1, 300));
        pool.runAll();
        assertThat(happened).containsExactly("1+128", "129+128", "257+44");
        assertThat(reports).hasSize(3).last().isEqualTo(new Event.Applied(GROUP, 300, List.of(), true));
    }

    @Test
    void rule12_whatApplyThrowsStopsTheGroupButNotItsQueries() {
        IllegalStateException thrown = new IllegalStateException("boom");
        GroupApplier applier = applier(
                (first, values) -> {
                    throw new ApplyException(first, new CommandId(3, 4), thrown);
                },
                2);
        applier.apply(slots(7, 1));
        applier.apply(slots(8, 1));
        pool.runAll();
        applier.apply(slots(9, 1));
        applier.ask(query("q"));
        pool.runAll();
        assertThat(reports).containsExactly(new Event.ApplyFailed(GROUP, 7, new CommandId(3, 4), thrown.toString()));
        assertThat(applier.problem()).isSameAs(thrown);
        assertThat(happened).containsExactly("q");
    }

    @Test
    void rule12_anErrorStopsTheGroupToo() {
        GroupApplier applier = applier(
                (first, values) -> {
                    throw new StackOverflowError("deep");
                },
                2);
        applier.apply(slots(1, 1));
        pool.runAll();
        assertThat(reports)
                .containsExactly(new Event.ApplyFailed(GROUP, 1, null, "java.lang.StackOverflowError: deep"));
    }

    @Test
    void rule18_queriesThatWaitAreBounded() {
        GroupApplier applier = recording();
        applier.ask(query("1"));
        applier.ask(query("2"));
        applier.ask(query("3"));
        assertThat(happened).containsExactly("3 OVERLOADED");
        pool.runAll();
        applier.ask(query("4"));
        pool.runAll();
        assertThat(happened).containsExactly("3 OVERLOADED", "1", "2", "4");
    }

    @Test
    void rule20_theEndRefusesWhatWaitsAndWhatComes() {
        GroupApplier applier = recording();
        applier.apply(slots(1, 1));
        applier.ask(query("1"));
        applier.stop("closed");
        applier.ask(query("2"));
        applier.apply(slots(2, 1));
        pool.runAll();
        assertThat(happened).containsExactly("1 STOPPED", "2 STOPPED");
        assertThat(reports).isEmpty();
    }

    @Test
    void rule20_aPoolThatIsGoneRefusesQueries() {
        GroupApplier applier = recording();
        pool.shutdown();
        applier.ask(query("1"));
        applier.ask(query("2"));
        assertThat(happened).containsExactly("1 STOPPED", "2 STOPPED");
    }

    @Test
    void aGroupAsksForOneTurnAtATime() {
        GroupApplier[] self = new GroupApplier[1];
        self[0] = applier(
                (first, values) -> {
                    if (first == 1) {
                        self[0].apply(slots(3, 1));
                    }
                    happened.add(first + ": " + pool.waiting());
                    return List.of();
                },
                2);
        self[0].apply(slots(1, 1));
        self[0].apply(slots(2, 1));
        assertThat(pool.waiting()).isOne();
        pool.runAll();
        assertThat(happened).containsExactly("1: 0", "2: 0", "3: 0");
    }

    @Test
    void oneGroupHasOneTurnAtATimeHoweverManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger overlaps = new AtomicInteger();
            List<Long> order = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch done = new CountDownLatch(2000);
            GroupApplier applier = new GroupApplier(
                    GROUP,
                    (first, values) -> {
                        overlaps.addAndGet(inside.getAndIncrement());
                        order.add(first);
                        inside.decrementAndGet();
                        return List.<Completion>of();
                    },
                    threads,
                    report -> done.countDown(),
                    report -> done.countDown(),
                    calls,
                    new Callbacks(Runnable::run, true),
                    1);
            for (long slot = 1; slot <= 2000; slot++) {
                applier.apply(slots(slot, 1));
            }
            assertThat(done.await(30, SECONDS)).isTrue();
            assertThat(overlaps).hasValue(0);
            assertThat(order).isSorted().hasSize(2000);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anEndIsToldWhenNothingIsExecutedAnyMore() {
        GroupApplier applier = answering(pool, new Callbacks(Runnable::run, true));
        applier.apply(new Effect.Apply(GROUP, 1, List.of(command(1)), List.of()));
        applier.ask(query("q"));
        applier.end("closed", () -> happened.add("quiet"));
        assertThat(happened)
                .as("a thread has been asked for, and may be anywhere")
                .containsExactly("q STOPPED");
        pool.runAll();
        assertThat(happened).containsExactly("q STOPPED", "quiet");
        assertThat(reports).isEmpty();
        applier.apply(new Effect.Apply(GROUP, 2, List.of(command(2)), List.of()));
        applier.ask(query("late"));
        pool.runAll();
        assertThat(happened).containsExactly("q STOPPED", "quiet", "late STOPPED");
        assertThat(reports).isEmpty();
    }

    @Test
    void whatHasNothingToExecuteIsQuietAtOnce() {
        GroupApplier applier = answering(pool, new Callbacks(Runnable::run, true));
        applier.end("closed", () -> happened.add("quiet"));
        assertThat(happened).containsExactly("quiet");
    }
}
