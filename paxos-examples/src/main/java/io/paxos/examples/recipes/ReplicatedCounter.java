// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import io.paxos.node.Consistency;
import io.paxos.node.PaxosNode;
import io.paxos.node.Reading;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A number that every node can add to, 0 at first. Safe for any thread.
 *
 * <p>To add once more is not the same as to add once: where {@link #add} fails with
 * {@link io.paxos.node.UnknownOutcomeException}, it may have been done, and asking again may do it twice. Who must know asks
 * {@link ReplicatedLog#resolve}.
 */
public final class ReplicatedCounter {

    private final ReplicatedLog<Long, Optional<Long>, CounterState> log;

    private ReplicatedCounter(ReplicatedLog<Long, Optional<Long>, CounterState> log) {
        this.log = log;
    }

    /**
     * This node's replica of a counter: to be called once on every node that is to hold it.
     *
     * @param node the node
     * @param name of the counter, and of the log behind it
     * @return the counter
     * @throws IllegalArgumentException if the name is not one for a log
     * @throws IllegalStateException if the node has a log of that name already
     */
    public static ReplicatedCounter on(PaxosNode node, String name) {
        return new ReplicatedCounter(
                node.replicate(name, new CounterState(), Codec.int64(), Codec.optional(Codec.int64())));
    }

    /**
     * Adds to the counter.
     *
     * @param summand what to add; less than 0 to take away
     * @return the sum with it. Fails with {@link ArithmeticException} if that is more than a long holds; then nothing has
     *     been added
     */
    public CompletableFuture<Long> add(long summand) {
        return log.submit(summand)
                .thenApply(sum -> sum.orElseThrow(() -> new ArithmeticException(
                        "the counter cannot hold " + summand + " more; add less, or count on in another one")));
    }

    /**
     * The sum, with everything in it that was acknowledged to anyone before the call.
     *
     * @return the sum
     */
    public CompletableFuture<Long> get() {
        return get(Consistency.linearizable()).thenApply(Reading::value);
    }

    /**
     * The sum, as current as asked for: {@code Consistency.local()} asks no other node.
     *
     * @param how what is guaranteed
     * @return the sum, and up to which slot it is that
     */
    public CompletableFuture<Reading<Long>> get(Consistency how) {
        return log.read(how, CounterState::sum);
    }

    /**
     * The log behind it, as for {@link ReplicatedLog#resolve}.
     *
     * @return the log
     */
    public ReplicatedLog<Long, Optional<Long>, CounterState> log() {
        return log;
    }
}
