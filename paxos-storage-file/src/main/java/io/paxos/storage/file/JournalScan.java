// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.wire.WireFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a journal from its first batch to its last, changing nothing, and tells a torn tail from damage. Whatever a later
 * header vouches for must be there; only what lies above all of that may be given up, for it was never confirmed.
 */
final class JournalScan {

    /** Takes in what is read, batch by batch. */
    interface Sink {

        /**
         * A batch or a marker of the journal, before its records.
         *
         * @param segment where it lies
         * @param offset where in the segment
         * @param header what it says
         */
        default void header(long segment, long offset, BatchHeader header) {}

        /**
         * A record.
         *
         * @param record type, version and content
         * @param segment where it lies
         * @throws WireFormatException if it cannot be understood
         */
        void record(ByteBuffer record, long segment);
    }

    /**
     * What there is at the end of the journal.
     *
     * @param header of the last segment
     * @param sequence the number of the last batch
     * @param vouched every batch up to here was on the disk for certain
     * @param end where the last segment ends, behind all batches and lasting markers
     * @param unvouchedFrom where the first batch lies that nothing vouches for; {@code end} if there is none
     * @param closed whether the last thing there is says that the store was closed
     * @param contentEnd the end of what is not zero beyond {@code end}, but for a marker right there; {@code end} if
     *     there is nothing
     */
    record Tail(
            FileHeader header,
            long sequence,
            long vouched,
            long end,
            long unvouchedFrom,
            boolean closed,
            long contentEnd) {

        /** Whether the next batch may go to {@code end} as things are. */
        boolean isClean() {
            return vouched == sequence && contentEnd == end;
        }
    }

    private final StoreDirectory directory;
    private final Identity identity;
    private final Sink sink;

    private boolean first = true;
    private long sequence;
    private long epoch;
    private long vouched;
    private boolean closed;
    private long unvouchedFrom = -1;

    JournalScan(StoreDirectory directory, Identity identity, Sink sink) {
        this.directory = directory;
        this.identity = identity;
        this.sink = sink;
    }

    /**
     * Reads it all.
     *
     * @return what there is at its end
     * @throws IOException if it is damaged, cannot be read or cannot be understood
     */
    Tail run() throws IOException {
        SegmentReader current = SegmentReader.open(directory, identity.store(), identity.firstSegment());
        try {
            sequence = current.header().first() - 1;
            for (long number = identity.firstSegment(); number < identity.lastSegment(); number++) {
                SegmentReader next = SegmentReader.open(directory, identity.store(), number + 1);
                try (SegmentReader done = current) {
                    current = next;
                    readBefore(next, done);
                }
            }
            return readLast(current);
        } finally {
            current.close();
        }
    }

    /** A segment that another follows ends with the batch before the first one of that. */
    private void readBefore(SegmentReader next, SegmentReader segment) throws IOException {
        long until = next.header().first();
        long end = read(segment, until);
        if (sequence + 1 != until) {
            throw new JournalDamagedException(
                    segment.file(),
                    end,
                    "batch " + (sequence + 1) + " cannot be read, and " + next.file() + " begins with batch " + until,
                    lost(until - 1),
                    Remedies.REPLACE);
        }
    }

    private Tail readLast(SegmentReader segment) throws IOException {
        vouched = Math.max(identity.vouched(), segment.header().first() - 1);
        unvouchedFrom = -1;
        long end = read(segment, Long.MAX_VALUE);
        boolean marked = false;
        BatchHeader marker = segment.headerAt(end);
        if (marker != null && marker.kind() == BatchHeader.Kind.MARKER && continues(marker)) {
            marked = true;
            vouched = Math.max(vouched, marker.durable());
            sink.header(segment.header().number(), end, marker);
        }
        long rest = marked ? end + segment.blockBytes() : end;
        searchBeyond(segment, rest);
        if (vouched > sequence) {
            throw new JournalDamagedException(
                    segment.file(),
                    rest,
                    "batch " + (sequence + 1) + " cannot be read, but everything up to batch " + vouched
                            + " had been forced to the disk",
                    lost(vouched),
                    Remedies.REPLACE);
        }
        long content = segment.endOfContent(rest);
        return new Tail(
                segment.header(),
                sequence,
                vouched,
                end,
                vouched == sequence ? end : unvouchedFrom,
                closed,
                content == rest ? end : content);
    }

    private String lost(long last) {
        return "up to " + (last - sequence) + " batches from number " + (sequence + 1)
                + " on, with promises and accepted proposals of this node";
    }

    /** A header further on, for a batch beyond the last one, says how far everything was on the disk when it was written. */
    private void searchBeyond(SegmentReader segment, long from) throws IOException {
        for (long at = from; at + BatchHeader.BYTES <= segment.size(); at += segment.blockBytes()) {
            BatchHeader header = segment.headerAt(at);
            if (header != null && header.sequence() > sequence) {
                vouched = Math.max(vouched, header.durable());
            }
        }
    }

    /** Reads batches as long as one continues the other, and the number given is not reached; says where that ends. */
    private long read(SegmentReader segment, long until) throws IOException {
        long offset = segment.blockBytes();
        while (sequence + 1 < until || until == Long.MAX_VALUE) {
            BatchHeader header = segment.headerAt(offset);
            if (header == null || header.kind() == BatchHeader.Kind.MARKER || !continues(header)) {
                break;
            }
            vouched = Math.max(vouched, header.durable());
            if (header.kind().hasBody()) {
                ByteBuffer body = segment.bodyAt(offset, header);
                if (body == null) {
                    break;
                }
                take(segment, offset, header, body);
            } else {
                sink.header(segment.header().number(), offset, header);
                closed = true;
            }
            offset += header.sizeOnDisk(segment.blockBytes());
        }
        return offset;
    }

    private boolean continues(BatchHeader header) {
        boolean sameEpoch = first || header.epoch() == epoch;
        return switch (header.kind()) {
            case BATCH -> sameEpoch && header.sequence() == sequence + 1;
            case START -> header.sequence() == sequence + 1;
            case MARKER, CLOSED -> sameEpoch && header.sequence() == sequence;
        };
    }

    private void take(SegmentReader segment, long offset, BatchHeader header, ByteBuffer body) throws IOException {
        long number = segment.header().number();
        sink.header(number, offset, header);
        if (unvouchedFrom < 0 || vouched == sequence) {
            unvouchedFrom = offset;
        }
        first = false;
        epoch = header.epoch();
        sequence = header.sequence();
        closed = false;
        int records = 0;
        try {
            while (body.hasRemaining()) {
                int length = body.remaining() < Integer.BYTES ? -1 : body.getInt();
                if (length < 0 || length > body.remaining()) {
                    throw new WireFormatException("record " + records + " is longer than the batch");
                }
                sink.record(body.slice(body.position(), length), number);
                body.position(body.position() + length);
                records++;
            }
            if (records != header.records()) {
                throw new WireFormatException("there are " + records + " records instead of " + header.records());
            }
        } catch (WireFormatException e) {
            throw new IOException(
                    segment.file() + " holds at offset " + offset + " a batch that this release cannot read: "
                            + e.getMessage(),
                    e);
        }
    }
}
