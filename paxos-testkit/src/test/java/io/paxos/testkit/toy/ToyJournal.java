// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.toy;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One file of one size, with zeros behind the last batch. A batch is a number of frames, the last of which is marked. Each
 * frame says how far the journal was durable when it was written: damage below that is damage, and what is above may be
 * the torn end of a batch that nobody was told of.
 */
final class ToyJournal implements AutoCloseable {

    static final String NAME = "journal";

    private static final int SIZE = 1 << 19;
    private static final byte[] ZEROS = new byte[SIZE];
    private static final int MAGIC = 0x546f795f;
    private static final int HEADER = 32;
    private static final int ALIGNMENT = 64;

    private final ToyFiles files;
    private final FileChannel channel;
    private long end;
    private long durable;

    private ToyJournal(ToyFiles files, FileChannel channel) {
        this.files = files;
        this.channel = channel;
    }

    static boolean exists(ToyFiles files) {
        return Files.exists(files.path(NAME));
    }

    static boolean isEmpty(ToyFiles files) throws IOException {
        for (byte b : Files.readAllBytes(files.path(NAME))) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    static void create(ToyFiles files) throws IOException {
        files.create(NAME, ByteBuffer.allocate(0), SIZE);
    }

    static ToyJournal open(ToyFiles files) throws IOException {
        return new ToyJournal(files, FileChannel.open(files.path(NAME), READ, WRITE));
    }

    /** Reads all batches, and makes sure that what was read is durable and that nothing lies behind it. */
    List<List<byte[]>> replay() throws IOException {
        byte[] bytes = files.readFully(channel);
        if (bytes.length != SIZE) {
            throw files.damaged(NAME, bytes.length, "the file should have " + SIZE + " bytes");
        }
        List<List<byte[]>> batches = new ArrayList<>();
        List<byte[]> batch = new ArrayList<>();
        int at = 0;
        int last = 0;
        while (at < SIZE) {
            int length = frame(bytes, at);
            if (length < 0) {
                requireTorn(bytes, at, length);
                break;
            }
            batch.add(Arrays.copyOfRange(bytes, at + HEADER, at + HEADER + length));
            boolean ends = ByteBuffer.wrap(bytes).getInt(at + 8) == 1;
            at += aligned(length);
            if (ends || files.has(ToyFault.BATCH_NOT_ATOMIC)) {
                batches.add(batch);
                batch = new ArrayList<>();
                last = (int) end;
                end = at;
            }
        }
        if (!files.has(ToyFault.BELIEVES_THE_CACHE)) {
            // After a failed force the system may show what the disk does not hold; written again, it is forced again.
            files.writeFully(channel, ByteBuffer.wrap(bytes, last, (int) end - last), last);
        }
        int dirty = (int) end;
        for (int next; (next = Arrays.mismatch(bytes, dirty, SIZE, ZEROS, dirty, SIZE)) >= 0; ) {
            dirty += next + 1;
        }
        if (dirty > end && !files.has(ToyFault.STALE_BYTES_REPLAYED)) {
            files.writeFully(channel, ByteBuffer.allocate(dirty - (int) end), end);
        }
        channel.force(false);
        durable = end;
        return batches;
    }

    private static int aligned(int length) {
        return (HEADER + length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** The length of the frame that begins here, -1 if there is none, -2 if there should be one. */
    private int frame(byte[] bytes, int at) {
        ByteBuffer header = ByteBuffer.wrap(bytes, at, HEADER).slice();
        int length = header.getInt(4);
        if (header.getInt(0) != MAGIC) {
            return -1;
        }
        if (files.has(ToyFault.NO_CHECKSUM) && length >= 0 && length <= SIZE - at - HEADER) {
            return length;
        }
        if (header.getInt(24) != headerChecksum(bytes, at)) {
            return -1;
        }
        if (length > SIZE - at - HEADER) {
            return -2;
        }
        return header.getInt(20) == checksum(bytes, at + HEADER, length) ? length : -1;
    }

    private int headerChecksum(byte[] bytes, int at) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, at, 4);
        int from = files.has(ToyFault.LENGTH_NOT_CHECKED) ? 8 : 4;
        checksum.update(bytes, at + from, 24 - from);
        return (int) checksum.getValue();
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, length);
        return (int) checksum.getValue();
    }

    private void requireTorn(byte[] bytes, int at, int frame) throws IOException {
        if (files.has(ToyFault.CUTS_DAMAGE) || (frame == -2 && files.has(ToyFault.LENGTH_NOT_CHECKED))) {
            return;
        }
        for (int later = at + ALIGNMENT; later < SIZE; later += ALIGNMENT) {
            if (bytes[later] != 0
                    && frame(bytes, later) >= 0
                    && ByteBuffer.wrap(bytes).getLong(later + 12) > at) {
                throw files.damaged(
                        NAME, at, "a frame is damaged that was durable when offset " + later + " was written");
            }
        }
    }

    void append(List<byte[]> batch) throws IOException {
        int size = batch.stream().mapToInt(payload -> aligned(payload.length)).sum();
        if (size > SIZE - end) {
            throw new IOException(files.path(NAME) + ", offset " + end + ": the journal is full; give the node another"
                    + " directory");
        }
        ByteBuffer frames = ByteBuffer.allocate(size);
        for (int i = 0; i < batch.size(); i++) {
            byte[] payload = batch.get(i);
            int at = frames.position();
            frames.putInt(MAGIC)
                    .putInt(payload.length)
                    .putInt(i == batch.size() - 1 ? 1 : 0)
                    .putLong(durable)
                    .putInt(checksum(payload, 0, payload.length));
            frames.putInt(headerChecksum(frames.array(), at)).putInt(0).put(payload);
            frames.position(at + aligned(payload.length));
        }
        if (files.has(ToyFault.FORCE_BEFORE_WRITE)) {
            channel.force(false);
        }
        files.writeFully(channel, frames.flip(), end);
        if (!files.has(ToyFault.NO_FORCE) && !files.has(ToyFault.FORCE_BEFORE_WRITE)) {
            force();
        }
        end += size;
        durable = end;
    }

    private void force() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            if (!files.has(ToyFault.RETRIES_FORCE)) {
                throw e;
            }
            channel.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
