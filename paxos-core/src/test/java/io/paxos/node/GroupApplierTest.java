package io.paxos.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.CommandId;
import io.paxos.model.GroupId;
import io.paxos.model.Value;
import io.paxos.replica.ApplyException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupApplierTest {

    private static final GroupId GROUP = GroupId.of("g");

    private final ManualExecutor pool = new ManualExecutor();
    private final List<String> happened = new ArrayList<>();
    private final List<Event> reports = new ArrayList<>();

    private GroupApplier applier(GroupApplier.Slots slots, int maxQueries) {
        return new GroupApplier(GROUP, slots, pool, reports::add, maxQueries);
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
                .containsExactly(new Event.Applied(GROUP, 2, List.of()), new Event.Applied(GROUP, 3, List.of()));
    }

    @Test
    void manySlotsAreReportedPieceByPiece() {
        GroupApplier applier = recording();
        applier.apply(slots(1, 300));
        pool.runAll();
        assertThat(happened).containsExactly("1+128", "129+128", "257+44");
        assertThat(reports).hasSize(3).last().isEqualTo(new Event.Applied(GROUP, 300, List.of()));
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
}
