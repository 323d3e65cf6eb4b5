// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The segment of a journal that is being written. */
final class SegmentFile implements AutoCloseable {

    private static final String PREFIX = "journal-";
    private static final String SUFFIX = ".seg";

    private final Path file;
    private final FileChannel channel;
    private final FileHeader header;
    private long end;

    /** Begins to write behind what a file holds. */
    SegmentFile(Path file, FileChannel channel, FileHeader header, long end) {
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.end = end;
    }

    static String name(long number) {
        return String.format("%s%016x%s", PREFIX, number, SUFFIX);
    }

    static boolean isName(String name) {
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    /** Opens one that exists, to go on behind what it holds. */
    static SegmentFile open(StoreDirectory directory, FileHeader header, long end) throws IOException {
        Path file = directory.file(name(header.number()));
        return new SegmentFile(
                file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE), header, end);
    }

    /** Forces what has been written, then gives the file its name, durably. */
    void publish(StoreDirectory directory) throws IOException {
        channel.force(true);
        directory.publish(file, name(header.number()));
    }

    FileHeader header() {
        return header;
    }

    long number() {
        return header.number();
    }

    int blockBytes() {
        return header.parameter();
    }

    /** Where the next batch goes. */
    long end() {
        return end;
    }

    /** Whether so many bytes fit, with room for a marker behind them. */
    boolean hasRoom(long bytes) {
        return end + bytes + blockBytes() <= header.size();
    }

    /** Writes at the end and moves it. */
    void append(ByteBuffer blocks) throws IOException {
        int length = blocks.remaining();
        Channels.write(channel, blocks, end);
        end += length;
    }

    /** Writes a marker at the end; the end moves only if it is to stay. */
    void mark(BatchHeader marker, boolean stays) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(blockBytes());
        marker.writeTo(block, 0, header.store(), number(), end);
        Channels.write(channel, block, end);
        if (stays) {
            end += blockBytes();
        }
    }

    /**
     * Writes the marker in the last block once more, as it can be read. If the force behind it failed, it is in the memory
     * of the system only, and forcing it would not change that: what is written behind it could not be found one day. A
     * segment that grows as it is written may end within the block; nothing but zeros is missing then.
     */
    void repeatLastMarker() throws IOException {
        ByteBuffer block = ByteBuffer.allocate(blockBytes());
        int read = Channels.read(channel, block, end - blockBytes());
        if (read < BatchHeader.BYTES) {
            throw new IOException(file + " ends within the marker before offset " + end);
        }
        Channels.write(channel, block.clear(), end - blockBytes());
    }

    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
