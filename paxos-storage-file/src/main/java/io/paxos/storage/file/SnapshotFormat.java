// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * How a snapshot lies in its file: a header with the name of the log, chunks of equal length with a checksum behind each,
 * and at the end what all of it must come to.
 */
final class SnapshotFormat {

    /** How many bytes of the snapshot a chunk holds; only the last may hold fewer. */
    static final int CHUNK_BYTES = 1 << 16;

    static final int CHUNK_ON_DISK = CHUNK_BYTES + Integer.BYTES;
    static final int FOOTER_BYTES = 32;

    private static final String PREFIX = "snapshot-";
    private static final String SUFFIX = ".snap";
    private static final int READABLE = 40;
    private static final int FOOTER_MAGIC = 0x50585345;
    private static final int LONGEST_HEADER = FileHeader.BYTES + Short.BYTES + GroupId.MAX_LENGTH + 2 * Integer.BYTES;

    private SnapshotFormat() {}

    /** What a header says, and where the first chunk begins. */
    record Head(GroupId group, long slot, long dataFrom) {}

    static boolean isName(String name) {
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    /**
     * The beginning of the names of a log's snapshots, for people and for file systems that do not tell upper case from
     * lower case; what counts is the header.
     */
    static String prefix(GroupId group) {
        String readable =
                group.name().substring(0, Math.min(READABLE, group.name().length()));
        CRC32C crc = new CRC32C();
        crc.update(group.name().getBytes(StandardCharsets.UTF_8));
        return PREFIX
                + readable.toLowerCase(Locale.ROOT)
                + String.format("-%08x-%x-", crc.getValue(), group.generation());
    }

    static String name(GroupId group, long slot) {
        return prefix(group) + String.format("%016x", slot) + SUFFIX;
    }

    /** What {@link #prefix} gives for the log whose snapshot bears this name. */
    static String prefixOf(String name) {
        return name.substring(0, name.lastIndexOf('-') + 1);
    }

    static ByteBuffer header(StoreId store, GroupId group, long slot) {
        byte[] name = group.name().getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_HEADER);
        new FileHeader(FileHeader.Kind.SNAPSHOT, 0, store, slot, 0, 0, 0).writeTo(buffer);
        buffer.putShort((short) name.length).put(name).putInt(group.generation());
        buffer.putInt(crc(0, buffer.slice(FileHeader.BYTES, buffer.position() - FileHeader.BYTES)));
        return buffer.flip();
    }

    static Head readHeader(StoreId store, Path file, FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_HEADER);
        Channels.read(channel, buffer, 0);
        FileHeader header = FileHeader.read(FileHeader.Kind.SNAPSHOT, file, buffer.flip());
        header.require(store, file);
        try {
            byte[] name = new byte[Short.toUnsignedInt(buffer.getShort())];
            buffer.get(name);
            int generation = buffer.getInt();
            int crc = crc(0, buffer.slice(FileHeader.BYTES, buffer.position() - FileHeader.BYTES));
            if (buffer.getInt() == crc) {
                GroupId group = new GroupId(new String(name, StandardCharsets.UTF_8), generation);
                return new Head(group, header.number(), buffer.position());
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged(file, FileHeader.BYTES, "the name of the log cannot be read: " + e);
        }
        throw damaged(file, FileHeader.BYTES, "the checksum of the name of the log does not match");
    }

    static ByteBuffer footer(SnapshotInfo info) {
        ByteBuffer buffer = ByteBuffer.allocate(FOOTER_BYTES);
        buffer.putInt(FOOTER_MAGIC)
                .putLong(info.slot())
                .putLong(info.bytes())
                .putInt((int) info.checksum())
                .putInt(0);
        buffer.putInt(crc(0, buffer.slice(0, buffer.position())));
        return buffer.flip();
    }

    /** Reads the end of a file and checks that it is where it must be. */
    static SnapshotInfo readFooter(Path file, FileChannel channel, Head head) throws IOException {
        long size = channel.size();
        long at = size - FOOTER_BYTES;
        if (at < head.dataFrom()) {
            throw damaged(file, size, "it is cut short");
        }
        ByteBuffer buffer = ByteBuffer.allocate(FOOTER_BYTES);
        Channels.read(channel, buffer, at);
        buffer.flip();
        if (buffer.remaining() < FOOTER_BYTES
                || buffer.getInt(FOOTER_BYTES - Integer.BYTES) != crc(0, buffer.slice(0, FOOTER_BYTES - Integer.BYTES))
                || buffer.getInt() != FOOTER_MAGIC) {
            throw damaged(file, at, "it does not end as a snapshot does");
        }
        long slot = buffer.getLong();
        long bytes = buffer.getLong();
        if (slot != head.slot() || bytes < 1 || at != head.dataFrom() + onDisk(bytes)) {
            throw damaged(file, at, "beginning, length and end do not fit together");
        }
        return new SnapshotInfo(slot, bytes, Integer.toUnsignedLong(buffer.getInt()));
    }

    /** How much the chunks of so many bytes take. */
    static long onDisk(long bytes) {
        long chunks = (bytes + CHUNK_BYTES - 1) / CHUNK_BYTES;
        return bytes + chunks * Integer.BYTES;
    }

    /** The checksum of a chunk; it covers which chunk it is. */
    static int crc(long chunk, ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(chunk).flip());
        crc.update(bytes);
        return (int) crc.getValue();
    }

    static JournalDamagedException damaged(Path file, long offset, String what) {
        return new JournalDamagedException(
                file, offset, what, "the state of the log up to the snapshot, on this node", Remedies.REPLACE);
    }
}
