// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.spi.Write;
import io.paxos.wire.WireFormatException;
import io.paxos.wire.WriteCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a file of decided decrees chunk by chunk, and at its end makes sure that all of it was there. */
final class DecreeFileReader implements AutoCloseable {

    private static final int LONGEST_CHUNK = Integer.MAX_VALUE - 64;

    /**
     * Some records.
     *
     * @param whole head and records, as in the file
     * @param records how many
     */
    record Chunk(ByteBuffer whole, int records) {}

    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final CRC32C all = new CRC32C();
    private long offset = FileHeader.BYTES;
    private long records;

    private DecreeFileReader(Path file, FileChannel channel, long size) {
        this.file = file;
        this.channel = channel;
        this.size = size;
    }

    /**
     * Opens a file that belongs to a store.
     *
     * @throws IOException if it is missing, damaged, of another store or of another version
     */
    static DecreeFileReader open(StoreDirectory directory, StoreId store, long number) throws IOException {
        Path file = directory.file(DecreeFile.name(number));
        if (!Files.exists(file)) {
            throw damaged(file, 0, "the file is missing");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            ByteBuffer head = ByteBuffer.allocate(FileHeader.BYTES);
            Channels.read(channel, head, 0);
            FileHeader header = FileHeader.read(FileHeader.Kind.DECREES, file, head.flip());
            header.require(store, file);
            if (header.number() != number) {
                throw damaged(file, 0, "it is number " + header.number() + " under the name of number " + number);
            }
            return new DecreeFileReader(file, channel, channel.size());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    long size() {
        return size;
    }

    /** The next chunk, or null behind the last, when all of the file has been found sound. */
    @Nullable
    Chunk next() throws IOException {
        if (offset == size - DecreeFile.FOOTER_BYTES) {
            checkEnd();
            return null;
        }
        ByteBuffer head = read(DecreeFile.CHUNK_HEAD_BYTES);
        int length = head.getInt();
        int count = head.getInt();
        if (length < 0
                || length > LONGEST_CHUNK
                || offset + DecreeFile.CHUNK_HEAD_BYTES + length > size - DecreeFile.FOOTER_BYTES) {
            throw damaged(file, offset, "a chunk is longer than the file, or the file is cut short");
        }
        ByteBuffer whole = read(DecreeFile.CHUNK_HEAD_BYTES + length);
        if (!DecreeFile.isSound(whole)) {
            throw damaged(file, offset, "the checksum of a chunk does not match");
        }
        all.update(whole.slice(0, DecreeFile.CHUNK_HEAD_BYTES));
        records += count;
        offset += whole.remaining();
        return new Chunk(whole, count);
    }

    private void checkEnd() throws IOException {
        ByteBuffer expected = DecreeFile.footer(records, offset, (int) all.getValue());
        if (!read(DecreeFile.FOOTER_BYTES).equals(expected)) {
            throw damaged(file, offset, "the end of the file does not fit what is before it");
        }
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        if (Channels.read(channel, bytes, offset) < length) {
            throw damaged(file, offset, "it is cut short");
        }
        return bytes.flip();
    }

    /** Hands out all that is left. */
    void forEach(BiConsumer<DecreeName, Payload> action) throws IOException {
        for (Chunk chunk = next(); chunk != null; chunk = next()) {
            ByteBuffer rest = chunk.whole().position(DecreeFile.CHUNK_HEAD_BYTES);
            try {
                while (rest.hasRemaining()) {
                    int length = rest.remaining() < Integer.BYTES ? -1 : rest.getInt();
                    if (length < 0 || length > rest.remaining()) {
                        throw new WireFormatException("a record is longer than its chunk");
                    }
                    Write write = WriteCodec.decode(rest.slice(rest.position(), length));
                    if (!(write instanceof Write.DecreeDecidedWrite decision)) {
                        throw new WireFormatException("it holds a record other than of a decided decree");
                    }
                    action.accept(decision.name(), decision.value());
                    rest.position(rest.position() + length);
                }
            } catch (WireFormatException e) {
                throw new IOException(
                        file + " holds before offset " + offset + " what this release cannot read: " + e.getMessage(),
                        e);
            }
        }
    }

    private static JournalDamagedException damaged(Path file, long offset, String what) {
        return new JournalDamagedException(
                file, offset, what, "decisions of decrees, on this node; the others still have them", Remedies.REPLACE);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
