// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.SnapshotInfo;
import io.paxos.spi.SnapshotReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** Reads a snapshot chunk by chunk; no byte is handed out before the checksum of its chunk was found right. */
final class SnapshotFileReader implements SnapshotReader {

    private static final int NONE = -1;

    private final SnapshotFile file;
    private final FileChannel channel;
    private final ByteBuffer chunk;
    private long chunkNumber = NONE;

    private SnapshotFileReader(SnapshotFile file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
        this.chunk = ByteBuffer.allocate(
                (int) Math.min(SnapshotFormat.CHUNK_BYTES, file.info().bytes()) + Integer.BYTES);
    }

    /** The file stays readable when it is deleted afterwards, for as long as the reader is open. */
    static SnapshotFileReader open(SnapshotFile file) throws IOException {
        try {
            return new SnapshotFileReader(file, FileChannel.open(file.path(), StandardOpenOption.READ));
        } catch (IOException e) {
            throw new IOException(
                    file.path() + " cannot be opened: " + e
                            + "; if it is gone, restart the node, which will say what to do",
                    e);
        }
    }

    /**
     * Opens a file that a crash may have left in any state and reads it from beginning to end.
     *
     * @throws IOException if it is not all there, as it was written
     */
    static SnapshotFile verify(StoreId store, Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            SnapshotFormat.Head head = SnapshotFormat.readHeader(store, path, channel);
            SnapshotFile file = new SnapshotFile(path, head, SnapshotFormat.readFooter(path, channel, head));
            SnapshotFileReader reader = new SnapshotFileReader(file, channel);
            CRC32C crc = new CRC32C();
            for (long at = 0; at < file.info().bytes(); at += SnapshotFormat.CHUNK_BYTES) {
                reader.load(at / SnapshotFormat.CHUNK_BYTES);
                crc.update(reader.chunk.duplicate());
            }
            if (crc.getValue() != file.info().checksum()) {
                throw SnapshotFormat.damaged(path, head.dataFrom(), "the checksum of the whole does not match");
            }
            return file;
        }
    }

    @Override
    public SnapshotInfo info() {
        return file.info();
    }

    @Override
    public int read(long offset, ByteBuffer into) throws IOException {
        long bytes = file.info().bytes();
        if (offset < 0 || offset > bytes) {
            throw new IllegalArgumentException("offset " + offset + " is not within the " + bytes + " bytes");
        }
        if (offset == bytes) {
            return -1;
        }
        int from = into.position();
        long at = offset;
        while (into.hasRemaining() && at < bytes) {
            load(at / SnapshotFormat.CHUNK_BYTES);
            int begin = (int) (at % SnapshotFormat.CHUNK_BYTES);
            int length = Math.min(into.remaining(), chunk.limit() - begin);
            into.put(chunk.slice(begin, length));
            at += length;
        }
        return into.position() - from;
    }

    /** Makes a chunk the current one: its bytes are those of {@link #chunk} from 0 to the limit. */
    private void load(long number) throws IOException {
        if (number == chunkNumber) {
            return;
        }
        chunkNumber = NONE;
        long left = file.info().bytes() - number * SnapshotFormat.CHUNK_BYTES;
        int length = (int) Math.min(SnapshotFormat.CHUNK_BYTES, left);
        long at = file.head().dataFrom() + number * SnapshotFormat.CHUNK_ON_DISK;
        chunk.clear().limit(length + Integer.BYTES);
        int read = Channels.read(channel, chunk, at);
        if (read < length + Integer.BYTES
                || chunk.getInt(length) != SnapshotFormat.crc(number, chunk.slice(0, length))) {
            throw SnapshotFormat.damaged(
                    file.path(), at, "the checksum of chunk " + number + " does not match, or it is cut short");
        }
        chunk.position(0).limit(length);
        chunkNumber = number;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
