// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A state that does not fit into the heap: many records of 16 bytes in a mapped file. A command of 8 bytes fills all of
 * them from a seed, one of 24 bytes replaces one record.
 *
 * <p>To capture it copies nothing: while the snapshot is being written, the former value of each record that a command
 * replaces ahead of the writing is kept aside, until the writing has come past it. So the cost of a snapshot in memory
 * depends on the commands that come meanwhile and not on the size of the state.
 */
final class RecordsMachine implements StateMachine<Payload, Payload> {

    private static final int RECORD = 16;
    private static final int CHUNK = 64 << 10;

    /** A record as two numbers. */
    private record Former(long high, long low) {}

    private final MappedByteBuffer records;
    private final int size;
    private final Map<Integer, Former> aside = new HashMap<>();
    private @Nullable Writing writing;

    /** All zero, in a new file. */
    RecordsMachine(Path file, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            this.records = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
        }
        this.size = bytes;
    }

    static Payload fill(long seed) {
        return Payload.wrap(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
    }

    /** Replaces the record that the number leads to. */
    static Payload replace(long number, long high, long low) {
        return Payload.wrap(ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(number)
                .putLong(high)
                .putLong(low)
                .array());
    }

    @Override
    public synchronized Payload apply(ApplyContext context, Payload command) {
        ByteBuffer bytes = command.asByteBuffer();
        if (bytes.remaining() == Long.BYTES) {
            SplittableRandom random = new SplittableRandom(bytes.getLong());
            for (int at = 0; at < size; at += RECORD) {
                put(at, random.nextLong(), random.nextLong());
            }
        } else {
            int at = Math.floorMod(bytes.getLong(), size / RECORD) * RECORD;
            put(at, bytes.getLong(), bytes.getLong());
        }
        return Payload.EMPTY;
    }

    private void put(int at, long high, long low) {
        Writing ahead = writing;
        if (ahead != null && at >= ahead.position) {
            aside.putIfAbsent(at, new Former(records.getLong(at), records.getLong(at + Long.BYTES)));
        }
        records.putLong(at, high);
        records.putLong(at + Long.BYTES, low);
    }

    @Override
    public synchronized Capture capture() {
        Writing begun = new Writing();
        aside.clear();
        writing = begun;
        return begun;
    }

    private final class Writing implements Capture {
        private int position;

        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] chunk = new byte[CHUNK];
            try {
                while (position < size) {
                    out.write(chunk, 0, next(chunk));
                }
            } finally {
                end();
            }
        }

        private int next(byte[] chunk) {
            synchronized (RecordsMachine.this) {
                int length = Math.min(CHUNK, size - position);
                records.get(position, chunk, 0, length);
                ByteBuffer former = ByteBuffer.wrap(chunk);
                for (int at = 0; !aside.isEmpty() && at < length; at += RECORD) {
                    Former kept = aside.remove(position + at);
                    if (kept != null) {
                        former.putLong(at, kept.high).putLong(at + Long.BYTES, kept.low);
                    }
                }
                position += length;
                return length;
            }
        }

        private void end() {
            synchronized (RecordsMachine.this) {
                if (writing == this) {
                    writing = null;
                    aside.clear();
                }
            }
        }
    }

    @Override
    public synchronized void restore(InputStream snapshot) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int at = 0; at < size; ) {
            int length = snapshot.readNBytes(chunk, 0, Math.min(CHUNK, size - at));
            if (length == 0) {
                throw new IOException("the snapshot ends after " + at + " of " + size + " bytes");
            }
            records.put(at, chunk, 0, length);
            at += length;
        }
    }

    /** A checksum over all records. */
    synchronized long checksum() {
        CRC32C checksum = new CRC32C();
        checksum.update(records.duplicate().clear());
        return checksum.getValue();
    }
}
