// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A segment before its time: it is filled with zeros and forced a little at a time, so that the write that needs it does
 * not wait for all of that. Its name is that of something unfinished.
 */
final class NextSegment implements AutoCloseable {

    /** The disk is given its work as it comes, so that no force takes long. */
    private static final long FORCED_AT_A_TIME = 4 << 20;

    private final Path unfinished;
    private final FileChannel channel;
    private final long size;
    private long zeroed;
    private long forced;

    /**
     * Begins an empty file.
     *
     * @param number of the segment
     * @param size how large it is to be made ahead of its time
     */
    NextSegment(StoreDirectory directory, long number, long size) throws IOException {
        this.unfinished = directory.file(SegmentFile.name(number) + StoreDirectory.UNFINISHED);
        this.channel = StoreDirectory.openNew(unfinished);
        this.size = size;
    }

    /** Writes some more zeros, if it is not full of them. */
    void advance(long bytes) throws IOException {
        zeroUpTo(Math.min(size, zeroed + bytes));
        if (zeroed - forced >= FORCED_AT_A_TIME) {
            channel.force(true);
            forced = zeroed;
        }
    }

    private void zeroUpTo(long end) throws IOException {
        if (end > zeroed) {
            Channels.zero(channel, zeroed, end);
            zeroed = end;
        }
    }

    /** Writes what zeros are missing, and the header; what comes of it is still unfinished. */
    SegmentFile finish(FileHeader header) throws IOException {
        if ((header.flags() & FileHeader.PREALLOCATED) != 0) {
            zeroUpTo(header.size());
        }
        ByteBuffer first = ByteBuffer.allocate(header.parameter());
        header.writeTo(first);
        Channels.write(channel, first.clear(), 0);
        return new SegmentFile(unfinished, channel, header, header.parameter());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
