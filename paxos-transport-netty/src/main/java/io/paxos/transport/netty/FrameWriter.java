// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.paxos.message.Envelope;
import io.paxos.wire.EnvelopeWriter;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Moves envelopes from a queue to a channel, the most urgent first, and no more than the channel takes: what has been
 * handed to it can no longer be overtaken. Small envelopes share a buffer, large ones go in parts between which the
 * lanes above them get their turn; one flush ends each round. Confined to the loop.
 */
final class FrameWriter {

    private static final int BATCH_BYTES = 16 << 10;

    /** After so many rounds, what else the loop has to do gets its turn. */
    private static final int ROUNDS = 16;

    private final Channel channel;
    private final EnvelopeWriter encoder;
    private final OutboundQueue queue;
    private final int maxFrameBytes;
    private final LongAdder sent;
    private final OversizeListener oversize;
    private final @Nullable ByteBuf[] unfinished = new ByteBuf[Lane.COUNT];
    private @Nullable ByteBuf batch;
    private boolean draining;

    /**
     * Nothing is written yet.
     *
     * @param encoder shared by all writers of the loop, for they often write the same values one after another
     * @param sent counts the envelopes that have been handed to the channel completely
     */
    FrameWriter(
            Channel channel,
            EnvelopeWriter encoder,
            OutboundQueue queue,
            int maxFrameBytes,
            LongAdder sent,
            OversizeListener oversize) {
        this.channel = channel;
        this.encoder = encoder;
        this.queue = queue;
        this.maxFrameBytes = maxFrameBytes;
        this.sent = sent;
        this.oversize = oversize;
    }

    /** Hears of envelopes that are too large to be sent. */
    interface OversizeListener {
        void tooLarge(Envelope envelope, int bytes);
    }

    /** Writes what the channel takes now. To be called again when it takes more. */
    void drain() {
        if (draining) {
            // A flush inside the loop below made the channel writable again; that loop goes on by itself.
            return;
        }
        draining = true;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                if (!channel.isActive() || !fill()) {
                    return;
                }
                channel.flush();
            }
            channel.eventLoop().execute(this::drain);
        } finally {
            draining = false;
        }
    }

    /** Gives up what was begun. */
    void release() {
        for (int i = 0; i < unfinished.length; i++) {
            ByteBuf rest = unfinished[i];
            unfinished[i] = null;
            if (rest != null) {
                rest.release();
                queue.countDrop();
            }
        }
    }

    /** @return whether anything was written that is to be flushed */
    private boolean fill() {
        boolean written = false;
        try {
            while (channel.isWritable()) {
                Lane lane = next();
                if (lane == null) {
                    break;
                }
                written |= writeFrom(lane);
                if (batch != null && batch.readableBytes() >= BATCH_BYTES) {
                    handOver();
                }
            }
        } finally {
            handOver();
        }
        return written;
    }

    private @Nullable Lane next() {
        for (int i = 0; i < Lane.COUNT; i++) {
            Lane lane = Lane.of(i);
            if (unfinished[i] != null || !queue.isEmpty(lane)) {
                return lane;
            }
        }
        return null;
    }

    private boolean writeFrom(Lane lane) {
        ByteBuf rest = unfinished[lane.ordinal()];
        if (rest != null) {
            writePart(lane, rest);
            return true;
        }
        Envelope envelope = queue.poll(lane);
        if (envelope == null) {
            return false;
        }
        int size = encoder.prepare(envelope);
        if (size > maxFrameBytes) {
            queue.countDrop();
            oversize.tooLarge(envelope, size);
            return false;
        }
        if (size <= Frames.MAX_PART) {
            ByteBuf out = batchWithRoomFor(Frames.HEADER_BYTES + size);
            Frames.writeHeader(out, Frames.kindOf(lane, true), size);
            writePrepared(out, size);
            sent.increment();
        } else {
            ByteBuf whole = channel.alloc().ioBuffer(size, size);
            writePrepared(whole, size);
            unfinished[lane.ordinal()] = whole;
            writePart(lane, whole);
        }
        return true;
    }

    private void writePart(Lane lane, ByteBuf rest) {
        int length = Math.min(Frames.MAX_PART, rest.readableBytes());
        boolean last = length == rest.readableBytes();
        ByteBuf header = batchWithRoomFor(Frames.HEADER_BYTES);
        Frames.writeHeader(header, Frames.kindOf(lane, last), length);
        handOver();
        if (last) {
            unfinished[lane.ordinal()] = null;
            sent.increment();
            Channels.write(channel, rest);
        } else {
            Channels.write(channel, rest.readRetainedSlice(length));
        }
    }

    private void writePrepared(ByteBuf out, int size) {
        encoder.writeTo(out.nioBuffer(out.writerIndex(), size));
        out.writerIndex(out.writerIndex() + size);
    }

    private ByteBuf batchWithRoomFor(int bytes) {
        if (batch != null && batch.maxWritableBytes() < bytes) {
            handOver();
        }
        if (batch == null) {
            int capacity = Math.max(BATCH_BYTES + 1024, bytes);
            batch = channel.alloc().ioBuffer(capacity, capacity);
        }
        return batch;
    }

    private void handOver() {
        if (batch != null) {
            ByteBuf full = batch;
            batch = null;
            Channels.write(channel, full);
        }
    }
}
