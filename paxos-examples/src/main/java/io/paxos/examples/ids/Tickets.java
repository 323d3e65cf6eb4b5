// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

/**
 * How many IDs may still be asked for. They are released in portions, so that however fast the servers are, each death
 * of a leader finds work under way. Safe for any thread.
 */
final class Tickets {

    private final long total;
    private long released;
    private long taken;
    private boolean cancelled;

    Tickets(long total) {
        this.total = total;
    }

    /** Lets so many be taken in all. */
    synchronized void releaseUpTo(long count) {
        released = Math.min(count, total);
        notifyAll();
    }

    /** Waits for a ticket; false when all have been taken. */
    synchronized boolean take() throws InterruptedException {
        while (!cancelled && taken == released && taken < total) {
            wait();
        }
        if (cancelled || taken == total) {
            return false;
        }
        taken++;
        notifyAll();
        return true;
    }

    /** Waits until so many have been taken; false if that will not happen. */
    synchronized boolean awaitTaken(long count) throws InterruptedException {
        while (!cancelled && taken < Math.min(count, total)) {
            wait();
        }
        return !cancelled;
    }

    /** There will be no more. */
    synchronized void cancel() {
        cancelled = true;
        notifyAll();
    }
}
