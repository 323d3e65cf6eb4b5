// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import io.paxos.node.ReplicatedLog;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * One lock in a {@link LockTable}. Who gets it has it for a time and must renew it; whoever is paused for longer than that
 * loses it without noticing, so what the lock guards must check the token, as {@link Fence} does. Safe for any thread.
 */
public final class DistributedLock {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(3653);

    private final ReplicatedLog<LockTable.Command, Long, LockTable> log;
    private final String name;
    private final Duration holding;

    /**
     * A lock; nothing is asked of anyone yet.
     *
     * @param log the table
     * @param name of the lock
     * @param holding how long it is held without being renewed
     * @throws IllegalArgumentException if that is less than a millisecond or more than ten years, or the name is too long
     */
    public DistributedLock(ReplicatedLog<LockTable.Command, Long, LockTable> log, String name, Duration holding) {
        if (holding.compareTo(SHORTEST) < 0 || holding.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a lock is held for a millisecond to ten years, not for " + holding
                    + "; renew it if it takes longer");
        }
        if (name.length() > LockTable.Command.MAX_NAME) {
            throw new IllegalArgumentException("the name of a lock has at most " + LockTable.Command.MAX_NAME
                    + " characters, but this one has " + name.length() + "; choose a shorter one");
        }
        this.log = log;
        this.name = name;
        this.holding = holding;
    }

    /**
     * Takes the lock if nobody holds it. Locks are not told apart by who asks: whoever holds it already gets nothing.
     *
     * @return the fencing token, or empty if somebody holds it. Where it fails with
     *     {@link io.paxos.node.UnknownOutcomeException} the lock may have been taken, and its token is lost with the answer:
     *     ask {@link ReplicatedLog#resolve}, or wait until it ends by itself
     */
    public CompletableFuture<OptionalLong> tryAcquire() {
        return ask(LockTable.Kind.ACQUIRE, LockTable.NO)
                .thenApply(token -> token == LockTable.NO ? OptionalLong.empty() : OptionalLong.of(token));
    }

    /**
     * Holds the lock for longer.
     *
     * @param token as it was got
     * @return false if it is lost: its time was over
     */
    public CompletableFuture<Boolean> renew(long token) {
        return ask(LockTable.Kind.RENEW, token).thenApply(held -> held == token);
    }

    /**
     * Gives the lock back.
     *
     * @param token as it was got
     * @return false if it had been lost before
     */
    public CompletableFuture<Boolean> release(long token) {
        return ask(LockTable.Kind.RELEASE, token).thenApply(held -> held == token);
    }

    private CompletableFuture<Long> ask(LockTable.Kind kind, long token) {
        return log.submit(new LockTable.Command(kind, name, token, holding.toMillis()));
    }
}
