// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Keeps a thread that has run out of work awake for a moment. Where one command follows another, the next message comes
 * within a fraction of a millisecond, and to be put to sleep and woken takes a good part of that. Between two looks the
 * processor is offered to whoever can use it.
 *
 * <p>To stay awake in vain is paid for: out of what successes earn, and out of a small part of all time. So a thread to
 * which work comes rarely soon goes to sleep at once again. Confined to that thread.
 */
final class Vigil implements SelectStrategy {

    /** This part of the time may be spent in vain in any case, so that it is noticed when work comes more often. */
    private static final int PART_OF_ALL_TIME = 100;

    /** So many vigils that were not in vain pay for one that was. */
    private static final int SUCCESSES_FOR_ONE = 2;

    /** So many in vain may be paid for in advance. */
    private static final int MOST_SAVED = 16;

    private final long lengthNanos;
    private final LongSupplier clock;
    private boolean idle;
    private boolean awake;
    private long idleSince;
    private long credit;

    /**
     * A thread that has work.
     *
     * @param lengthNanos how long to stay awake; 0 sleeps at once
     * @param clock see {@link System#nanoTime}
     */
    Vigil(long lengthNanos, LongSupplier clock) {
        this.lengthNanos = lengthNanos;
        this.clock = clock;
        this.idleSince = clock.getAsLong();
    }

    /** To yield is a courtesy here: nothing depends on who gets the processor, and for how long. */
    @Override
    @SuppressWarnings("ThreadPriorityCheck")
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        if (hasTasks) {
            found();
            return selectNow.get();
        }
        if (!idle) {
            begin();
        }
        if (awake) {
            int ready = selectNow.get();
            if (ready > 0) {
                found();
                return ready;
            }
            if (clock.getAsLong() - idleSince < lengthNanos) {
                Thread.yield();
                return CONTINUE;
            }
            // What goes beyond that the thread did not spend: somebody else had the processor.
            credit -= lengthNanos;
        }
        idle = false;
        awake = false;
        return SELECT;
    }

    private void begin() {
        long now = clock.getAsLong();
        earn((now - idleSince) / PART_OF_ALL_TIME);
        idleSince = now;
        idle = true;
        awake = lengthNanos > 0 && credit >= lengthNanos;
    }

    private void found() {
        if (awake) {
            earn(lengthNanos / SUCCESSES_FOR_ONE);
        }
        idle = false;
        awake = false;
    }

    private void earn(long nanos) {
        credit = Math.min(MOST_SAVED * lengthNanos, credit + nanos);
    }
}
