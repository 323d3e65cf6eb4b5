// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongFunction;

/**
 * Hands out numbers that no node hands out twice. A block of them is reserved through a {@link ReplicatedCounter}, and handed
 * out from memory: one command for many IDs. On one node they rise in the order of the calls; those of two nodes do not tell
 * which was asked for first. Safe for any thread.
 *
 * <p>Some numbers are handed out to nobody: the rest of a block when its node stops, and a whole block when the answer to its
 * reservation is lost. They are never handed out later, so a number says nothing of how many there are.
 */
public final class IdGenerator {

    /** How many may wait for a block; more are turned away. */
    static final int MAX_WAITING = 10_000;

    private record Handed(CompletableFuture<Long> to, long id) {}

    private final LongFunction<CompletableFuture<Long>> counter;
    private final int blockSize;
    private final Deque<CompletableFuture<Long>> waiting = new ArrayDeque<>();
    private long next = 1;
    private long last;
    private boolean reserving;

    /**
     * A generator that has reserved nothing yet. Any number of them may share a counter, on one node too.
     *
     * @param counter up to where numbers are reserved; nobody else must add to it
     * @param blockSize how many to reserve at a time: the more, the fewer commands, and the more are lost when a node stops
     * @throws IllegalArgumentException if that is less than one
     */
    public IdGenerator(ReplicatedCounter counter, int blockSize) {
        this(counter::add, blockSize);
    }

    /** On whatever adds a number to what was added before, and answers with the sum. */
    IdGenerator(LongFunction<CompletableFuture<Long>> counter, int blockSize) {
        if (blockSize < 1) {
            throw new IllegalArgumentException("a block holds at least one ID, not " + blockSize);
        }
        this.counter = counter;
        this.blockSize = blockSize;
    }

    /**
     * The next ID, at once while the block lasts.
     *
     * @return a number from 1 on. Fails as {@link ReplicatedCounter#add} does if no block could be reserved; calling again
     *     reserves another one. Fails with {@link RejectedExecutionException} if {@value #MAX_WAITING} wait already
     */
    public CompletableFuture<Long> next() {
        CompletableFuture<Long> id = new CompletableFuture<>();
        synchronized (this) {
            if (next <= last) {
                return CompletableFuture.completedFuture(next++);
            }
            if (waiting.size() == MAX_WAITING) {
                return CompletableFuture.failedFuture(new RejectedExecutionException(
                        MAX_WAITING + " wait for IDs; ask for fewer at a time, or reserve larger blocks"));
            }
            waiting.add(id);
            if (reserving) {
                return id;
            }
            reserving = true;
        }
        reserve();
        return id;
    }

    private void reserve() {
        var unused = counter.apply(blockSize).whenComplete((end, problem) -> {
            if (end == null) {
                fail(problem);
            } else {
                handOut(end);
            }
        });
    }

    /** Gives a block to those who wait, first come first served, and reserves another one if some are left over. */
    private void handOut(long end) {
        List<Handed> handed = new ArrayList<>();
        boolean more;
        synchronized (this) {
            next = end - blockSize + 1;
            last = end;
            while (next <= last && !waiting.isEmpty()) {
                handed.add(new Handed(waiting.remove(), next++));
            }
            more = !waiting.isEmpty();
            reserving = more;
        }
        // Outside of the lock, for what callers do with their IDs takes as long as it takes.
        if (more) {
            reserve();
        }
        handed.forEach(each -> each.to().complete(each.id()));
    }

    private void fail(Throwable problem) {
        List<CompletableFuture<Long>> failed;
        synchronized (this) {
            failed = new ArrayList<>(waiting);
            waiting.clear();
            reserving = false;
        }
        failed.forEach(each -> each.completeExceptionally(problem));
    }
}
