// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.wire.WriteCodec;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Copies the decided decrees of a segment, which is about to go, to a file of their own. */
final class DecreeSaving implements Chore {

    private final SegmentReader segment;
    private final DecreeFileWriter writer;
    private final long untilSequence;
    private long sequence;
    private long offset;

    /**
     * Begins.
     *
     * @param number of the segment
     * @param decrees the number of the file to write
     */
    DecreeSaving(StoreDirectory directory, StoreId store, long number, long decrees) throws IOException {
        try (SegmentReader next = SegmentReader.open(directory, store, number + 1)) {
            untilSequence = next.header().first();
        }
        segment = SegmentReader.open(directory, store, number);
        sequence = segment.header().first();
        offset = segment.blockBytes();
        try {
            writer = new DecreeFileWriter(directory, store, decrees);
        } catch (IOException | RuntimeException e) {
            segment.close();
            throw e;
        }
    }

    /** The number of the file that is written. */
    long file() {
        return writer.number();
    }

    @Override
    public boolean advance(long bytes) throws IOException {
        long stop = offset + bytes;
        while (sequence < untilSequence) {
            if (offset >= stop) {
                return false;
            }
            BatchHeader header = segment.headerAt(offset);
            ByteBuffer body = header == null ? null : segment.bodyAt(offset, header);
            if (header == null || body == null) {
                throw SegmentReader.damaged(
                        segment.file(),
                        offset,
                        "batch " + sequence + ", which was there before, cannot be read any more");
            }
            if (header.kind().hasBody()) {
                sequence = header.sequence() + 1;
                save(body);
            }
            offset += header.sizeOnDisk(segment.blockBytes());
        }
        writer.finish();
        return true;
    }

    private void save(ByteBuffer body) throws IOException {
        while (body.hasRemaining()) {
            int length = body.getInt();
            ByteBuffer record = body.slice(body.position(), length);
            if (WriteCodec.decides(record)) {
                writer.add(record);
            }
            body.position(body.position() + length);
        }
    }

    @Override
    public void close() throws IOException {
        try (segment) {
            writer.close();
        }
    }
}
