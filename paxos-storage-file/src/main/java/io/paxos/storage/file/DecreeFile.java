// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * How decided decrees lie in a file of their own: a header; chunks of records, each with its length, the number of
 * records and a checksum in front; and at the end how many records and bytes it must be. Such a file never changes.
 */
final class DecreeFile {

    static final int CHUNK_BYTES = 1 << 16;

    /** Length of the records, number of records, checksum of both and of the records. */
    static final int CHUNK_HEAD_BYTES = 3 * Integer.BYTES;

    /** Magic, records, offset of the footer, checksum of all heads of chunks, checksum of the footer. */
    static final int FOOTER_BYTES = 3 * Integer.BYTES + 2 * Long.BYTES;

    private static final String PREFIX = "decrees-";
    private static final String SUFFIX = ".dat";
    private static final int FOOTER_MAGIC = 0x50584445;
    private static final int CRC_AT = 2 * Integer.BYTES;

    private DecreeFile() {}

    static String name(long number) {
        return String.format("%s%016x%s", PREFIX, number, SUFFIX);
    }

    static boolean isName(String name) {
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    /** Fills in the head of a chunk; the buffer holds room for the head, and the records. */
    static void sealChunk(ByteBuffer whole, int records) {
        int at = whole.position();
        whole.putInt(at, whole.remaining() - CHUNK_HEAD_BYTES).putInt(at + Integer.BYTES, records);
        whole.putInt(at + CRC_AT, chunkCrc(whole));
    }

    /** Whether the checksum of a chunk, head and records, is right. */
    static boolean isSound(ByteBuffer whole) {
        return whole.getInt(whole.position() + CRC_AT) == chunkCrc(whole);
    }

    private static int chunkCrc(ByteBuffer whole) {
        CRC32C crc = new CRC32C();
        int at = whole.position();
        crc.update(whole.slice(at, CRC_AT));
        crc.update(whole.slice(at + CHUNK_HEAD_BYTES, whole.remaining() - CHUNK_HEAD_BYTES));
        return (int) crc.getValue();
    }

    static ByteBuffer footer(long records, long offset, int crcOfHeads) {
        ByteBuffer footer = ByteBuffer.allocate(FOOTER_BYTES);
        footer.putInt(FOOTER_MAGIC).putLong(records).putLong(offset).putInt(crcOfHeads);
        CRC32C crc = new CRC32C();
        crc.update(footer.slice(0, footer.position()));
        return footer.putInt((int) crc.getValue()).flip();
    }
}
