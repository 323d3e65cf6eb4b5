// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads one segment, changing nothing. Through a window that moves forward, so that few and large reads are made. */
final class SegmentReader implements AutoCloseable {

    private static final int WINDOW = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final FileHeader header;
    private final long size;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowFrom;

    private SegmentReader(Path file, FileChannel channel, FileHeader header, long size) {
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.size = size;
    }

    /**
     * Opens a segment and checks that it is the one looked for.
     *
     * @throws IOException if it is missing, damaged, shorter than it must be, of another store or of another version
     */
    static SegmentReader open(StoreDirectory directory, StoreId store, long number) throws IOException {
        Path file = directory.file(SegmentFile.name(number));
        if (!Files.exists(file)) {
            throw new JournalDamagedException(file, 0, "the file is missing", Remedies.WHOLE_STORE, Remedies.REPLACE);
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            long size = channel.size();
            ByteBuffer head = ByteBuffer.allocate(FileHeader.BYTES);
            Channels.read(channel, head, 0);
            FileHeader header = FileHeader.read(FileHeader.Kind.SEGMENT, file, head.flip());
            header.require(store, file);
            check(file, header, number, size);
            return new SegmentReader(file, channel, header, size);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void check(Path file, FileHeader header, long number, long size) throws IOException {
        if (header.number() != number) {
            throw damaged(file, 0, "it is segment " + header.number() + " under the name of segment " + number);
        }
        if (header.parameter() < BatchHeader.BYTES) {
            throw damaged(file, 0, "its blocks cannot have " + header.parameter() + " bytes");
        }
        boolean preallocated = (header.flags() & FileHeader.PREALLOCATED) != 0;
        if (size > header.size() || (preallocated && size < header.size()) || size < header.parameter()) {
            throw damaged(
                    file,
                    Math.min(size, header.size()),
                    "it has " + size + " bytes instead of " + (preallocated ? "" : "at most ") + header.size());
        }
    }

    static JournalDamagedException damaged(Path file, long offset, String what) {
        return new JournalDamagedException(file, offset, what, Remedies.WHOLE_STORE, Remedies.REPLACE);
    }

    Path file() {
        return file;
    }

    FileHeader header() {
        return header;
    }

    long size() {
        return size;
    }

    int blockBytes() {
        return header.parameter();
    }

    /** The header of a batch or marker at a place, or null if there is none. */
    @Nullable
    BatchHeader headerAt(long offset) throws IOException {
        int at = load(offset, BatchHeader.BYTES);
        return at < 0 ? null : BatchHeader.read(window, at, header.store(), header.number(), offset);
    }

    /** The records of a batch, or null if they are not what the header says; valid until the next call. */
    @Nullable
    ByteBuffer bodyAt(long offset, BatchHeader batch) throws IOException {
        int at = load(offset + BatchHeader.BYTES, batch.bodyBytes());
        if (at < 0) {
            return null;
        }
        ByteBuffer body = window.slice(at, batch.bodyBytes());
        CRC32C crc = new CRC32C();
        crc.update(body.duplicate());
        return (int) crc.getValue() == batch.bodyCrc() ? body : null;
    }

    /** The place behind the last byte at or after an offset that is not zero; the offset itself if all are zero. */
    long endOfContent(long offset) throws IOException {
        long end = offset;
        for (long at = offset; at < size; at += WINDOW) {
            int length = (int) Math.min(WINDOW, size - at);
            int from = load(at, length);
            for (int i = length - 1; i >= 0; i--) {
                if (window.get(from + i) != 0) {
                    end = at + i + 1;
                    break;
                }
            }
        }
        return end;
    }

    /** Where in the window some bytes lie, -1 if the file does not have them. */
    private int load(long offset, int length) throws IOException {
        if (offset + length > size) {
            return -1;
        }
        if (offset < windowFrom || offset + length > windowFrom + window.limit()) {
            int wanted = (int) Math.max(length, Math.min(WINDOW, size - offset));
            if (window.capacity() < wanted || window.capacity() > Math.max(WINDOW, wanted)) {
                window = ByteBuffer.allocate(wanted);
            }
            windowFrom = offset;
            window.clear().limit(wanted);
            int read = Channels.read(channel, window, offset);
            if (read < window.limit()) {
                throw new IOException(file + " has " + size + " bytes, but at offset " + (offset + read)
                        + " nothing can be read; see what the system says about the disk");
            }
        }
        return (int) (offset - windowFrom);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
