// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.SnapshotInfo;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/** Snapshots of a store as the streams that state machines know. */
final class SnapshotStreams {

    private static final int BUFFER_BYTES = 64 << 10;

    private SnapshotStreams() {}

    /** Writes through a buffer into a snapshot, and tells what it came to. For one thread. */
    static final class Out extends OutputStream {
        private final SnapshotWriter writer;
        private final BooleanSupplier given;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        private final CRC32C checksum = new CRC32C();
        private long bytes;

        /**
         * Into a new snapshot.
         *
         * @param given asked now and then whether to give up, since the node is being closed
         */
        Out(SnapshotWriter writer, BooleanSupplier given) {
            this.writer = writer;
            this.given = given;
        }

        @Override
        public void write(int b) throws IOException {
            if (!buffer.hasRemaining()) {
                drain();
            }
            buffer.put((byte) b);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int at = offset;
            int end = offset + length;
            while (at < end) {
                if (!buffer.hasRemaining()) {
                    drain();
                }
                int part = Math.min(end - at, buffer.remaining());
                buffer.put(from, at, part);
                at += part;
            }
        }

        private void drain() throws IOException {
            if (given.getAsBoolean()) {
                throw new IOException("the node is being closed");
            }
            buffer.flip();
            checksum.update(buffer.duplicate());
            bytes += buffer.remaining();
            writer.write(buffer);
            buffer.clear();
        }

        /** What was written, all of it handed to the snapshot. */
        SnapshotInfo finish(long slot) throws IOException {
            drain();
            return new SnapshotInfo(slot, bytes, checksum.getValue());
        }
    }

    /** Reads a snapshot through a buffer. For one thread. */
    static final class In extends InputStream {
        private final SnapshotReader reader;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
        private long offset;

        In(SnapshotReader reader) {
            this.reader = reader;
        }

        @Override
        public int read() throws IOException {
            return fill() ? buffer.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int part = Math.min(length, buffer.remaining());
            buffer.get(into, from, part);
            return part;
        }

        private boolean fill() throws IOException {
            if (buffer.hasRemaining()) {
                return true;
            }
            buffer.clear();
            int count = reader.read(offset, buffer);
            buffer.flip();
            offset += Math.max(0, count);
            return count > 0;
        }
    }
}
