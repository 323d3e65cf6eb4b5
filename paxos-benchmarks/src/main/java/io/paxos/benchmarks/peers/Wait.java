// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks again and again, for libraries that do not say when they have a leader. */
final class Wait {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 5_000_000;

    private Wait() {}

    /**
     * Returns the first answer that is not null.
     *
     * @throws IllegalStateException if there is none for a minute
     */
    static <T> T until(String what, Supplier<@Nullable T> answer) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < LONGEST.toNanos()) {
            T found = answer.get();
            if (found != null) {
                return found;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IllegalStateException("waited " + LONGEST + " in vain for " + what);
    }
}
