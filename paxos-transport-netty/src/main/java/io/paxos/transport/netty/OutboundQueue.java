// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.message.Envelope;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The envelopes that wait for one peer: three lanes under one bound of messages and bytes. A newcomer that does not fit
 * is refused, except that an urgent one takes the place of the newest bulk (rule 18). Any thread may add; one takes.
 */
final class OutboundQueue {

    private final int maxMessages;
    private final long maxBytes;
    private final ConcurrentLinkedDeque<Envelope>[] lanes;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder dropped = new LongAdder();

    @SuppressWarnings({"unchecked", "rawtypes"})
    OutboundQueue(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.lanes =
                Stream.generate(ConcurrentLinkedDeque::new).limit(Lane.COUNT).toArray(ConcurrentLinkedDeque[]::new);
    }

    /**
     * Adds an envelope, or drops it, or drops bulk for it.
     *
     * @return whether it was added
     */
    boolean offer(Envelope envelope) {
        Lane lane = Lane.of(envelope);
        int weight = envelope.message().weight();
        while (!reserve(weight)) {
            Envelope victim = lane == Lane.BULK ? null : lane(Lane.BULK).pollLast();
            if (victim == null) {
                dropped.increment();
                return false;
            }
            release(victim);
            dropped.increment();
        }
        lane(lane).addLast(envelope);
        return true;
    }

    /** The envelope of a lane that has waited longest, or null; it no longer counts. */
    @Nullable
    Envelope poll(Lane lane) {
        Envelope envelope = lane(lane).pollFirst();
        if (envelope != null) {
            release(envelope);
        }
        return envelope;
    }

    boolean isEmpty(Lane lane) {
        return lane(lane).isEmpty();
    }

    /** Drops all that waits. */
    void clear() {
        for (int i = 0; i < Lane.COUNT; i++) {
            while (poll(Lane.of(i)) != null) {
                dropped.increment();
            }
        }
    }

    /** Counts an envelope that was dropped without being added, or after it was taken. */
    void countDrop() {
        dropped.increment();
    }

    int messages() {
        return messages.get();
    }

    long bytes() {
        return bytes.get();
    }

    long dropped() {
        return dropped.sum();
    }

    private ConcurrentLinkedDeque<Envelope> lane(Lane lane) {
        return lanes[lane.ordinal()];
    }

    private boolean reserve(int weight) {
        if (messages.incrementAndGet() > maxMessages) {
            messages.decrementAndGet();
            return false;
        }
        if (bytes.addAndGet(weight) > maxBytes) {
            bytes.addAndGet(-weight);
            messages.decrementAndGet();
            return false;
        }
        return true;
    }

    private void release(Envelope envelope) {
        bytes.addAndGet(-envelope.message().weight());
        messages.decrementAndGet();
    }
}
