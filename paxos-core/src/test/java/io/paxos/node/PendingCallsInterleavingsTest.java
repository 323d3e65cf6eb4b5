// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Rule 20: whatever races, a call is answered once; and when the node is closed, not one is left without an answer. Rule
 * 11: a call that the machine sees is not refused as one that never reached it.
 */
public class PendingCallsInterleavingsTest {

    private final PendingCalls calls = new PendingCalls(Runnable::run, 2);
    private final Queue<AtomicInteger> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger closed = new AtomicInteger();
    private final Queue<Outcome> firstHeard = new ConcurrentLinkedQueue<>();
    private volatile boolean firstSeen;
    private final RequestId first = openOne(firstHeard);

    private RequestId openOne(Queue<Outcome> heard) {
        AtomicInteger count = new AtomicInteger();
        answers.add(count);
        return calls.open(new Call(null, true, (outcome, callbacks) -> {
            heard.add(outcome);
            count.incrementAndGet();
        }));
    }

    @Operation
    public void open() {
        RequestId unused = openOne(new ConcurrentLinkedQueue<>());
    }

    /** Always the same call, so that several threads are after it in every scenario. */
    @Operation
    public void takeAndAnswer() {
        if (calls.take(first)) {
            firstSeen = true;
            calls.answer(first, new Outcome.Undecided());
        }
    }

    @Operation
    public void abandonTaken() {
        calls.abandonTaken(call -> true, "its log stopped");
    }

    @Operation
    public void close() {
        calls.close("closed");
        calls.abandonAll("closed");
        closed.incrementAndGet();
    }

    @Validate
    public void everyCallIsAnsweredOnceAndRightly() {
        if (firstSeen && firstHeard.peek() instanceof Outcome.Refused refused) {
            throw new IllegalStateException("the machine saw a call that was " + refused);
        }
        int answered = 0;
        for (AtomicInteger count : answers) {
            if (count.get() > 1) {
                throw new IllegalStateException("a call was answered " + count + " times");
            }
            answered += count.get();
        }
        if (answered + calls.size() != answers.size() || (closed.get() > 0 && calls.size() > 0)) {
            throw new IllegalStateException(
                    "of " + answers.size() + " calls " + answered + " were answered, " + calls.size() + " wait");
        }
    }

    @Test
    void everyCallIsAnsweredOnceInEveryInterleaving() {
        Interleavings.oneByOne().check(PendingCallsInterleavingsTest.class);
    }

    @Test
    void everyCallIsAnsweredOnceUnderStress() {
        Interleavings.asTheyCome().check(PendingCallsInterleavingsTest.class);
    }
}
