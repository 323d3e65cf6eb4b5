// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands in front of a batch of records, or alone as a marker. Its checksum covers also which store, which segment
 * and which offset it was written for, so that a copy of it elsewhere, for instance within a value, is never taken for
 * one.
 *
 * @param kind what it is
 * @param epoch drawn at random at each start of the store
 * @param sequence counts the batches of the store; a marker has that of the batch before it
 * @param durable every batch up to this one was on the disk for certain when this was written
 * @param bodyBytes how many bytes of records follow
 * @param records how many records they are
 * @param bodyCrc the CRC32C of those bytes
 */
record BatchHeader(Kind kind, long epoch, long sequence, long durable, int bodyBytes, int records, int bodyCrc) {

    /** What a header introduces. */
    enum Kind {
        /** Records. */
        BATCH(1),
        /** Records, the first of a start of the store: the epoch is a new one from here on. */
        START(2),
        /** Nothing: vouches for what is before it, and is written over by the next batch. */
        MARKER(3),
        /** Nothing: the store was closed here with all that is before it on the disk. */
        CLOSED(4);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        boolean hasBody() {
            return this == BATCH || this == START;
        }

        private static @Nullable Kind of(byte code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    static final int BYTES = 64;

    private static final int MAGIC = 0x50584254;
    private static final int CRC_AT = BYTES - Integer.BYTES;
    private static final int RESERVED_AT = 44;

    static BatchHeader marker(Kind kind, long epoch, long sequence, long durable) {
        return new BatchHeader(kind, epoch, sequence, durable, 0, 0, 0);
    }

    /** How much of a segment header and body take, in whole blocks. */
    static long sizeOnDisk(long bodyBytes, int blockBytes) {
        return (BYTES + bodyBytes + blockBytes - 1) / blockBytes * blockBytes;
    }

    long sizeOnDisk(int blockBytes) {
        return sizeOnDisk(bodyBytes, blockBytes);
    }

    /** Writes the header at an index of a buffer, without regard to its position. */
    void writeTo(ByteBuffer target, int at, StoreId store, long segment, long offset) {
        target.putInt(at, MAGIC)
                .put(at + 4, kind.code)
                .put(at + 5, (byte) 0)
                .putShort(at + 6, (short) 0)
                .putLong(at + 8, epoch)
                .putLong(at + 16, sequence)
                .putLong(at + 24, durable)
                .putInt(at + 32, bodyBytes)
                .putInt(at + 36, records)
                .putInt(at + 40, bodyCrc)
                .putLong(at + RESERVED_AT, 0)
                .putLong(at + RESERVED_AT + 8, 0);
        target.putInt(at + CRC_AT, crc(target, at, store, segment, offset));
    }

    /** Reads the header at an index of a buffer; null if there is none for this very place. */
    static @Nullable BatchHeader read(ByteBuffer source, int at, StoreId store, long segment, long offset) {
        if (source.getInt(at) != MAGIC) {
            return null;
        }
        Kind kind = Kind.of(source.get(at + 4));
        if (kind == null || source.getInt(at + CRC_AT) != crc(source, at, store, segment, offset)) {
            return null;
        }
        BatchHeader header = new BatchHeader(
                kind,
                source.getLong(at + 8),
                source.getLong(at + 16),
                source.getLong(at + 24),
                source.getInt(at + 32),
                source.getInt(at + 36),
                source.getInt(at + 40));
        boolean fits = kind.hasBody()
                ? header.bodyBytes >= 0 && header.records >= 0
                : header.bodyBytes == 0 && header.records == 0;
        return fits ? header : null;
    }

    private static int crc(ByteBuffer buffer, int at, StoreId store, long segment, long offset) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(StoreId.BYTES + 2 * Long.BYTES)
                .putLong(store.high())
                .putLong(store.low())
                .putLong(segment)
                .putLong(offset)
                .flip());
        crc.update(buffer.slice(at, CRC_AT));
        return (int) crc.getValue();
    }
}
