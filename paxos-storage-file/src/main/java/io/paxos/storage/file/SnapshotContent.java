// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.SnapshotInfo;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Snapshots as streams. */
final class SnapshotContent {

    private static final int BUFFER_BYTES = 1 << 16;

    private SnapshotContent() {}

    /** The bytes of a snapshot, from first to last. For one thread. */
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

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    /** Writes a new snapshot. For one thread. */
    static final class Out extends OutputStream {

        private final SnapshotWriter writer;
        private final CRC32C checksum = new CRC32C();
        private long bytes;

        Out(SnapshotWriter writer) {
            this.writer = writer;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            checksum.update(from, offset, length);
            bytes += length;
            writer.write(ByteBuffer.wrap(from, offset, length));
        }

        /** Puts in force what was written. */
        void commit(long slot) throws IOException {
            writer.commit(new SnapshotInfo(slot, bytes, checksum.getValue()));
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }
}
