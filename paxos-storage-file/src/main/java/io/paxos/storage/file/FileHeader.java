// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What every file of a store begins with.
 *
 * @param kind what the file is
 * @param parameter for a segment the size of its blocks, else 0
 * @param store which store it belongs to
 * @param number tells the files of a kind apart
 * @param first for a segment the sequence number of its first batch, else 0
 * @param size for a segment how large the file may become, else 0
 * @param flags for a segment {@link #PREALLOCATED} or 0
 */
record FileHeader(Kind kind, int parameter, StoreId store, long number, long first, long size, int flags) {

    /** What a file is, by its first eight bytes. */
    enum Kind {
        IDENTITY("PAXOSIDN", "identity of a store"),
        SEGMENT("PAXOSSEG", "segment of a journal"),
        DECREES("PAXOSDCR", "file of decided decrees"),
        SNAPSHOT("PAXOSSNP", "snapshot");

        private final long magic;
        private final String words;

        Kind(String magic, String words) {
            long bits = 0;
            for (char c : magic.toCharArray()) {
                bits = bits << 8 | c;
            }
            this.magic = bits;
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    static final int BYTES = 64;
    static final int VERSION = 1;

    /** The file has its full size from the beginning. */
    static final int PREALLOCATED = 1;

    private static final int CRC_AT = BYTES - Integer.BYTES;

    void writeTo(ByteBuffer target) {
        int from = target.position();
        target.putLong(kind.magic)
                .putInt(VERSION)
                .putInt(parameter)
                .putLong(store.high())
                .putLong(store.low())
                .putLong(number)
                .putLong(first)
                .putLong(size)
                .putInt(flags);
        target.putInt(crc(target, from));
    }

    /**
     * Reads a header, position to position + {@link #BYTES}.
     *
     * @throws IOException if it is damaged, not a header of this kind, or of another version
     */
    static FileHeader read(Kind kind, Path file, ByteBuffer source) throws IOException {
        if (source.remaining() < BYTES) {
            throw damaged(file, "its header has " + source.remaining() + " bytes instead of " + BYTES);
        }
        int from = source.position();
        long magic = source.getLong();
        if (magic != kind.magic) {
            throw damaged(file, "it does not begin as a " + kind + " does");
        }
        int version = source.getInt();
        if (version != VERSION) {
            throw new IOException(file + " has format version " + Integer.toUnsignedString(version)
                    + ", but this release reads version " + VERSION
                    + "; open the store with the release that wrote it, or, if there is no such release, take the file"
                    + " for damaged at offset 8");
        }
        int parameter = source.getInt();
        StoreId store = new StoreId(source.getLong(), source.getLong());
        FileHeader header = new FileHeader(
                kind, parameter, store, source.getLong(), source.getLong(), source.getLong(), source.getInt());
        int crc = crc(source, from);
        if (source.getInt() != crc) {
            throw damaged(file, "the checksum of its header does not match");
        }
        return header;
    }

    /** Refuses a file of another store. */
    void require(StoreId expected, Path file) throws IOException {
        if (!store.equals(expected)) {
            throw new IOException(file + " belongs to another store, " + store + ", than the directory it lies in, "
                    + expected + "; move it back to where it came from, and the file that belongs here back to here");
        }
    }

    private static int crc(ByteBuffer buffer, int from) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(from, CRC_AT));
        return (int) crc.getValue();
    }

    private static JournalDamagedException damaged(Path file, String what) {
        return new JournalDamagedException(file, 0, what, Remedies.WHOLE_STORE, Remedies.REPLACE);
    }
}
