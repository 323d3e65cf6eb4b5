// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Puts the right checksums into files that a fuzzer has changed, so that it comes past them: no fuzzer guesses one, and
 * what lies behind must hold all the same. Where a length leads out of the file, the rest stays as it is.
 */
final class Checksums {

    private static final int HEADER_CRC_AT = FileHeader.BYTES - Integer.BYTES;

    private Checksums() {}

    static byte[] ofSegment(byte[] file, StoreId store) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (!header(bytes, FileHeader.Kind.SEGMENT, store)) {
            return file;
        }
        int block = bytes.getInt(12);
        long number = bytes.getLong(32);
        for (int at = block; block >= 1 && at + BatchHeader.BYTES <= file.length; at += block) {
            batch(bytes, at, store, number);
        }
        return file;
    }

    /** A header may stand at the beginning of any block; the code of its kind tells whether one does. */
    private static void batch(ByteBuffer bytes, int at, StoreId store, long segment) {
        int kind = bytes.get(at + 4);
        if (kind < 1 || kind > BatchHeader.Kind.values().length) {
            return;
        }
        int body = bytes.getInt(at + 32);
        int from = at + BatchHeader.BYTES;
        int crc = body < 0 || body > bytes.limit() - from ? 0 : crc(bytes.slice(from, body));
        new BatchHeader(
                        BatchHeader.Kind.values()[kind - 1],
                        bytes.getLong(at + 8),
                        bytes.getLong(at + 16),
                        bytes.getLong(at + 24),
                        body,
                        bytes.getInt(at + 36),
                        crc)
                .writeTo(bytes, at, store, segment, at);
    }

    static byte[] ofIdentity(byte[] file, StoreId store) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (header(bytes, FileHeader.Kind.IDENTITY, store) && file.length >= FileHeader.BYTES + Integer.BYTES) {
            int at = file.length - Integer.BYTES;
            bytes.putInt(at, crc(bytes.slice(0, at)));
        }
        return file;
    }

    static byte[] ofDecrees(byte[] file, StoreId store) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (!header(bytes, FileHeader.Kind.DECREES, store)) {
            return file;
        }
        CRC32C heads = new CRC32C();
        long records = 0;
        int at = FileHeader.BYTES;
        int end = file.length - DecreeFile.FOOTER_BYTES;
        while (at + DecreeFile.CHUNK_HEAD_BYTES <= end) {
            int length = bytes.getInt(at);
            int count = bytes.getInt(at + Integer.BYTES);
            if (length < 0 || length > end - at - DecreeFile.CHUNK_HEAD_BYTES) {
                return file;
            }
            ByteBuffer whole = bytes.slice(at, DecreeFile.CHUNK_HEAD_BYTES + length);
            DecreeFile.sealChunk(whole, count);
            heads.update(whole.slice(0, DecreeFile.CHUNK_HEAD_BYTES));
            records += count;
            at += whole.capacity();
        }
        if (at == end) {
            bytes.put(end, DecreeFile.footer(records, end, (int) heads.getValue()), 0, DecreeFile.FOOTER_BYTES);
        }
        return file;
    }

    static byte[] ofSnapshot(byte[] file, StoreId store) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        int end = file.length - SnapshotFormat.FOOTER_BYTES;
        if (!header(bytes, FileHeader.Kind.SNAPSHOT, store) || end < FileHeader.BYTES + Short.BYTES) {
            return file;
        }
        int nameEnd = FileHeader.BYTES + Short.BYTES + Short.toUnsignedInt(bytes.getShort(FileHeader.BYTES)) + 4;
        int from = nameEnd + Integer.BYTES;
        if (from > end) {
            return file;
        }
        bytes.putInt(nameEnd, crc(bytes.slice(FileHeader.BYTES, nameEnd - FileHeader.BYTES)));
        CRC32C all = new CRC32C();
        long chunk = 0;
        for (int at = from; at + Integer.BYTES <= end; at += SnapshotFormat.CHUNK_ON_DISK) {
            int length = Math.min(SnapshotFormat.CHUNK_BYTES, end - at - Integer.BYTES);
            all.update(bytes.slice(at, length));
            bytes.putInt(at + length, SnapshotFormat.crc(chunk++, bytes.slice(at, length)));
        }
        bytes.putInt(end + 20, (int) all.getValue());
        int crcAt = SnapshotFormat.FOOTER_BYTES - Integer.BYTES;
        bytes.putInt(end + crcAt, SnapshotFormat.crc(0, bytes.slice(end, crcAt)));
        return file;
    }

    private static boolean header(ByteBuffer bytes, FileHeader.Kind kind, StoreId store) {
        if (bytes.limit() < FileHeader.BYTES) {
            return false;
        }
        bytes.putLong(16, store.high()).putLong(24, store.low());
        bytes.putInt(HEADER_CRC_AT, crc(bytes.slice(0, HEADER_CRC_AT)));
        return bytes.getLong(0) == magic(kind);
    }

    private static long magic(FileHeader.Kind kind) {
        ByteBuffer header = ByteBuffer.allocate(FileHeader.BYTES);
        new FileHeader(kind, 0, new StoreId(0, 0), 0, 0, 0, 0).writeTo(header);
        return header.getLong(0);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
