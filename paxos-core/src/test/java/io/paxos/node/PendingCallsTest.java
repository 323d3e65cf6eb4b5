// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rule 20: every call is answered, and rule 11's word for it is the right one; exactly once, whatever races. */
class PendingCallsTest {

    private static final Outcome.Chosen CHOSEN = new Outcome.Chosen(Payload.utf8("v"));

    private final PendingCalls calls = new PendingCalls(Runnable::run);
    private final List<Outcome> answers = new ArrayList<>();

    private Call call(GroupId group, boolean effectful) {
        return new Call(group, effectful, (outcome, callbacks) -> answers.add(outcome));
    }

    @Test
    void aCallIsAnsweredOnce() {
        RequestId id = calls.open(call(null, true));
        assertThat(calls.isWaiting(id)).isTrue();
        calls.answer(id, CHOSEN);
        calls.answer(id, new Outcome.Undecided());
        calls.abandonAll("over");
        assertThat(answers).containsExactly(CHOSEN);
        assertThat(calls.isWaiting(id)).isFalse();
        assertThat(calls.size()).isZero();
    }

    @Test
    void everyCallHasANumberOfItsOwn() {
        assertThat(calls.open(call(null, true))).isNotEqualTo(calls.open(call(null, true)));
    }

    @Test
    void rule11_onlyWhatMayHaveHadItsEffectEndsAsUnknown() {
        RequestId command = calls.open(call(null, true));
        RequestId question = calls.open(call(null, false));
        calls.take(command);
        calls.take(question);
        calls.abandonAll("over");
        calls.open(call(null, true));
        calls.abandonAll("never left");
        assertThat(answers)
                .containsExactlyInAnyOrder(
                        new Outcome.Unknown("over"),
                        new Outcome.Refused(Outcome.Reason.STOPPED, "over"),
                        new Outcome.Refused(Outcome.Reason.STOPPED, "never left"));
    }

    @Test
    void onlyTheCallsMeantAreAbandoned() {
        GroupId one = GroupId.of("one");
        calls.take(calls.open(call(one, true)));
        calls.take(calls.open(call(GroupId.of("two"), true)));
        calls.take(calls.open(call(null, true)));
        calls.open(call(one, true));
        calls.abandonTaken(c -> one.equals(c.group()), "one has halted");
        assertThat(answers).containsExactly(new Outcome.Unknown("one has halted"));
        assertThat(calls.size()).isEqualTo(3);
    }

    @Test
    void afterTheEndACallIsRefusedAtOnce() {
        calls.close("closed");
        RequestId id = calls.open(call(null, true));
        assertThat(calls.isWaiting(id)).isFalse();
        assertThat(answers).containsExactly(new Outcome.Refused(Outcome.Reason.STOPPED, "closed"));
    }

    @Test
    void rule20_callsThatRaceWithTheEndAreAnsweredExactlyOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 200; round++) {
                PendingCalls racing = new PendingCalls(Runnable::run, 16);
                AtomicInteger answered = new AtomicInteger();
                CyclicBarrier start = new CyclicBarrier(3);
                Runnable opener = () -> {
                    await(start);
                    for (int i = 0; i < 50; i++) {
                        racing.open(new Call(null, true, (outcome, callbacks) -> answered.incrementAndGet()));
                    }
                };
                CompletableFuture<Void> first = CompletableFuture.runAsync(opener, threads);
                CompletableFuture<Void> second = CompletableFuture.runAsync(opener, threads);
                await(start);
                racing.close("closed");
                racing.abandonAll("closed");
                CompletableFuture.allOf(first, second).get(10, SECONDS);
                assertThat(answered).hasValue(100);
                assertThat(racing.size()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
