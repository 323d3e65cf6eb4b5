// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import io.paxos.testkit.history.Operation.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Records a history while it happens. A caller says {@link #invoke} before it calls and one of the endings after it was
 * answered; so what is recorded lasts at least as long as what happened, and a correct object is never found guilty. Safe
 * for any thread.
 *
 * <p>A call of which no ending is recorded, because its caller died or still waits, is unknown: it may have had its effect,
 * or may have it at any time, for ever. Only who knows for certain that a call had no effect and never will says
 * {@link Invocation#refused}.
 *
 * @param <I> what is asked
 * @param <O> what is answered
 */
public final class HistoryRecorder<I, O> {

    private final LongSupplier clock;
    private final List<Invocation> invocations = new ArrayList<>();
    private long order;

    /** A recorder whose clock starts now. */
    public HistoryRecorder() {
        this(sinceNow());
    }

    /**
     * A recorder with a clock of its own.
     *
     * @param nanos gives the time in nanoseconds, which is only shown to people
     */
    public HistoryRecorder(LongSupplier nanos) {
        this.clock = nanos;
    }

    private static LongSupplier sinceNow() {
        long start = System.nanoTime();
        return () -> System.nanoTime() - start;
    }

    /**
     * A call is about to be made.
     *
     * @param client who calls; one of them may also have several calls at a time
     * @param input what it asks
     * @return takes the ending
     */
    public Invocation invoke(String client, I input) {
        synchronized (invocations) {
            Invocation invocation = new Invocation(client, input, now());
            invocations.add(invocation);
            return invocation;
        }
    }

    /** Must be called under the lock. */
    private Moment now() {
        return new Moment(order++, clock.getAsLong());
    }

    /**
     * All that is recorded so far. What has not ended yet is unknown.
     *
     * @return an immutable history
     */
    public History<I, O> history() {
        synchronized (invocations) {
            return new History<>(invocations.stream().map(Invocation::operation).toList());
        }
    }

    /** One call, whose ending can be told once. Safe for any thread. */
    public final class Invocation {

        private final String client;
        private final I input;
        private final Moment invoked;
        private Ending ending = Ending.UNKNOWN;
        private @Nullable Moment ended;
        private @Nullable O output;

        private Invocation(String client, I input, Moment invoked) {
            this.client = client;
            this.input = input;
            this.invoked = invoked;
        }

        /**
         * It was answered.
         *
         * @param answer the answer
         * @throws IllegalStateException if it has ended
         */
        public void returned(O answer) {
            end(Ending.RETURNED, answer);
        }

        /**
         * The caller does not know what became of it.
         *
         * @throws IllegalStateException if it has ended
         */
        public void unknown() {
            end(Ending.UNKNOWN, null);
        }

        /**
         * It provably has no effect, neither yet nor later.
         *
         * @throws IllegalStateException if it has ended
         */
        public void refused() {
            end(Ending.REFUSED, null);
        }

        private void end(Ending how, @Nullable O answer) {
            synchronized (invocations) {
                if (ended != null) {
                    throw new IllegalStateException(
                            operation() + " has ended already, so it cannot end as " + how + "; record each call once");
                }
                ending = how;
                output = answer;
                ended = now();
            }
        }

        private Operation<I, O> operation() {
            return new Operation<>(client, input, invoked, ending, ended, output);
        }
    }
}
