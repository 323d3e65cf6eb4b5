// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** What belongs to callers, handed from thread to thread: none of it is lost on the way, and none is run twice. */
class CallbacksInterleavingsTest {

    private static void run(Queue<Runnable> tasks) {
        Runnable next = tasks.poll();
        if (next != null) {
            next.run();
        }
    }

    private static void runAll(Queue<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            run(tasks);
        }
    }

    /** Lent threads run each other's callbacks, and whoever relieves them joins in: each runs once all the same. */
    public static class Lending {

        private final Queue<Runnable> elsewhere = new ConcurrentLinkedQueue<>();
        private final Queue<AtomicInteger> runs = new ConcurrentLinkedQueue<>();
        private final Callbacks callbacks = new Callbacks(elsewhere::add, false);

        /** A thread that has executed commands has two callers to tell. */
        @Operation
        public void lend() {
            List<Runnable> tasks = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                AtomicInteger count = new AtomicInteger();
                runs.add(count);
                tasks.add(count::incrementAndGet);
            }
            callbacks.runAll(tasks);
        }

        /** The loop looks, twice, whether callbacks wait behind one that waits itself; another thread joins in then. */
        @Operation(nonParallelGroup = "the loop")
        public void relieve() {
            callbacks.relieve();
            callbacks.relieve();
            run(elsewhere);
        }

        @Validate
        public void eachHasRunOnce() {
            runAll(elsewhere);
            for (AtomicInteger count : runs) {
                if (count.get() != 1) {
                    throw new IllegalStateException("a callback ran " + count + " times");
                }
            }
        }
    }

    /** Listeners hear one thing at a time, in the order in which the loop tells it, and nothing is forgotten. */
    public static class Telling {

        private final Queue<Runnable> elsewhere = new ConcurrentLinkedQueue<>();
        private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
        private final AtomicInteger inside = new AtomicInteger();
        private final Callbacks callbacks = new Callbacks(elsewhere::add, false);
        private int told;
        private volatile int heard;

        @Operation(nonParallelGroup = "the loop")
        public void tell() {
            int number = ++told;
            callbacks.runInOrder(() -> hear(number));
        }

        private void hear(int number) {
            if (inside.incrementAndGet() != 1) {
                wrong.add("two at once");
            }
            if (number != heard + 1) {
                wrong.add("heard " + number + " after " + heard);
            }
            heard = number;
            inside.decrementAndGet();
        }

        /** A thread of the pool for callbacks. */
        @Operation
        public void run() {
            CallbacksInterleavingsTest.run(elsewhere);
        }

        @Validate
        public void allWasHeard() {
            runAll(elsewhere);
            if (heard != told) {
                wrong.add("heard " + heard + " of " + told);
            }
            if (!wrong.isEmpty()) {
                throw new IllegalStateException(wrong.toString());
            }
        }
    }

    @Test
    void eachRunsOnceInEveryInterleaving() {
        Interleavings.oneByOne().check(Lending.class);
    }

    @Test
    void eachRunsOnceUnderStress() {
        Interleavings.asTheyCome().check(Lending.class);
    }

    @Test
    void allIsHeardInOrderInEveryInterleaving() {
        Interleavings.oneByOne().check(Telling.class);
    }

    @Test
    void allIsHeardInOrderUnderStress() {
        Interleavings.asTheyCome().check(Telling.class);
    }
}
