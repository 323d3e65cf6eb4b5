// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bound on how many things may wait and how many bytes they may take. A single thing heavier than the whole room is
 * let in while nothing else waits, so that nothing is refused for ever. Safe for any thread; when threads compete for
 * the last place, both may be refused.
 */
final class Room {

    private final int maxCount;
    private final long maxBytes;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Room(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /** Takes a place if there is one. */
    boolean enter(int weight) {
        int waiting = count.incrementAndGet();
        long held = bytes.addAndGet(weight);
        if (waiting > maxCount || (held > maxBytes && waiting > 1)) {
            leave(weight);
            return false;
        }
        return true;
    }

    /** Gives back a place taken with the same weight. */
    void leave(int weight) {
        bytes.addAndGet(-weight);
        count.decrementAndGet();
    }

    int count() {
        return count.get();
    }

    @Override
    public String toString() {
        return count + " of " + maxCount + " waiting, " + bytes + " of " + maxBytes + " bytes";
    }
}
