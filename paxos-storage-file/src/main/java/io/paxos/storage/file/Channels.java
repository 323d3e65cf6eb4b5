// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads and writes of whole buffers: a channel may do less than it is asked at a time. */
final class Channels {

    /** The JDK copies each heap buffer into a direct one of that size and keeps it: so not too much at once. */
    private static final int SLICE = 1 << 20;

    private Channels() {}

    /** Writes all that remains in a buffer at a place of the file. */
    static void write(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
        int end = bytes.limit();
        long at = offset;
        while (bytes.position() < end) {
            bytes.limit(Math.min(end, bytes.position() + SLICE));
            int written = channel.write(bytes, at);
            if (written <= 0) {
                throw new IOException("the disk takes no more: " + (end - bytes.position())
                        + " bytes could not be written at offset " + at);
            }
            at += written;
            bytes.limit(end);
        }
    }

    /**
     * Closes all, also behind one that fails.
     *
     * @throws IOException the first failure, with the others suppressed in it
     */
    static void closeAll(Iterable<? extends Closeable> all) throws IOException {
        IOException failed = null;
        for (Closeable each : all) {
            try {
                each.close();
            } catch (IOException e) {
                if (failed == null) {
                    failed = e;
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /**
     * Reads until a buffer is full or the file ends.
     *
     * @return how many bytes were read
     */
    static int read(FileChannel channel, ByteBuffer into, long offset) throws IOException {
        int from = into.position();
        int end = into.limit();
        while (into.position() < end) {
            into.limit(Math.min(end, into.position() + SLICE));
            int read = channel.read(into, offset + (into.position() - from));
            into.limit(end);
            if (read < 0) {
                break;
            }
        }
        return into.position() - from;
    }

    /** Writes zeros from one offset up to another. */
    static void zero(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(SLICE, Math.max(0, to - from)));
        for (long at = from; at < to; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
            int length = zeros.limit();
            write(channel, zeros, at);
            at += length;
        }
    }
}
