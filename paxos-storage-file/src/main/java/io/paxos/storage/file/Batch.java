// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Records on their way to the journal, in the form they have there: a length in front of each, and room for the header
 * in front of all. Reused for one batch after the other.
 */
final class Batch {

    /** A larger buffer is not kept for the next batch. */
    private static final int KEPT = 4 << 20;

    private static final int FIRST = 1 << 12;
    private static final int LARGEST = Integer.MAX_VALUE - (1 << 20);

    private ByteBuffer buffer = ByteBuffer.allocate(FIRST);
    private int records;

    Batch() {
        clear();
    }

    void clear() {
        if (buffer.capacity() > KEPT) {
            buffer = ByteBuffer.allocate(FIRST);
        }
        buffer.clear().position(BatchHeader.BYTES);
        records = 0;
    }

    boolean isEmpty() {
        return records == 0;
    }

    int bodyBytes() {
        return buffer.position() - BatchHeader.BYTES;
    }

    /**
     * Adds a record at the end.
     *
     * @throws IllegalArgumentException if the batch would become larger than a file may hold
     */
    void add(StoreRecord record) {
        int size = record.size();
        makeRoom((long) Integer.BYTES + size);
        buffer.putInt(size);
        record.writeTo(buffer);
        records++;
    }

    /** Adds records as they lie in a journal, each with its length. */
    void addRaw(ByteBuffer body, int count) {
        makeRoom(body.remaining());
        buffer.put(body);
        records += count;
    }

    private void makeRoom(long more) {
        long needed = buffer.position() + more;
        if (needed > LARGEST) {
            throw new IllegalArgumentException(
                    "one batch of " + needed + " bytes is more than a journal takes, " + LARGEST);
        }
        if (needed > buffer.capacity()) {
            int capacity = (int) Math.min(LARGEST, Math.max(needed, 2L * buffer.capacity()));
            buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
        }
    }

    /** The whole batch, with its header, filled up with zeros to whole blocks; valid until the next change. */
    ByteBuffer seal(
            BatchHeader.Kind kind,
            long epoch,
            long sequence,
            long durable,
            StoreId store,
            long segment,
            long offset,
            int blockBytes) {
        int body = bodyBytes();
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(BatchHeader.BYTES, body));
        BatchHeader header = new BatchHeader(kind, epoch, sequence, durable, body, records, (int) crc.getValue());
        long padded = header.sizeOnDisk(blockBytes);
        int end = buffer.position();
        makeRoom(padded - end);
        Arrays.fill(buffer.array(), end, (int) padded, (byte) 0);
        header.writeTo(buffer, 0, store, segment, offset);
        return buffer.duplicate().position(0).limit((int) padded);
    }
}
