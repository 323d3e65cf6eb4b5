// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.message.Envelope;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the loop has handed to the writer and the writer has not taken yet; however often something is handed over, the
 * writer takes all of it as one batch. Safe for any thread.
 *
 * <p>Callers who submit their next command when the last is answered would fall into two halves otherwise: one half is
 * written while the other is being answered and comes back one by one, just after a write has begun, so that each force
 * serves half of them for ever. So the writer lingers a little for those that the last write has set free, and then
 * finds all of them together.
 */
final class WriteQueue {

    /**
     * Writes, and the messages that wait for them.
     *
     * @param bytes about how much the writes weigh
     * @param votes for how many values somebody waits
     * @param parts how many times something was handed over
     */
    record Batch(List<Write> writes, List<Envelope> afterDurable, long bytes, int votes, int parts) {

        /** Nothing to write, and nobody who waits. */
        static final Batch NOTHING = new Batch(List.of(), List.of(), 0);

        /** Something handed over once. */
        Batch(List<Write> writes, List<Envelope> afterDurable, long bytes) {
            this(writes, afterDurable, bytes, countVotes(writes), 1);
        }

        private static int countVotes(List<Write> writes) {
            int votes = 0;
            for (Write write : writes) {
                if (write instanceof Write.AcceptWrite accept) {
                    votes += accept.values().size();
                } else if (write instanceof Write.DecreeWrite || write instanceof Write.RegisterWrite) {
                    votes++;
                }
            }
            return votes;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gathered = lock.newCondition();
    private final List<Batch> waiting = new ArrayList<>();
    private long waitingBytes;
    private int waitingVotes;
    private int takenVotes;
    private int expectedVotes;
    private boolean busy;
    private boolean abandoned;

    /**
     * Lets a batch join what waits.
     *
     * @return true if the writer rests and must be woken
     */
    boolean add(Batch batch) {
        lock.lock();
        try {
            if (abandoned) {
                return false;
            }
            waiting.add(batch);
            waitingBytes += batch.bytes;
            waitingVotes += batch.votes;
            if (waitingVotes >= expectedVotes) {
                gathered.signal();
            }
            boolean resting = !busy;
            busy = true;
            return resting;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes all that waits; null if nothing does, and the writer then rests until it is woken.
     *
     * @param patience how long to linger, in nanoseconds, for as many votes as waited and were written last
     */
    @Nullable
    Batch take(long patience) {
        lock.lock();
        try {
            if (takenVotes > 0) {
                // Those just written come again, and those that wait are there already.
                expectedVotes = takenVotes + waitingVotes;
                takenVotes = 0;
            }
            if (!waiting.isEmpty()) {
                linger(patience);
            }
            busy = !waiting.isEmpty();
            return busy ? takeAll() : null;
        } finally {
            lock.unlock();
        }
    }

    private void linger(long patience) {
        long left = patience;
        while (left > 0 && waitingVotes < expectedVotes && !abandoned) {
            try {
                left = gathered.awaitNanos(left);
            } catch (InterruptedException e) {
                // Whoever interrupts this thread means the write, which will notice.
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Batch takeAll() {
        List<Write> writes = new ArrayList<>();
        List<Envelope> afterDurable = new ArrayList<>();
        int parts = 0;
        for (Batch batch : waiting) {
            writes.addAll(batch.writes);
            afterDurable.addAll(batch.afterDurable);
            parts += batch.parts;
        }
        Batch all = new Batch(writes, afterDurable, waitingBytes, waitingVotes, parts);
        takenVotes = waitingVotes;
        clear();
        return all;
    }

    private void clear() {
        waiting.clear();
        waitingBytes = 0;
        waitingVotes = 0;
    }

    /** About how much waits to be taken. */
    long bytes() {
        lock.lock();
        try {
            return waitingBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing that waits, or comes, is ever taken. */
    void abandon() {
        lock.lock();
        try {
            abandoned = true;
            clear();
            gathered.signal();
        } finally {
            lock.unlock();
        }
    }
}
