package io.paxos.node;

import io.paxos.message.Envelope;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the loop has handed to the writer and the writer has not taken yet; however often something is handed over, the
 * writer takes all of it as one batch. Safe for any thread.
 */
final class WriteQueue {

    /**
     * Writes, and the messages that wait for them.
     *
     * @param bytes about how much the writes weigh
     * @param parts how many times something was handed over
     */
    record Batch(List<Write> writes, List<Envelope> afterDurable, long bytes, int parts) {

        /** Something handed over once. */
        Batch(List<Write> writes, List<Envelope> afterDurable, long bytes) {
            this(writes, afterDurable, bytes, 1);
        }
    }

    private final List<Batch> waiting = new ArrayList<>();
    private long waitingBytes;
    private boolean busy;
    private boolean abandoned;

    /**
     * Lets a batch join what waits.
     *
     * @return true if the writer rests and must be woken
     */
    synchronized boolean add(Batch batch) {
        if (abandoned) {
            return false;
        }
        waiting.add(batch);
        waitingBytes += batch.bytes;
        boolean resting = !busy;
        busy = true;
        return resting;
    }

    /** Takes all that waits; null if nothing does, and the writer then rests until it is woken. */
    synchronized @Nullable Batch take() {
        busy = !waiting.isEmpty();
        if (waiting.size() <= 1) {
            Batch only = busy ? waiting.get(0) : null;
            clear();
            return only;
        }
        List<Write> writes = new ArrayList<>();
        List<Envelope> afterDurable = new ArrayList<>();
        int parts = 0;
        for (Batch batch : waiting) {
            writes.addAll(batch.writes);
            afterDurable.addAll(batch.afterDurable);
            parts += batch.parts;
        }
        Batch all = new Batch(writes, afterDurable, waitingBytes, parts);
        clear();
        return all;
    }

    private void clear() {
        waiting.clear();
        waitingBytes = 0;
    }

    /** About how much waits to be taken. */
    synchronized long bytes() {
        return waitingBytes;
    }

    /** Nothing that waits, or comes, is ever taken. */
    synchronized void abandon() {
        abandoned = true;
        clear();
    }
}
