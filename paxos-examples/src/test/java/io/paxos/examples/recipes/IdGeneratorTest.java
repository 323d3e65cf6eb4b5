// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import static io.paxos.examples.recipes.ThreeNodes.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IdGeneratorTest {

    @Test
    void idsRiseOnEachNodeAndNoneIsHandedOutTwice() throws Exception {
        try (var generators = new ThreeNodes<>(node -> new IdGenerator(ReplicatedCounter.on(node, "ids"), 7))) {
            List<List<CompletableFuture<Long>>> asked =
                    List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 300; i++) {
                asked.get(i % 3).add(generators.on(i % 3).next());
            }
            List<Long> all = new ArrayList<>();
            for (List<CompletableFuture<Long>> ofOneNode : asked) {
                List<Long> ids = new ArrayList<>();
                for (CompletableFuture<Long> id : ofOneNode) {
                    ids.add(got(id));
                }
                assertThat(ids).isSorted().doesNotHaveDuplicates();
                all.addAll(ids);
            }
            assertThat(all).doesNotHaveDuplicates().hasSize(300).allMatch(id -> id > 0);
        }
    }

    /** Seven IDs are one command, and what is left of a block is handed out without asking anybody. */
    @Test
    void aBlockIsReservedByOneCommand() throws Exception {
        try (var counters = new ThreeNodes<>(node -> ReplicatedCounter.on(node, "ids"))) {
            IdGenerator generator = new IdGenerator(counters.on(0), 7);
            assertThat(got(generator.next())).isEqualTo(1);
            for (long expected = 2; expected <= 7; expected++) {
                assertThat(generator.next()).isCompletedWithValue(expected);
            }
            assertThat(got(counters.on(1).get())).isEqualTo(7);
            assertThat(got(new IdGenerator(counters.on(0), 3).next()))
                    .as("another one beside it")
                    .isEqualTo(8);
            assertThat(got(generator.next())).isEqualTo(11);
        }
    }

    @Test
    void theRestOfABlockIsLostWithItsNodeAndNeverHandedOut() throws Exception {
        try (var counters = new ThreeNodes<>(node -> ReplicatedCounter.on(node, "ids"))) {
            IdGenerator first = new IdGenerator(counters.on(0), 10);
            assertThat(got(first.next())).isEqualTo(1);
            counters.node(0).close();
            assertThat(got(new IdGenerator(counters.on(1), 10).next())).isEqualTo(11);
        }
    }

    /** Reservations that are answered when the test says so. */
    private final Deque<CompletableFuture<Long>> reservations = new ArrayDeque<>();

    private final IdGenerator onHold = new IdGenerator(
            size -> {
                CompletableFuture<Long> reservation = new CompletableFuture<>();
                reservations.add(reservation);
                return reservation;
            },
            2);

    /** The answer is lost, the block with it; the next call reserves another one. */
    @Test
    void whoWaitsHearsOfAFailureAndTheNextCallReservesAnew() {
        CompletableFuture<Long> first = onHold.next();
        CompletableFuture<Long> second = onHold.next();
        assertThat(reservations).as("one reservation for both").hasSize(1);
        reservations.remove().completeExceptionally(new IllegalStateException("lost"));
        assertThat(List.of(first, second)).allSatisfy(each -> assertThatThrownBy(() -> got(each))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lost"));
        CompletableFuture<Long> third = onHold.next();
        reservations.remove().complete(4L);
        assertThat(third).isCompletedWithValue(3L);
        assertThat(reservations).isEmpty();
    }

    @Test
    void moreThanABlockWaitInTheOrderOfTheirCallsAndBlocksMayBeFarApart() {
        List<CompletableFuture<Long>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(onHold.next());
        }
        for (long end : new long[] {2, 10, 12}) {
            reservations.remove().complete(end);
        }
        assertThat(waiting.stream().map(CompletableFuture::join)).containsExactly(1L, 2L, 9L, 10L, 11L);
        assertThat(onHold.next()).isCompletedWithValue(12L);
        assertThat(reservations).isEmpty();
    }

    @Test
    void tooManyAreTurnedAway() {
        CompletableFuture<Long> first = onHold.next();
        for (int i = 1; i < IdGenerator.MAX_WAITING; i++) {
            assertThat(onHold.next()).isNotDone();
        }
        assertThatThrownBy(() -> got(onHold.next())).hasCauseInstanceOf(RejectedExecutionException.class);
        reservations.remove().complete(2L);
        assertThat(first).isCompletedWithValue(1L);
        assertThat(onHold.next()).as("there is room again").isNotDone();
    }

    @Test
    void aBlockOfNothingIsRefused() {
        try (var counters = new ThreeNodes<>(node -> ReplicatedCounter.on(node, "ids"))) {
            assertThatThrownBy(() -> new IdGenerator(counters.on(0), 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not 0");
        }
    }
}
