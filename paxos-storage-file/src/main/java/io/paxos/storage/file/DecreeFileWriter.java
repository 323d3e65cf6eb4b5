// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Writes a file of decided decrees. It has its name, and counts for anything, only when it is finished. */
final class DecreeFileWriter implements AutoCloseable {

    /** The disk is given its work as it comes, so that no force takes long. */
    private static final long FORCED_AT_A_TIME = 4 << 20;

    private final StoreDirectory directory;
    private final long number;
    private final Path unfinished;
    private final FileChannel channel;
    private final CRC32C all = new CRC32C();
    private ByteBuffer chunk = newChunk(DecreeFile.CHUNK_BYTES);
    private int chunkRecords;
    private long records;
    private long end;
    private long forced;

    DecreeFileWriter(StoreDirectory directory, StoreId store, long number) throws IOException {
        this.directory = directory;
        this.number = number;
        this.unfinished = directory.file(DecreeFile.name(number) + StoreDirectory.UNFINISHED);
        this.channel = StoreDirectory.openNew(unfinished);
        ByteBuffer header = ByteBuffer.allocate(FileHeader.BYTES);
        new FileHeader(FileHeader.Kind.DECREES, 0, store, number, 0, 0, 0).writeTo(header);
        append(header.flip());
    }

    private static ByteBuffer newChunk(int bytes) {
        return ByteBuffer.allocate(DecreeFile.CHUNK_HEAD_BYTES + bytes).position(DecreeFile.CHUNK_HEAD_BYTES);
    }

    long number() {
        return number;
    }

    /** How many decrees it holds. */
    long records() {
        return records + chunkRecords;
    }

    /** Adds one record: type, version and content. */
    void add(ByteBuffer record) throws IOException {
        int size = Integer.BYTES + record.remaining();
        if (chunk.remaining() < size) {
            endChunk();
            if (chunk.remaining() < size) {
                chunk = newChunk(size);
            }
        }
        chunk.putInt(record.remaining()).put(record);
        chunkRecords++;
    }

    private void endChunk() throws IOException {
        if (chunkRecords > 0) {
            ByteBuffer whole = chunk.flip();
            DecreeFile.sealChunk(whole, chunkRecords);
            addChunk(whole, chunkRecords);
        }
        chunk = newChunk(DecreeFile.CHUNK_BYTES);
        chunkRecords = 0;
    }

    /** Adds a chunk of another file as it is. */
    void addChunk(ByteBuffer whole, int count) throws IOException {
        all.update(whole.slice(whole.position(), DecreeFile.CHUNK_HEAD_BYTES));
        append(whole);
        records += count;
        if (end - forced >= FORCED_AT_A_TIME) {
            channel.force(true);
            forced = end;
        }
    }

    private void append(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        Channels.write(channel, bytes, end);
        end += length;
    }

    /** Makes the file durable under its name. */
    void finish() throws IOException {
        endChunk();
        append(DecreeFile.footer(records, end, (int) all.getValue()));
        channel.force(true);
        channel.close();
        directory.publish(unfinished, DecreeFile.name(number));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
