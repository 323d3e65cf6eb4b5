// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Repeats what is to be measured until the compiler has little left to do: on a machine with few processors it takes
 * them from what it compiles, and a caller who waits for each answer does not run often enough to have it done soon.
 */
final class WarmUp {

    /** The compiler may take this part of the time of one processor. */
    private static final double QUIET = 0.05;

    /** One turn of everything. */
    interface Turn {
        void run() throws InterruptedException;
    }

    private WarmUp() {}

    /** Returns when the compiler is quiet, or with the first turn that ends after the longest time. */
    static void run(Turn turn, Duration longest) throws InterruptedException {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        long begun = System.nanoTime();
        double part = 1;
        while (part > QUIET && System.nanoTime() - begun < longest.toNanos()) {
            long before = System.nanoTime();
            long compiledBefore = compiler.getTotalCompilationTime();
            turn.run();
            double millis = (System.nanoTime() - before) / 1e6;
            part = (compiler.getTotalCompilationTime() - compiledBefore) / millis;
        }
        System.out.printf(
                "Warmed up for %.0f s, in the last turn of which the compiler took %.0f %% of a processor%n",
                (System.nanoTime() - begun) / 1e9, 100 * part);
    }
}
