// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is handed over comes out once, in order; and callers who come back together are served together. */
class WriteQueueTest {

    private static final GroupId GROUP = GroupId.of("g");
    private static final long FOR_EVER = TimeUnit.MINUTES.toNanos(2);

    private final WriteQueue queue = new WriteQueue();
    private long slot = 1;

    private WriteQueue.Batch votes(int count) {
        Write write = new Write.AcceptWrite(GROUP, Ballot.ZERO, slot, Collections.nCopies(count, Value.NO_OP));
        slot += count;
        return new WriteQueue.Batch(List.of(write), List.of(), 100);
    }

    private static WriteQueue.Batch mark() {
        return new WriteQueue.Batch(List.of(new Write.DecidedWrite(GROUP, 1)), List.of(), 10);
    }

    /** Takes on a thread of its own, which lingers when this returns. */
    private CompletableFuture<WriteQueue.@Nullable Batch> takeElsewhere() {
        CompletableFuture<WriteQueue.@Nullable Batch> taken = new CompletableFuture<>();
        Thread thread = new Thread(() -> taken.complete(queue.take(FOR_EVER)), "writer");
        thread.setDaemon(true);
        thread.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime()).as("it does not linger").isLessThan(end);
            Thread.onSpinWait();
        }
        return taken;
    }

    private static WriteQueue.@Nullable Batch get(CompletableFuture<WriteQueue.@Nullable Batch> future)
            throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    @Test
    void theWriterIsWokenOnceAndThenTakesAllThatWaits() {
        assertThat(queue.add(votes(1))).isTrue();
        assertThat(queue.add(votes(2))).isFalse();
        assertThat(queue.bytes()).isEqualTo(200);
        WriteQueue.Batch batch = queue.take(0);
        assertThat(batch).isNotNull();
        assertThat(batch.writes())
                .extracting(write -> ((Write.AcceptWrite) write).first())
                .containsExactly(1L, 2L);
        assertThat(batch.parts()).isEqualTo(2);
        assertThat(batch.votes()).isEqualTo(3);
        assertThat(queue.bytes()).isZero();
        assertThat(queue.add(votes(1))).as("it does not rest yet").isFalse();
        assertThat(queue.take(0)).isNotNull();
        assertThat(queue.take(0)).isNull();
        assertThat(queue.add(votes(1))).as("it rests").isTrue();
    }

    @Test
    void afterTheEndNothingIsTaken() {
        queue.add(votes(1));
        queue.abandon();
        assertThat(queue.add(votes(1))).isFalse();
        assertThat(queue.take(FOR_EVER)).isNull();
    }

    @Test
    void aLonelyCallerIsNotKeptWaiting() {
        for (int i = 0; i < 3; i++) {
            queue.add(votes(1));
            assertThat(queue.take(FOR_EVER)).isNotNull();
            assertThat(queue.take(FOR_EVER)).isNull();
        }
    }

    @Test
    void whatWasJustWrittenIsWaitedForBesideWhatWaits() throws Exception {
        queue.add(votes(2));
        assertThat(queue.take(0)).isNotNull();
        queue.add(votes(3));
        CompletableFuture<WriteQueue.@Nullable Batch> taking = takeElsewhere();
        queue.add(votes(1));
        assertThat(taking).isNotDone();
        queue.add(votes(1));
        WriteQueue.Batch batch = get(taking);
        assertThat(batch).isNotNull();
        assertThat(batch.votes()).isEqualTo(5);
    }

    @Test
    void whoeverComesBackAfterARestIsWaitedForToo() throws Exception {
        queue.add(votes(2));
        assertThat(queue.take(0)).isNotNull();
        assertThat(queue.take(0)).as("all have gone to be answered").isNull();
        queue.add(votes(1));
        CompletableFuture<WriteQueue.@Nullable Batch> taking = takeElsewhere();
        queue.add(votes(1));
        WriteQueue.Batch batch = get(taking);
        assertThat(batch).isNotNull();
        assertThat(batch.votes()).isEqualTo(2);
    }

    @Test
    void theWaitingHasAnEnd() {
        queue.add(votes(5));
        assertThat(queue.take(0)).isNotNull();
        queue.add(votes(1));
        WriteQueue.Batch batch = queue.take(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(batch).isNotNull();
        assertThat(batch.votes()).isOne();
        assertThat(queue.take(0)).isNull();
        queue.add(votes(1));
        assertThat(queue.take(FOR_EVER))
                .as("what did not come is expected no more")
                .isNotNull();
    }

    @Test
    void theEndOfTheNodeEndsTheWaiting() throws Exception {
        queue.add(votes(5));
        assertThat(queue.take(0)).isNotNull();
        queue.add(votes(1));
        CompletableFuture<WriteQueue.@Nullable Batch> taking = takeElsewhere();
        queue.abandon();
        assertThat(get(taking)).isNull();
    }

    @Test
    void onlyVotesCount() {
        Write decree = new Write.DecreeWrite(new DecreeName("d"), Ballot.ZERO, null);
        queue.add(new WriteQueue.Batch(List.of(decree), List.of(), 10));
        queue.add(mark());
        WriteQueue.Batch batch = queue.take(0);
        assertThat(batch).isNotNull();
        assertThat(batch.votes()).isOne();
        assertThat(queue.take(0)).isNull();
        queue.add(mark());
        queue.add(new WriteQueue.Batch(List.of(decree), List.of(), 10));
        assertThat(queue.take(FOR_EVER)).isNotNull();
    }
}
